import { asCurrency, formatMinor } from '#libs/kernel/index.js';
import type { GraphqlClient } from '#libs/testing/client.js';
import { all } from './api.js';
import type { Partners } from './partners.js';
import type { Progress } from './progress.js';
import { CORRECTION, type Mistake, type Story } from './stories.js';
import { CLOSED_ACCOUNT, NEW_ACCOUNT, workerSubject } from './world.js';

/** What somebody got wrong, and where it ended: both in words. */
export interface Ending {
  readonly mistake: string;
  readonly ending: string;
}

const MISTAKES: Readonly<Record<Mistake, string>> = {
  'nobody-answered': 'A referral nobody answered',
  'wrong-person': 'A referral accepted and then found to be for the wrong person',
  'reported-twice': 'A job reported by two providers',
  'ends-a-week-early': 'A job that ends a week before its milestone',
  'corrected-after-payment': 'A spell corrected by the register after it was paid',
  'reported-too-late': 'A report outside its claim window',
  'assessment-corrected': 'An index decided wrongly and corrected for later periods',
  moved: 'A person who moves to another municipality',
  'look-up-without-relation': 'A look-up without a relation',
};

/** Follows each mistake of the programme to its end, by what the API tells those whom it concerns. */
export async function endingsOf(
  partners: Partners,
  progress: Progress,
  stories: readonly Story[],
): Promise<readonly Ending[]> {
  const endings: Ending[] = [];
  for (const story of stories) {
    const { mistake } = story;
    if (mistake === null || progress.find(`referral/${story.key}`) === undefined) continue;
    endings.push({ mistake: MISTAKES[mistake], ending: await endingOf(partners, progress, story) });
  }
  return [...endings, ...(await moneyEndings(partners))];
}

interface Claim {
  readonly id: string;
  readonly feeId: string;
  readonly kind: string;
  readonly state: string;
  readonly askedMinor: string;
  readonly currency: string;
  readonly referralId: string;
}

async function endingOf(partners: Partners, progress: Progress, story: Story): Promise<string> {
  const id = progress.get(`referral/${story.key}`);
  const counsellor = partners.counsellor();
  const { referral } = await counsellor.ask<{ referral: { state: string; timeline: { type: string }[] } | null }>(
    `query ($id: ID!) { referral(id: $id) { state timeline { type } } }`,
    { id },
  );
  const manager = partners.manager(1);
  const claims = await all<Claim>(manager, 'claims', 'id feeId kind state askedMinor currency referralId');
  const own = claims.filter((claim) => claim.referralId === id);
  const second = progress.find(`second-referral/${story.key}`);
  const refused = story.mistake === 'look-up-without-relation' ? await refusedLooks(partners, progress, story) : 0;
  return [
    `referral ${referral?.state ?? 'unknown'}`,
    ...(story.mistake === 'nobody-answered'
      ? [referral?.timeline.map(({ type }) => type.split('.')[2]).join(', ') ?? '']
      : []),
    ...(story.mistake === 'assessment-corrected' ? [await correctionInWords(partners, id, own)] : []),
    claimsInWords('claims', own),
    ...(second === undefined
      ? []
      : [
          claimsInWords(
            'of the second provider',
            claims.filter((claim) => claim.referralId === second),
          ),
        ]),
    ...(await recoveries(manager, own)),
    ...(story.mistake === 'moved' ? [await whoSees(partners, story)] : []),
    ...(refused === 0 ? [] : [`looks refused and logged: ${refused}`]),
  ].join('; ');
}

const claimsInWords = (label: string, claims: readonly Claim[]): string =>
  claims.length === 0 ? `${label}: none` : `${label}: ${claims.map(claimInWords).sort().join(', ')}`;

/** What was paid and had to come back. */
async function recoveries(manager: GraphqlClient, claims: readonly Claim[]): Promise<readonly string[]> {
  const ids = new Set(claims.map(({ id }) => id));
  const listed = await all<{ claimId: string; state: string; amountMinor: string; currency: string }>(
    manager,
    'recoveries',
    'claimId state amountMinor currency',
  );
  return listed
    .filter(({ claimId }) => ids.has(claimId))
    .map(
      ({ state, amountMinor, currency }) =>
        `recovery of ${formatMinor(BigInt(amountMinor), asCurrency(currency))} ${state}`,
    );
}

interface Reassessed {
  readonly price: { readonly index: string | null } | null;
  readonly timeline: readonly { readonly type: string; readonly effectiveOn: string }[];
}

/**
 * What was decided, what it was corrected to, from when, and what that changed. The two halves of the result are equal unless the tariff
 * follows re-assessments, so their difference is what the correction has changed.
 */
