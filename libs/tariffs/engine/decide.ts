import { decimal, type Decimal, type EpochDay } from '#libs/kernel/index.js';
import { dayInWords } from '../calendar.js';
import type { CompiledFee } from '../compile/fee.js';
import { notMet, numberInWords, type Code } from '../language/code.js';
import { Missing } from '../language/value.js';
import { apportioned, sharesOf, type Share } from './amount.js';
import { arithmetic, inMoney, roundedInWords } from './arithmetic.js';
import { claimAnswer } from './claim.js';
import { allMissing, type DaySet, type Stretch } from './day-set.js';
import type { Frame } from './frame.js';
import { waitsUntil, type NotDue } from './ledger.js';
import type { Payment } from './payment.js';
import type { ClaimOf } from './person.js';
import { refusalOf, type Refusal } from './refusal.js';
import { roundTo } from './rounding.js';
import type { Reached, Rest } from './trigger.js';
import { verificationAnswer } from './verification.js';

const ZERO = decimal(0n);

/** One fee of one person, while its payments are decided. */
interface Underway {
  readonly fee: CompiledFee;
  /** Before any payment. */
  readonly start: Frame;
  /** Whose day decides which version of the tariff pays. */
  readonly version: Code | undefined;
  /** Claims that stand for earlier payments. */
  readonly spent: ClaimOf[];
}

/**
 * Decides every payment of one fee that was reached, and says what comes next. `seen` makes of its payments what formulas see of them:
 * one that asks for its own earlier ones finds them in the ledger.
 */
export function decideFee(
  fee: CompiledFee,
  start: Frame,
  versionDate: Code | undefined,
  seen: (payments: readonly Payment[]) => readonly Payment[],
): readonly Payment[] {
  const { reached, rest } = fee.trigger(start);
  const underway: Underway = { fee, start, version: fee.versionDate ?? versionDate, spent: [] };
  const payments: Payment[] = [];
  for (const each of reached) {
    payments.push(decidePayment(underway, each));
    if (fee.asksItself) start.ledger.set(fee.id, seen(payments));
  }
  if (rest !== null && (rest.kind !== 'never' || payments.length === 0))
    payments.push(nextPayment(underway, rest, rest.n ?? payments.length + 1));
  return payments;
}

/** What has not been reached has no day of its own yet: only what the person brings can decide which version pays it. */
function nextPayment({ fee, start, version }: Underway, rest: Rest, n: number): Payment {
  const next = {
    occurrence: occurrenceOf(fee, n),
    ...(fee.repeats ? { andMore: true as const } : {}),
    on: start.person.asOf,
    amount: ZERO,
    job: null,
    used: [],
    versionDay: version === undefined || version.depth === 2 ? undefined : dayOf(version, start),
    why: rest.words,
  };
  // What it requires can never be, whatever else it waits for.
  const barred = rest.kind === 'never' ? undefined : required(fee, start, rest.words);
  if (barred?.kind === 'never') return { ...next, kind: 'never', why: barred.why };
  switch (rest.kind) {
    case 'not-yet':
      return rest.notBefore === undefined
        ? { ...next, kind: 'not-yet', earliest: rest.earliest }
        : { ...next, kind: 'not-yet', earliest: rest.earliest, notBefore: rest.notBefore, awaited: true };
    case 'never':
      return { ...next, kind: 'never' };
    case 'unknown':
      return { ...next, kind: 'unknown', missing: rest.words, notBefore: rest.notBefore ?? -Infinity };
  }
}

const occurrenceOf = (fee: CompiledFee, n: number): string | undefined => (fee.repeats ? String(n) : undefined);

function versionDay({ version, start }: Underway, on: EpochDay, reached: Reached): EpochDay | undefined {
  if (version === undefined) return undefined;
  return dayOf(version, version.depth === 2 ? { ...frameOf(start, on, reached), event: null } : start);
}

function dayOf(version: Code, frame: Frame): EpochDay | undefined {
  const day = version.run(frame);
  return typeof day === 'number' ? day : undefined;
}

