import { HubError, minorDigits, type Currency, type Decimal } from '#libs/kernel/index.js';
import { daysIn, parseDuration } from '../calendar.js';
import type { Apportionment, FeeRule, Formula, Proviso, Rounding, VerifyRule } from '../document/document.js';
import { arithmetic, inMoney, roundedInWords } from '../engine/arithmetic.js';
import { number } from '../engine/person.js';
import type { Frame } from '../engine/frame.js';
import { roundTo, type RoundingMode } from '../engine/rounding.js';
import { Missing } from '../language/value.js';
import type { TriggerCode } from '../engine/trigger.js';
import { constantOf, numberInWords, RANK, type Code } from '../language/code.js';
import { bindsJob, feesOfTrigger, triggerCode } from '../triggers/index.js';
import { located } from './located.js';
import { noFee } from './no-fee.js';
import type { TariffNames } from './tariff-names.js';

export interface RoundingCode {
  readonly to: Decimal;
  readonly mode: RoundingMode;
}

export interface VerifyCode {
  /** The question, and those that follow while the answer is unknown. */
  readonly questions: readonly string[];
  readonly overDays: number | undefined;
  readonly from: Code | undefined;
  readonly to: Code | undefined;
  readonly earliest: Code | undefined;
}

export interface ProvisoCode {
  readonly place: string;
  readonly code: Code;
  readonly text: string;
  /** Why not, in words. */
  readonly otherwise: string | undefined;
}

export interface ClaimCode {
  readonly by: 'automatic' | 'claim' | 'report';
  readonly from: Code | undefined;
  readonly until: Code | undefined;
  /** One of each group. */
  readonly evidence: readonly (readonly string[])[];
}

export interface ApportionCode {
  readonly whole: Code;
  /** Share of each payment, by its number from 1. */
  readonly shares: readonly Decimal[];
  readonly residual: 'first' | 'last';
}

export interface AmountCode {
  /** An amount that is always the same, rounded, and how it came about. */
  readonly fixed: { readonly amount: Decimal; readonly words: string } | undefined;
  readonly text: string;
  readonly code: Code | undefined;
  readonly apportion: ApportionCode | undefined;
  /** A number or one name: the amount itself is all there is to say. */
  readonly plain: boolean;
}

/** One fee (or recovery), compiled. */
export interface CompiledFee {
  readonly id: string;
  readonly place: string;
  readonly rule: FeeRule;
  readonly direction: 'pay' | 'recover';
  readonly subject: 'person' | 'programme';
  readonly repeats: boolean;
  readonly trigger: TriggerCode;
  readonly provisos: readonly ProvisoCode[];
  readonly verify: readonly VerifyCode[];
  readonly claim: ClaimCode | undefined;
  readonly heldWhile: Code | undefined;
  readonly amount: AmountCode;
  readonly rounding: RoundingCode;
  readonly versionDate: Code | undefined;
  /** Fees that are decided before this one. */
  readonly after: readonly string[];
  /** Its formulas ask for its own earlier payments. */
  readonly asksItself: boolean;
}

