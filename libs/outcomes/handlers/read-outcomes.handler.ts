import type { Category, Look, Purpose, Seen } from '#libs/disclosure/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { OutcomeState } from '../contract/outcome.js';
import type { Outcome } from '../domain/outcome.js';
import type { EvidenceEntry, HistoryEntry } from './ports.js';
import type { OutcomeServices } from './services.js';

/** An outcome with its history and what of it the caller may see. */
export interface OutcomeView {
  readonly outcome: Outcome;
  readonly history: readonly HistoryEntry[];
  readonly evidence: readonly EvidenceEntry[];
  readonly seen: Seen;
}

const CATEGORIES: readonly Category[] = ['C0', 'C4', 'C5'];

/** Contract managers and finance look at what is paid for; everybody else works with the person. */
const purposeOf = ({ roles }: PartnerPrincipal): Purpose =>
  roles.includes('CONTRACT_MANAGER') || (roles.includes('PROVIDER_FINANCE') && !roles.includes('PROVIDER_ADVISER'))
    ? 'PAYMENT_VERIFICATION'
    : 'REFERRAL_DELIVERY';

export async function readOutcome(
  tx: Tx,
  principal: PartnerPrincipal,
  services: OutcomeServices,
  id: string,
  now: Date,
): Promise<OutcomeView | undefined> {
  const outcome = await services.outcomes.find(tx, id);
  return outcome === undefined
    ? undefined
    : (await viewsOf(tx, principal, services, 'outcome', [outcome], now)).get(id);
}

/** A page of outcomes, newest first, and the views of those the caller may see. */
export async function listOutcomes(
  tx: Tx,
  principal: PartnerPrincipal,
  services: OutcomeServices,
  filter: {
    readonly referralId: string | null;
    readonly states: readonly OutcomeState[] | null;
    readonly after: string | null;
    readonly limit: number;
    /** How many of them are shown; one more is read to know whether there are more. */
    readonly first: number;
  },
  now: Date,
): Promise<{ readonly rows: readonly Outcome[]; readonly views: ReadonlyMap<string, OutcomeView> }> {
  const rows = await services.outcomes.list(tx, filter);
  return { rows, views: await viewsOf(tx, principal, services, 'outcomes', rows.slice(0, filter.first), now) };
}

/** Decides and logs one look a person for a page of outcomes; what may not be seen is missing in the answer. */
export async function viewsOf(
  tx: Tx,
  principal: PartnerPrincipal,
  services: OutcomeServices,
  operation: string,
  outcomes: readonly Outcome[],
  now: Date,
): Promise<Map<string, OutcomeView>> {
  const look: Look = { purpose: purposeOf(principal), operation, categories: CATEGORIES };
  const persons = outcomes.map((outcome) => outcome.personId);
  const looks = await services.disclosure.lookAll(tx, principal, persons, look, now);
  const ids = outcomes.map(({ id }) => id);
  const histories = await services.outcomes.histories(tx, ids);
  const evidence = await services.outcomes.evidence(tx, ids);
  return new Map(
    outcomes.flatMap((outcome): [string, OutcomeView][] => {
      const seen = looks.get(outcome.personId);
      if (seen === undefined) return [];
      const history = histories.get(outcome.id) ?? [];
      return [[outcome.id, { outcome, history, evidence: evidence.get(outcome.id) ?? [], seen }]];
    }),
  );
}