/** What the formulas of one payment see. */
const frameOf = (
  { person, calendar, currency, ledger, spell }: Frame,
  on: EpochDay,
  { from, to, n, job, event }: Reached,
): Frame => ({
  ...{ person, calendar, currency, ledger, on, n, job, spell },
  periodStart: from,
  periodEnd: to,
  event: event ?? null,
});

const refusedPayment = (underway: Underway, on: EpochDay, reached: Reached, refusal: Refusal): Payment => ({
  occurrence: occurrenceOf(underway.fee, reached.n),
  on,
  amount: ZERO,
  job: reached.job,
  used: [],
  versionDay: versionDay(underway, on, reached),
  ...refusal,
});

function decidePayment(underway: Underway, reached: Reached): Payment {
  const { fee, start, spent } = underway;
  const { person } = start;
  person.used = new Set(reached.used);
  person.horizon = -Infinity;
  const on = Math.max(reached.on, requiredDay(fee, start));
  const frame = frameOf(start, on, reached);
  const refused =
    required(fee, frame, reached.words) ?? provided(fee, frame, reached.words) ?? early(frame, reached.words);
  if (refused !== undefined) return awaited(refusedPayment(underway, on, reached, refused));
  const held = heldUntil(fee, frame);
  if (typeof held !== 'number') return refusedPayment(underway, on, reached, held);
  const due = held === on ? frame : frameOf(start, held, reached);
  const unverified = verificationAnswer(fee, due, reached);
  if (unverified !== undefined) return refusedPayment(underway, on, reached, unverified);
  const claim = claimAnswer(fee, due, reached, spent);
  if ('kind' in claim) {
    const waits = refusedPayment(underway, held, reached, claim);
    // As long as its window is open, a claim may yet make it due on its own day.
    return claim.kind === 'not-yet' && claim.claimWindow?.until !== undefined ? awaited(waits) : waits;
  }
  const worth = amountOf(fee, due, reached);
  const later = early(frame, reached.words);
  if (later !== undefined) return awaited(refusedPayment(underway, on, reached, later));
  if ('kind' in worth) return awaited(refusedPayment(underway, held, reached, { ...worth, ...claim }));
  return {
    kind: 'due',
    occurrence: occurrenceOf(fee, reached.n),
    on: held,
    amount: worth.amount,
    job: reached.job,
    why: worth.why,
    used: [...person.used].sort(),
    versionDay: versionDay(underway, held, reached),
    claimWindow: claim.claimWindow,
    shares: worth.shares,
  };
}

/** What was reached and waits falls on its own day however late it is decided. */
const awaited = (payment: Payment): Payment => (payment.kind === 'not-yet' ? { ...payment, awaited: true } : payment);

const NONE: readonly string[] = [];

/** The first day on which every required fee was due; none where nothing is required. */
function requiredDay({ rule: { requires = NONE } }: CompiledFee, { ledger }: Frame): number {
  let last = -Infinity;
  for (const id of requires) {
    const first = ledger.nthDue(id);
    if (first.kind === 'due') last = Math.max(last, first.on);
  }
  return last;
}

/** What is required but not due: what can never be decides, then what nobody knows. */
function required({ rule: { requires = NONE } }: CompiledFee, { ledger }: Frame, words: string): Refusal | undefined {
  let worst: Refusal | undefined;
  for (const id of requires) {
    const other = ledger.nthDue(id);
    if (other.kind === 'due') continue;
    const refusal = notDue(id, other, words);
    if (refusal.kind === 'never') return refusal;
    if (worst === undefined || refusal.kind === 'unknown') worst = refusal;
  }
  return worst;
}

function notDue(id: string, other: NotDue, words: string): Refusal {
  const { kind, because } = other;
  const reason = `${id} is not due${because === undefined ? '' : ` (${because.why})`}`;
  const why = `${words}, but ${reason}`;
  if (kind === 'unknown') return { kind, missing: reason, why };
  return kind === 'never' ? { kind, why } : { kind: 'not-yet', earliest: waitsUntil(other) ?? null, why };
}