export function compileFee(
  id: string,
  rule: FeeRule,
  direction: 'pay' | 'recover',
  names: TariffNames,
  rounding: RoundingCode,
  currency: Currency,
): CompiledFee {
  const place = `${direction === 'pay' ? 'fees' : 'recoveries'}.${id}`;
  const job = bindsJob(rule.when);
  const codes: Code[] = [];
  const at = (key: string, formula: Formula, type: Code['type']): Code => {
    const code = names.at(`${place}.${key}`, formula, type);
    if (!job && (code.needsJob || code.needsSpell)) {
      const message =
        'it asks about a job, and the trigger of this fee has none: use begins, lasts or adds, or "… where (…)".';
      throw new HubError('tariff.formula', message, { field: `${place}.${key}` });
    }
    codes.push(code);
    return code;
  };
  const provisos = listOf(rule.provided).map((each, index) => provisoOf(each, `provided.${index}`, place, at));
  const verify =
    rule.verify === undefined || rule.verify === 'none'
      ? []
      : listOf(rule.verify).map((each, index) => verifyOf(each, index, place, at));
  const claim = rule.claim === undefined ? undefined : claimOf(rule.claim, at);
  const heldWhile = rule.heldWhile === undefined ? undefined : at('heldWhile', rule.heldWhile, 'days');
  const steps = rule.rounding === undefined ? rounding : roundingOf(`${place}.rounding`, rule.rounding, currency);
  const amount = amountOf(rule.amount, place, at, steps, currency);
  const versionDate = rule.versionDate === undefined ? undefined : at('versionDate', rule.versionDate, 'date');
  const stranger = (rule.requires ?? []).find((other) => !names.has('fee', other));
  if (stranger !== undefined) throw noFee(stranger, names.feeIds, `${place}.requires`);
  const trigger = triggerCode(`${place}.when`, rule.when, names);
  const awaited = [...(rule.requires ?? []), ...feesOfTrigger(rule.when), ...windowFees(rule, names)];
  if (awaited.includes(id)) {
    const message = 'it waits for itself: only its amount and its conditions can ask for its earlier payments.';
    throw new HubError('tariff.circle', message, { field: place });
  }
  const asked = codes.flatMap((code) => code.fees);
  return {
    ...{ id, place, rule, direction, provisos, verify, claim, heldWhile, amount, versionDate },
    subject: rule.for ?? 'person',
    repeats: repeats(rule),
    trigger,
    rounding: steps,
    after: [...new Set([...awaited, ...asked])].filter((each) => each !== id),
    asksItself: asked.includes(id),
  };
}

const listOf = <Item>(items: Item | readonly Item[] | undefined): readonly Item[] =>
  items === undefined ? [] : Array.isArray(items) ? (items as readonly Item[]) : [items as Item];

/** Fees named by the formulas of the trigger. */
function windowFees({ when }: FeeRule, names: TariffNames): readonly string[] {
  return Object.entries(when).flatMap(([key, formula]) => {
    if (
      ![
        'from',
        'to',
        'where',
        'of',
        'adds',
        'reaches',
        'times',
        'date',
        'lasts',
        'begins',
        'ends',
        'passes',
        'within',
      ].includes(key)
    )
      return [];
    return typeof formula === 'string' ? names.any(key, formula).fees : [];
  });
}

/** Whether there can be more than one payment. */
function repeats({ when }: FeeRule): boolean {
  if ('every' in when) return when.passes === undefined || when.times !== undefined;
  if ('event' in when) return when.each === true || when.oncePer !== undefined;
  if ('begins' in when || 'ends' in when || 'lasts' in when) return when.each === true || when.times !== undefined;
  return ('adds' in when || 'sums' in when) && when.times !== undefined;
}

type At = (key: string, formula: Formula, type: Code['type']) => Code;

function provisoOf(proviso: Formula | Proviso, key: string, fee: string, at: At): ProvisoCode {
  const place = `${fee}.${key}`;
  if (typeof proviso !== 'object')
    return { place, code: at(key, proviso, 'truth'), text: String(proviso), otherwise: undefined };
  return { place, code: at(`${key}.if`, proviso.if, 'truth'), text: String(proviso.if), otherwise: proviso.else };
}

const optional = (key: string, formula: Formula | undefined, type: Code['type'], at: At): Code | undefined =>
  formula === undefined ? undefined : at(key, formula, type);

function verifyOf(rule: VerifyRule, index: number, place: string, at: At): VerifyCode {
  return {
    questions: [rule.question, ...(rule.otherwise ?? [])],
    overDays:
      rule.over === undefined ? undefined : located(`${place}.verify`, () => daysIn(parseDuration(rule.over ?? ''))),
    from: optional(`verify.${index}.from`, rule.from, 'date', at),
    to: optional(`verify.${index}.to`, rule.to, 'date', at),
    earliest: optional(`verify.${index}.earliest`, rule.earliest, 'date', at),
  };
}

