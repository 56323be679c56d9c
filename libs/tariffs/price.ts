import {
  addDays,
  formatMinor,
  fromEpochDay,
  HubError,
  minorDigits,
  money,
  roundHalfUp,
  toEpochDay,
  type LocalDate,
  type Money,
} from '#libs/kernel/index.js';
import { daysIn, dayInWords, durationInWords, lastDayOf, type Duration } from './calendar.js';
import type { CompiledFee, CompiledTrigger, Tariff } from './compile.js';
import { number, truth } from './expression.js';
import type { AsOf, Fact, LockedTerms } from './facts.js';
import { TariffScope } from './scope.js';
import { dayReached, daySetOf, knownFacts, spellsOf, type Spell } from './spells.js';

interface Answer {
  readonly feeId: string;
  /** In plain words: the rule, the days and the arithmetic. */
  readonly why: string;
}

/** What a tariff says of one fee for one person on one day. */
export type Fee =
  | (Answer & {
      readonly kind: 'due';
      readonly amount: Money;
      /** The last day of the span that it pays for, or the day of the event. */
      readonly on: LocalDate;
      readonly vat: string;
      /** Ids of the spells it rests on. */
      readonly spellIds: readonly string[];
    })
  /** `earliest`: the day on which it would be due if nothing changes; none when that depends on something to happen. */
  | (Answer & { readonly kind: 'not-yet'; readonly earliest: LocalDate | null })
  | (Answer & { readonly kind: 'never' })
  /** A register must answer the question about the span first, not before `earliest`. */
  | (Answer & {
      readonly kind: 'needs';
      readonly question: string;
      readonly from: LocalDate;
      readonly to: LocalDate;
      readonly earliest: LocalDate;
    });

/** The trigger's answer: reached on a day, for a span, by a job; or not. */
type Reached =
  | {
      readonly kind: 'reached';
      readonly on: LocalDate;
      readonly from: LocalDate;
      readonly job: Spell | null;
      readonly spellIds: readonly string[];
      readonly words: string;
    }
  | { readonly kind: 'not-yet'; readonly earliest: LocalDate | null; readonly words: string }
  | { readonly kind: 'never'; readonly words: string };

/**
 * What is due to the provider of one person, by one tariff version, under the terms that were locked, from these facts, as of a day.
 * Pure: the order of facts never matters. Answers one `Fee` for each fee of the tariff, in its order. Errors: `tariff.type`,
 * `tariff.parameter` and others where the document does not say what it needs; facts and terms are checked by `checkFacts`, `checkTerms`.
 */
export function price(tariff: Tariff, locked: LockedTerms, facts: readonly Fact[], asOf: AsOf): readonly Fee[] {
  const known = knownFacts(facts, asOf);
  const person: Person = {
    tariff,
    asOf: asOf.day,
    facts: known,
    spells: spellsOf(known, asOf),
    scope: new TariffScope(tariff, locked, known, null, asOf.day),
    jobOf: new Map(),
    due: new Set(),
  };
  return tariff.fees.map((fee) => priceFee(person, fee));
}

interface Person {
  readonly tariff: Tariff;
  readonly asOf: LocalDate;
  readonly facts: readonly Fact[];
  readonly spells: readonly Spell[];
  readonly scope: TariffScope;
  /** The job by which a fee was reached, for fees that ask for the same one. */
  readonly jobOf: Map<string, Spell>;
  readonly due: Set<string>;
}

function priceFee(person: Person, fee: CompiledFee): Fee {
  const feeId = fee.rule.id;
  const reached = reach(person, fee.trigger, fee.verifiedOver);
  if (reached.kind === 'not-yet') return { feeId, kind: 'not-yet', earliest: reached.earliest, why: reached.words };
  if (reached.kind === 'never') return { feeId, kind: 'never', why: reached.words };
  if (reached.job !== null) person.jobOf.set(feeId, reached.job);
  const missing = fee.rule.after?.find((id) => !person.due.has(id));
  if (missing !== undefined)
    return { feeId, kind: 'not-yet', earliest: null, why: `${reached.words}, but "${missing}" is not due.` };
  const scope = person.scope.at(reached.job, reached.on);
  if (fee.when !== null && !truth(scope.evaluate(fee.when))) {
    return { feeId, kind: 'never', why: `${reached.words}, but the condition does not hold: ${fee.rule.when ?? ''}.` };
  }
  const unverified = verification(person, fee, reached);
  if (unverified !== undefined) return unverified;
  const value = scope.evaluate(fee.amount);
  if (value === null)
    return { feeId, kind: 'never', why: `${reached.words}, but the tariff has no amount for this case.` };
  const digits = minorDigits(person.tariff.currency);
  const minor = roundHalfUp(number(value).mul(10 ** digits));
  if (minor <= 0n) return { feeId, kind: 'never', why: `${reached.words}: nothing is payable.` };
  person.due.add(feeId);
  const amount = money(minor, person.tariff.currency);
  const shown = formatMinor(minor, person.tariff.currency);
  const arithmetic = /^[\d.]+$/.test(fee.rule.amount) ? shown : `${fee.rule.amount} = ${shown}`;
  const { vat } = person.tariff.document;
  return {
    feeId,
    kind: 'due',
    amount,
    on: reached.on,
    vat,
    spellIds: reached.spellIds,
    why: `${reached.words}: ${arithmetic}`,
  };
}