function provided(fee: CompiledFee, frame: Frame, words: string): Refusal | undefined {
  for (const { place, code, text, otherwise } of fee.provisos) {
    const passes = code.run(frame);
    if (passes === true) continue;
    if (passes instanceof Missing) return refusalOf(passes, words);
    const because = otherwise ?? notMet(place, text, code, frame);
    // What has not come yet may still change the answer.
    const { horizon, asOf } = frame.person;
    if (horizon > asOf)
      return { kind: 'not-yet', earliest: horizon, why: `${words}; it can be decided on ${dayInWords(horizon)}` };
    return { kind: 'never', why: `${words}, but ${because}` };
  }
  return undefined;
}

/** A condition that looks ahead is decided when that day has come. */
function early({ person }: Frame, words: string): Refusal | undefined {
  if (person.horizon <= person.asOf) return undefined;
  return {
    kind: 'not-yet',
    earliest: person.horizon,
    why: `${words}; it can be decided on ${dayInWords(person.horizon)}`,
  };
}

/** The day on which it falls due: after a suspension, where there is one. */
function heldUntil(fee: CompiledFee, frame: Frame): EpochDay | Refusal {
  const set = fee.heldWhile?.run(frame);
  if (set === undefined || set === null) return frame.on;
  if (set instanceof Missing) return refusalOf(set, 'it may be held back');
  const days = set as DaySet;
  const stretch = stretchOn(days, frame.on);
  if (days.open !== null && stretchOn(days.open.most, frame.on)?.to !== stretch?.to)
    return refusalOf(allMissing(days.open.why), 'it may be held back');
  if (stretch === undefined) return frame.on;
  const free = stretch.to + 1;
  if (free <= frame.person.asOf) return free;
  const why = `held back since ${dayInWords(stretch.from)}`;
  return { kind: 'not-yet', earliest: Number.isFinite(free) ? free : null, why };
}

const stretchOn = (days: DaySet, on: EpochDay): Stretch | undefined =>
  days.stretches.find(({ from, to }) => from <= on && on <= to);

interface Worth {
  readonly amount: Decimal;
  readonly why: string;
  readonly shares: readonly Share[] | undefined;
}

function amountOf(fee: CompiledFee, frame: Frame, { words }: Reached): Worth | Refusal {
  const { fixed } = fee.amount;
  if (fixed !== undefined) return payable(fee, frame, fixed.amount, `${words}: ${fixed.words}`);
  const value =
    fee.amount.apportion === undefined
      ? fee.amount.code?.run(frame)
      : apportioned(fee.amount.apportion, fee.rounding, frame);
  if (value instanceof Missing) return refusalOf(value, words);
  if (value === null || value === undefined)
    return { kind: 'never', why: `${words}, but nothing is payable in this case` };
  const exact = value as Decimal;
  const amount = roundTo(exact, fee.rounding.to, fee.rounding.mode);
  const how = `${sum(fee, frame, inMoney(amount, frame.currency))}${roundedInWords(amount, exact, fee.rounding)}`;
  return payable(fee, frame, amount, `${words}: ${how}`);
}

/** Only what is above zero is paid; whoever shares it gets a share. */
function payable(fee: CompiledFee, frame: Frame, amount: Decimal, why: string): Worth | Refusal {
  const sign = amount.compare(ZERO);
  if (sign <= 0) {
    const nothing = sign < 0 ? 'nothing below zero is paid' : 'nothing is payable';
    return { kind: 'never', why: `${why}, ${nothing}` };
  }
  const { sharedBy } = fee.rule;
  const shares = sharedBy === undefined ? undefined : sharesOf(sharedBy, amount, fee.rounding, frame);
  return shares instanceof Missing ? refusalOf(shares, why) : { amount, why, shares };
}

/** How an amount came about, up to what it comes to. */
function sum({ amount: { text, code, apportion, plain } }: CompiledFee, frame: Frame, shown: string): string {
  if (apportion !== undefined) {
    const share = apportion.shares[frame.n - 1];
    return `${share === undefined ? '' : numberInWords(share)} of ${apportion.whole.show(frame)} = ${shown}`;
  }
  return plain || code === undefined ? shown : arithmetic(text, code, frame, shown);
}
