import type { EpochDay } from '#libs/kernel/index.js';
import { dateOf, dayInWords, epochDay } from '../calendar.js';
import type { CompiledFee, VerifyCode } from '../compile/fee.js';
import { Missing } from '../language/value.js';
import type { Frame } from './frame.js';
import { knownAt, type VerificationOf } from './person.js';
import { refusalOf, type Refusal } from './refusal.js';
import type { Reached } from './trigger.js';

/** What registers said about the span that the fee pays for: yes lets it pass, no ends it, unknown opens the next question. */
export function verificationAnswer(fee: CompiledFee, frame: Frame, reached: Reached): Refusal | undefined {
  for (const rule of fee.verify) {
    const answer = oneAnswer(rule, frame, reached);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function oneAnswer(rule: VerifyCode, frame: Frame, reached: Reached): Refusal | undefined {
  const from = rule.from?.run(frame) ?? spanStart(rule, reached);
  const to = rule.to?.run(frame) ?? reached.to;
  const earliest = rule.earliest?.run(frame) ?? Math.max(Number(to), frame.on);
  for (const value of [from, to, earliest]) if (value instanceof Missing) return refusalOf(value, reached.words);
  const span: Span = { from: from as EpochDay, to: to as EpochDay };
  for (const question of rule.questions) {
    const answer = lastAnswer(frame, question, span, rule.earliest === undefined ? span.to : (earliest as EpochDay));
    if (answer?.answer === 'YES') return undefined;
    if (answer?.answer === 'NO') {
      return { kind: 'never', why: `${reached.words}, but the register says no to ${question} for ${inWords(span)}` };
    }
    // The last question stays open: who could not say may be asked again.
    if (answer?.answer === 'UNKNOWN' && question !== rule.questions.at(-1)) continue;
    const why = `${reached.words}; the register is to be asked ${question} for ${inWords(span)}`;
    return { kind: 'needs', question, ...span, earliest: earliest as EpochDay, why };
  }
  return undefined;
}

interface Span {
  readonly from: EpochDay;
  readonly to: EpochDay;
}

const inWords = ({ from, to }: Span): string => `${dayInWords(from)} to ${dayInWords(to)}`;

const spanStart = (rule: VerifyCode, reached: Reached): EpochDay =>
  rule.overDays === undefined ? reached.from : (reached.nthDayBack?.(rule.overDays) ?? reached.from);

/** @param since with the knowledge of an earlier day the register cannot speak for the span */
function lastAnswer({ person }: Frame, question: string, span: Span, since: EpochDay): VerificationOf | undefined {
  const [from, to] = [dateOf(span.from), dateOf(span.to)];
  let last: VerificationOf | undefined;
  for (const fact of person.verifications) {
    if (fact.question !== question || fact.from !== from || fact.to !== to) continue;
    const asOf = epochDay(fact.asOf);
    if (asOf < since || asOf > person.asOf) continue;
    if (last === undefined || isLater(fact, last)) last = fact;
  }
  if (last !== undefined) person.used.add(`verification:${question}`);
  return last;
}

/** The later day of knowledge of the register counts; on the same day what was heard later, and at last the stricter answer. */
function isLater(a: VerificationOf, b: VerificationOf): boolean {
  if (a.asOf !== b.asOf) return a.asOf > b.asOf;
  const [heardA, heardB] = [knownAt(a), knownAt(b)];
  return heardA === heardB ? a.answer < b.answer : heardA > heardB;
}