function reach(person: Person, trigger: CompiledTrigger, over: Duration | null): Reached {
  switch (trigger.kind) {
    case 'event': {
      const on = person.scope.event(trigger.event);
      if (on === null) return { kind: 'not-yet', earliest: null, words: `"${trigger.event}" has not happened` };
      if (on > person.asOf)
        return { kind: 'not-yet', earliest: on, words: `"${trigger.event}" is on ${dayInWords(on)}` };
      return {
        kind: 'reached',
        on,
        from: on,
        job: null,
        spellIds: [],
        words: `"${trigger.event}" on ${dayInWords(on)}`,
      };
    }
    case 'worked':
      return reachWorked(person, trigger, over);
    default:
      return reachKept(person, trigger);
  }
}

const qualifying = (person: Person, job: string): readonly Spell[] => {
  const where = person.tariff.jobs.get(job);
  if (where === undefined) throw new HubError('tariff.name', `There is no kind of job called "${job}".`);
  return person.spells.filter((spell) => truth(person.scope.at(spell, spell.start).evaluate(where)));
};

/** Days in jobs of the kind add up, gaps allowed, each day once. */
function reachWorked(
  person: Person,
  trigger: Extract<CompiledTrigger, { kind: 'worked' }>,
  over: Duration | null,
): Reached {
  const since = trigger.since === null ? null : person.scope.event(trigger.since);
  if (trigger.since !== null && since === null)
    return { kind: 'not-yet', earliest: null, words: `"${trigger.since}" has not happened` };
  const end = since === null || trigger.within === null ? null : lastDayOf(since, trigger.within, person.tariff.months);
  const spells = qualifying(person, trigger.job);
  const set = daySetOf(spells, since, end);
  const needed = daysIn(trigger.for);
  const unit = trigger.for.unit === 'weeks' ? 7 : trigger.for.unit === 'months' ? 30 : 1;
  const reached = dayReached(set, needed);
  const counted = (days: number): string => `${Math.floor(days / unit)} of ${durationInWords(trigger.for)}`;
  if (reached === undefined) {
    const earliest = set.open ? addDays(person.asOf, needed - set.days) : null;
    if (end !== null && (person.asOf > end || (earliest !== null && earliest > end))) {
      return { kind: 'never', words: `${counted(set.days)} by ${dayInWords(end)}, the last day that counts` };
    }
    return { kind: 'not-yet', earliest, words: `${counted(set.days)} so far` };
  }
  const on = fromEpochDay(reached);
  const paidFor = Math.min(needed, over === null ? needed : daysIn(over));
  const from = fromEpochDay(dayReached(set, needed - paidFor + 1) ?? reached);
  const used = spells.filter((spell) => toEpochDay(spell.start) <= reached);
  return {
    kind: 'reached',
    on,
    from,
    job: used.at(-1) ?? null,
    spellIds: used.map((spell) => spell.fact.spellId),
    words: `${counted(needed)} reached on ${dayInWords(on)}`,
  };
}

/** One job lasts that long without a break; the first that does, or the very job of another fee. */
function reachKept(person: Person, trigger: Extract<CompiledTrigger, { kind: 'kept' }>): Reached {
  const same = trigger.sameJobAs === null ? undefined : person.jobOf.get(trigger.sameJobAs);
  if (trigger.sameJobAs !== null && same === undefined) {
    return { kind: 'not-yet', earliest: null, words: `"${trigger.sameJobAs}" has no job yet` };
  }
  const spells = qualifying(person, trigger.job).filter(
    (spell) => same === undefined || spell.fact.spellId === same.fact.spellId,
  );
  const lasts = trigger.for === null ? 'begins' : durationInWords(trigger.for);
  let earliest: LocalDate | null = null;
  for (const spell of spells) {
    const on = trigger.for === null ? spell.start : lastDayOf(spell.start, trigger.for, person.tariff.months);
    if (on <= spell.until) {
      const words =
        trigger.for === null
          ? `a job begins on ${dayInWords(on)}`
          : `a job from ${dayInWords(spell.start)} is kept for ${lasts} on ${dayInWords(on)}`;
      return { kind: 'reached', on, from: spell.start, job: spell, spellIds: [spell.fact.spellId], words };
    }
    if (spell.open && (earliest === null || on < earliest)) earliest = on;
  }
  if (earliest !== null) return { kind: 'not-yet', earliest, words: `a job is not yet kept for ${lasts}` };
  // A job that ended too early stays what it was: nothing can make it longer, only a correction of the facts.
  if (same !== undefined) return { kind: 'never', words: `the job ended before it was kept for ${lasts}` };
  return { kind: 'not-yet', earliest: null, words: `no job that counts was kept for ${lasts}` };
}

/** What a register said about the span that the fee pays for: yes lets it pass, no ends it, else it is to be asked. */
function verification(
  person: Person,
  fee: CompiledFee,
  reached: Extract<Reached, { kind: 'reached' }>,
): Fee | undefined {
  const { verify, id: feeId } = fee.rule;
  if (verify === undefined) return undefined;
  const answers = person.facts.filter(
    (fact): fact is Extract<Fact, { type: 'verification' }> =>
      fact.type === 'verification' &&
      fact.question === verify.question &&
      fact.from === reached.from &&
      fact.to === reached.on,
  );
  const last = answers
    .sort((a, b) => (a.asOf === b.asOf ? (a.answer < b.answer ? -1 : 1) : a.asOf < b.asOf ? -1 : 1))
    .at(-1);
  if (last?.answer === 'YES') return undefined;
  const span = `${dayInWords(reached.from)} to ${dayInWords(reached.on)}`;
  if (last?.answer === 'NO') {
    return {
      feeId,
      kind: 'never',
      why: `${reached.words}, but the register says no to ${verify.question} for ${span}.`,
    };
  }
  const why = `${reached.words}; the register is to be asked ${verify.question} for ${span}.`;
  return {
    feeId,
    kind: 'needs',
    question: verify.question,
    from: reached.from,
    to: reached.on,
    earliest: reached.on,
    why,
  };
}