const claimOf = (rule: NonNullable<FeeRule['claim']>, at: At): ClaimCode => ({
  by: rule.by,
  from: optional('claim.from', rule.from, 'date', at),
  until: optional('claim.until', rule.until, 'date', at),
  evidence: (rule.evidence ?? []).map((kinds) => (typeof kinds === 'string' ? [kinds] : kinds)),
});

function amountOf(
  rule: Formula | Apportionment,
  place: string,
  at: At,
  rounding: RoundingCode,
  currency: Currency,
): AmountCode {
  if (typeof rule === 'object') {
    const whole = at('amount.apportion', rule.apportion, 'number');
    const apportion = { whole, shares: sharesOf(rule, `${place}.amount.shares`), residual: rule.residual };
    return { text: String(rule.apportion), code: undefined, apportion, plain: false, fixed: undefined };
  }
  const code = at('amount', rule, 'number');
  const text = String(rule);
  const plain = /^[\d.]+$/.test(text) || (code.depth === 0 && code.rank === RANK.atom);
  const amount = { text, code, apportion: undefined, plain };
  return { ...amount, fixed: fixedAmount(amount, rounding, currency) };
}

function fixedAmount(
  { text, code, plain }: { readonly text: string; readonly code: Code; readonly plain: boolean },
  rounding: RoundingCode,
  currency: Currency,
): AmountCode['fixed'] {
  const value = constantOf(code);
  if (value === undefined || value === null || value instanceof Missing) return undefined;
  const exact = value as Decimal;
  const amount = roundTo(exact, rounding.to, rounding.mode);
  const shown = inMoney(amount, currency);
  // Nothing of the frame is asked for by what is always the same.
  const words = plain ? shown : arithmetic(text, code, undefined as unknown as Frame, shown);
  return { amount, words: `${words}${roundedInWords(amount, exact, rounding)}` };
}

/** `1-3: 25%` → a twelfth of the whole for each of the three. */
function sharesOf({ shares }: Apportionment, place: string): readonly Decimal[] {
  const found: Decimal[] = [];
  for (const [range, share] of Object.entries(shares)) {
    const [from, to = from] = range.split('-').map(Number) as [number, number?];
    if (!/^\d{1,3}(-\d{1,3})?$/.test(range) || from !== found.length + 1 || to < from)
      throw new HubError(
        'tariff.apportion',
        `"${range}" does not follow: payments are numbered from 1 without a gap, for example "1-3".`,
        { field: place },
      );
    const text = String(share);
    const whole = text.endsWith('%') ? number(text.slice(0, -1)).div(100) : number(text);
    for (let each = from; each <= to; each += 1) found.push(whole.div(to - from + 1));
  }
  const sum = found.reduce((a, b) => a.add(b), number('0'));
  if (!sum.equals(1))
    throw new HubError('tariff.apportion', `the shares add up to ${sum.toFraction()}, not to 1 (100%).`, {
      field: place,
    });
  return found;
}

/** Errors: `tariff.rounding` where a step is not above zero, or less than the currency's smallest unit can pay. */
export const roundingOf = (place: string, rule: Rounding, currency: Currency): RoundingCode => {
  const to = located(place, () => number(String(rule.to)));
  if (to.compare(0) <= 0)
    throw new HubError('tariff.rounding', 'amounts are rounded to a step above zero, for example 0.01.', {
      field: `${place}.to`,
    });
  if (to.mul(10 ** minorDigits(currency)).d !== 1n)
    throw new HubError('tariff.rounding', `${numberInWords(to)} is not paid in whole units of ${currency}.`, {
      field: `${place}.to`,
    });
  return { to, mode: rule.mode };
};
