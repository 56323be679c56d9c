import type { EpochDay } from '#libs/kernel/index.js';
import { dayInWords, epochDay } from '../calendar.js';
import type { ClaimCode, CompiledFee } from '../compile/fee.js';
import { Missing } from '../language/value.js';
import type { Step } from './decide.js';
import type { Frame } from './frame.js';
import type { ClaimOf } from './person.js';
import { restOf, type Reached } from './trigger.js';

export interface ClaimWindowDays {
  readonly from?: EpochDay;
  readonly until?: EpochDay;
}

/** Whether what the tariff asks for was claimed (or reported) in time; the window is part of the answer. */
export function claimAnswer(
  fee: CompiledFee,
  frame: Frame,
  reached: Reached,
): { readonly claimWindow?: ClaimWindowDays } | NonNullable<Step> {
  const { claim } = fee;
  if (claim === undefined) return {};
  const [from, until] = [claim.from?.run(frame), claim.until?.run(frame)];
  for (const value of [from, until]) {
    if (!(value instanceof Missing)) continue;
    const rest = restOf(value);
    const why = `${reached.words}; ${value.reason}`;
    return rest.kind === 'not-yet'
      ? { kind: 'not-yet', earliest: rest.earliest, why }
      : { kind: 'unknown', missing: value.reason, why };
  }
  const claimWindow: ClaimWindowDays = {
    ...(typeof from === 'number' ? { from } : {}),
    ...(typeof until === 'number' ? { until } : {}),
  };
  if (claim.by === 'automatic') return { claimWindow };
  return claim.by === 'report' ? reported(claimWindow, reached) : claimed(fee, claim, claimWindow, frame, reached);
}

/** The job must have been reported by the last day. A job without a day of report was there from the beginning. */
function reported(
  window: ClaimWindowDays,
  reached: Reached,
): { readonly claimWindow: ClaimWindowDays } | NonNullable<Step> {
  const days = (reached.job?.spells ?? []).map((spell) => reportDay(spell.fact)).filter((day) => day !== undefined);
  const first = days.length === 0 ? undefined : Math.min(...days);
  if (window.until !== undefined && first !== undefined && first > window.until) {
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
): { readonly claimWindow: ClaimWindowDays } | NonNullable<Step> {
  const { person } = frame;
  const days = person.claims
    .filter((each) => isFor(fee.id, each))
    .map((each) => ({ on: epochDay(each.on), claim: each }));
  const inTime = days.filter(
    ({ on }) => on <= person.asOf && on >= (window.from ?? reached.on) && on <= (window.until ?? Infinity),
  );
  const lacking = inTime.map((each) => claim.evidence.filter((kind) => each.claim.evidence?.includes(kind) !== true));
  if (lacking.some((kinds) => kinds.length === 0)) {
    person.used.add(`claim:${fee.id}`);
    return { claimWindow: window };
  }
  if (window.until !== undefined && person.asOf > window.until) {
    return { kind: 'never', why: `${reached.words}, but not claimed by ${dayInWords(window.until)}` };
  }
  const evidence = lacking[0];
  const what = evidence === undefined ? 'waits for the claim' : `the claim lacks ${evidence.join(', ')}`;
  const until = window.until === undefined ? '' : `, until ${dayInWords(window.until)}`;
  const opens = window.from !== undefined && window.from > person.asOf ? window.from : null;
  return { kind: 'not-yet', earliest: opens, claimWindow: window, why: `${reached.words}; ${what}${until}` };
}

const isFor = (fee: string, claim: ClaimOf): boolean => claim.fee === undefined || claim.fee === fee;