async function correctionInWords(partners: Partners, id: string, claims: readonly Claim[]): Promise<string> {
  const { referral } = await partners.counsellor().ask<{
    referral: Reassessed;
  }>(`query ($id: ID!) { referral(id: $id) { price { index } timeline { type effectiveOn } } }`, { id });
  const { decided, corrected, from } = CORRECTION;
  const correctedOn = referral.timeline.find(({ type }) => type === 'liaison.referral.reassessed.v1')?.effectiveOn;
  if (correctedOn === undefined) return `index ${decided} decided, not corrected yet`;
  const half = (feeId: string): string | undefined => {
    const claim = claims.find((each) => each.feeId === feeId && each.kind === 'FEE');
    return claim === undefined ? undefined : formatMinor(BigInt(claim.askedMinor), asCurrency(claim.currency));
  };
  const [first, second] = [half('tranche-1'), half('tranche-2')];
  const changed =
    second === undefined
      ? 'the second half is not due yet'
      : second === first
        ? `the second half ${second}, nothing changed: the tariff prices by what was locked`
        : `the second half ${second} instead of ${first ?? 'nothing'}`;
  return (
    `index ${decided} decided, corrected on ${correctedOn} to ${corrected} from ${from}; ` +
    `locked as it was (${referral.price?.index ?? 'none'}), the first half ${first ?? 'not due'}, ${changed}`
  );
}

/** The municipality that the person has left asks for the case again. */
async function whoSees(partners: Partners, story: Story): Promise<string> {
  const { sharedCase } = await partners
    .as(workerSubject(story.municipality))
    .ask<{ sharedCase: object | null }>(
      `query ($nationalId: String!) { sharedCase(purpose: INTEGRATED_CASE, by: { nationalId: $nationalId }) { receiptId } }`,
      { nationalId: story.nationalId },
    );
  return `${story.municipality} ${sharedCase === null ? 'sees the case no longer' : 'sees the case'}`;
}

const claimInWords = ({ feeId, kind, state, askedMinor, currency }: Claim): string =>
  `${feeId}${kind === 'FEE' ? '' : ` ${kind.toLowerCase()}`} ${formatMinor(BigInt(askedMinor), asCurrency(currency))} ${state}`;

async function refusedLooks(partners: Partners, progress: Progress, story: Story): Promise<number> {
  const counsellor = partners.counsellor();
  const looks = await all<{ outcome: string }>(
    counsellor,
    'accessLog',
    'outcome',
    `personId: "${progress.get(`person/${story.key}`)}"`,
  );
  return looks.filter(({ outcome }) => outcome === 'REFUSED').length;
}

interface Payable {
  readonly state: string;
  readonly attempts: number;
  readonly provider: { readonly name: string };
}

async function moneyEndings(partners: Partners): Promise<readonly Ending[]> {
  const manager = partners.manager(1);
  const accounts = await all<{ state: string; iban: string; provider: { name: string } }>(
    manager,
    'payeeAccounts',
    'state iban provider { name }',
  );
  const endings: Ending[] = [];
  const ofProvider = accounts.filter(({ provider }) => provider.name === NEW_ACCOUNT.provider);
  const changed = ofProvider.filter(({ iban }) => iban === NEW_ACCOUNT.iban);
  if (changed.length > 0) {
    const before = ofProvider.filter(({ iban }) => iban !== NEW_ACCOUNT.iban).map(({ state }) => state);
    const times = changed.length === 1 ? '' : ` (named ${changed.length} times: the bank had called it closed)`;
    const state = changed.some((each) => each.state === 'CONFIRMED') ? 'CONFIRMED' : (changed[0]?.state ?? '');
    endings.push({
      mistake: "A provider's new bank account",
      ending: `${state}${times}; the one before it ${before.join(', ')}`,
    });
  }
  const payables = await all<Payable>(manager, 'payables', 'state attempts provider { name }');
  const again = payables.filter(({ attempts, provider }) => attempts > 1 && provider.name === CLOSED_ACCOUNT.provider);
  if (again.length > 0) {
    const states = [...new Set(again.map(({ state }) => state))].sort().join(', ');
    endings.push({
      mistake: `Payments to ${CLOSED_ACCOUNT.provider} that came back`,
      ending: `${again.length} paid again, now ${states}`,
    });
  }
  const items = await all<Item>(manager, 'unmatchedItems', 'kind since amountMinor currency', 'open: true');
  endings.push({
    mistake: 'A bank line nobody can place',
    ending: items.map(itemInWords).join('; ') || 'not yet',
  });
  return endings;
}

interface Item {
  readonly kind: string;
  readonly since: string;
  readonly amountMinor: string;
  readonly currency: string;
}

const itemInWords = ({ kind, since, amountMinor, currency }: Item): string =>
  `${kind}: ${formatMinor(BigInt(amountMinor), asCurrency(currency))} ${currency}, open since ${since}`;
