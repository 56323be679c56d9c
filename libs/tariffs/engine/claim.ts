import type { EpochDay } from '#libs/kernel/index.js';
import { dayInWords, epochDay } from '../calendar.js';
import type { ClaimCode, CompiledFee } from '../compile/fee.js';
import { Missing } from '../language/value.js';
import type { Frame } from './frame.js';
import type { ClaimOf } from './person.js';
import { refusalOf, type ClaimWindowDays, type Refusal } from './refusal.js';
import type { Reached } from './trigger.js';

/**
 * Whether what the tariff asks for was claimed (or reported) in time; the window is part of the answer. `spent`: claims that stand for
 * earlier payments of the fee.
 */
export function claimAnswer(
  fee: CompiledFee,
  frame: Frame,
  reached: Reached,
  spent: ClaimOf[],
): { readonly claimWindow?: ClaimWindowDays } | Refusal {
  const { claim } = fee;
  if (claim === undefined) return {};
  const [from, until] = [claim.from?.run(frame), claim.until?.run(frame)];
  for (const value of [from, until]) if (value instanceof Missing) return refusalOf(value, reached.words);
  const claimWindow: ClaimWindowDays = {
    ...(typeof from === 'number' ? { from } : {}),
    ...(typeof until === 'number' ? { until } : {}),
  };
  if (claim.by === 'automatic') return { claimWindow };
  return claim.by === 'report'
    ? reported(claimWindow, reached)
    : claimed(fee, claim, claimWindow, frame, reached, spent);
}

/** The job must have been reported by the last day. */
function reported(window: ClaimWindowDays, reached: Reached): { readonly claimWindow: ClaimWindowDays } | Refusal {
  if (window.until === undefined) return { claimWindow: window };
  const { unsure, spells = [] } = reached.job ?? {};
  const begun = spells.filter(({ start }, index) => index === 0 || start <= reached.on);
  const days = begun.map((spell) => reportDay(spell.fact)).filter((day) => day !== undefined);
  if (days.length === 0)
    return refusalOf(unsure ?? new Missing('unknown', 'nobody said when the job was reported'), reached.words);
  const first = Math.min(...days);
  if (first > window.until) {
    return {
      kind: 'never',
      why: `${reached.words}, but reported on ${dayInWords(first)}, after ${dayInWords(window.until)}`,
    };
  }
  return { claimWindow: window };
}

const reportDay = (fact: { readonly reportedOn?: string | undefined }): EpochDay | undefined =>
  fact.reportedOn === undefined ? undefined : epochDay(fact.reportedOn as Parameters<typeof epochDay>[0]);

function claimed(
  fee: CompiledFee,
  claim: ClaimCode,
  window: ClaimWindowDays,
  frame: Frame,
  reached: Reached,
  spent: ClaimOf[],
): { readonly claimWindow: ClaimWindowDays } | Refusal {
  const { asOf, used } = frame.person;
  const [opens, closes] = [window.from ?? reached.on, window.until ?? Infinity];
  const all = claimsFor(fee, reached.n, frame.person.claims)
    .filter((each) => !spent.includes(each))
    .map((each) => ({ claim: each, on: epochDay(each.on) }));
  const told = all
    .filter(({ on }) => on <= asOf)
    .sort((a, b) => a.on - b.on || compareText(evidenceOf(a.claim), evidenceOf(b.claim)));
  const inTime = told.filter(({ on }) => on >= opens && on <= closes).map((each) => each.claim);
  const attempts = attemptsOf(fee, inTime).map((claims) => ({ claims, lacks: lackOf(claim, claims) }));
  const complete = attempts.find(({ lacks }) => lacks.length === 0);
  if (complete !== undefined) {
    spent.push(...complete.claims);
    used.add(`claim:${fee.id}`);
    return { claimWindow: window };
  }
  const lacks = attempts[0]?.lacks;
  if (asOf > closes) return { kind: 'never', why: `${reached.words}, but ${tooLate(lacks, told, opens, closes)}` };
  const what = lacks === undefined ? 'waits for the claim' : `the claim lacks ${lacks.join(', ')}`;
  const until = window.until === undefined ? '' : `, until ${dayInWords(window.until)}`;
  // Without a claim it can never be paid from the day after the window has closed.
  const days = [...all.map(({ on }) => on), opens, closes + 1].filter((on) => on > asOf && Number.isFinite(on));
  const earliest = days.length === 0 ? null : Math.min(...days);
  return { kind: 'not-yet', earliest, claimWindow: window, why: `${reached.words}; ${what}${until}` };
}

const evidenceOf = ({ evidence = [] }: ClaimOf): string => [...evidence].sort().join();

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function tooLate(
  lacks: readonly string[] | undefined,
  told: readonly { readonly on: EpochDay }[],
  opens: EpochDay,
  closes: EpochDay,
): string {
  const [first] = told;
  if (lacks !== undefined) return `the claim lacked ${lacks.join(', ')} on ${dayInWords(closes)}`;
  if (first === undefined) return `not claimed by ${dayInWords(closes)}`;
  const when = first.on < opens ? `before ${dayInWords(opens)}` : `after ${dayInWords(closes)}`;
  return `claimed on ${dayInWords(first.on)}, ${when}`;
}

/** `plan` claims a fee; of one that is paid more than once it claims one payment, and `plan#2` says which. */
const claimsFor = ({ id, repeats }: CompiledFee, n: number, claims: readonly ClaimOf[]): readonly ClaimOf[] => {
  const named = claims.filter(({ fee }) => repeats && fee === `${id}#${n}`);
  return named.length > 0 ? named : claims.filter(({ fee }) => fee === undefined || fee === id);
};

/** What is handed in for one payment counts together; claims that name no payment are for one each, in the order of their days. */
const attemptsOf = ({ id, repeats }: CompiledFee, claims: readonly ClaimOf[]): readonly (readonly ClaimOf[])[] =>
  claims.length === 0 || (repeats && claims.some(({ fee }) => fee === undefined || fee === id))
    ? claims.map((each) => [each])
    : [claims];

/** The evidence that is still needed, each with what would do instead. */
const lackOf = ({ evidence }: ClaimCode, claims: readonly ClaimOf[]): readonly string[] =>
  evidence
    .filter((kinds) => !kinds.some((kind) => claims.some((each) => each.evidence?.includes(kind) === true)))
    .map((kinds) => kinds.join(' or '));
