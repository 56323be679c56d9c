import { decimal, type Decimal } from '#libs/kernel/index.js';
import type { ApportionCode, RoundingCode } from '../compile/fee.js';
import { Missing, type Value } from '../language/value.js';
import type { Frame } from './frame.js';
import { roundTo } from './rounding.js';

/** The share of this payment. Rounded payments add up to the rounded whole: the residual goes to the first or the last. */
export function apportioned({ whole, shares, residual }: ApportionCode, rounding: RoundingCode, frame: Frame): Value {
  const total = whole.run(frame);
  if (total === null || total instanceof Missing) return total;
  const round = (value: Decimal): Decimal => roundTo(value, rounding.to, rounding.mode);
  const parts = shares.map((share) => round((total as Decimal).mul(share)));
  const own = parts[frame.n - 1];
  if (own === undefined) return null;
  if (frame.n !== (residual === 'first' ? 1 : shares.length)) return own;
  return own.add(round(total as Decimal)).sub(sum(parts));
}

const sum = (values: readonly Decimal[]): Decimal => values.reduce((a, b) => a.add(b), decimal(0n));

export interface Share {
  readonly payee: string;
  readonly amount: Decimal;
}

/**
 * Shares in proportion to what each contributed; what rounding leaves over goes to the largest, the first by name among equals. Missing
 * where nobody told what was contributed, or by whom.
 */
export function sharesOf(
  name: string,
  amount: Decimal,
  rounding: RoundingCode,
  frame: Frame,
): readonly Share[] | Missing {
  const by = new Map<string, Decimal>();
  for (const { on, value, source } of frame.person.amountsOf(name)) {
    if (on > frame.on) continue;
    if (source === undefined) return new Missing('unknown', `nobody said whose ${name} it is`);
    by.set(source, (by.get(source) ?? decimal(0n)).add(value));
  }
  const all = sum([...by.values()]);
  if (all.compare(0) <= 0) return new Missing('unknown', `nobody told ${name}, so nobody knows who shares it`);
  frame.person.used.add(`amount:${name}`);
  const ordered = [...by].sort(([a, x], [b, y]) => y.compare(x) || (a < b ? -1 : 1));
  const parts = ordered.map(([payee, value]) => ({
    payee,
    amount: roundTo(amount.mul(value).div(all), rounding.to, rounding.mode),
  }));
  return withRest(parts, amount);
}

/** Shares of what a cap left of the whole, in the same proportion. */
export const cutShares = (
  shares: readonly Share[],
  whole: Decimal,
  left: Decimal,
  rounding: RoundingCode,
): readonly Share[] =>
  withRest(
    shares.map(({ payee, amount }) => ({
      payee,
      amount: roundTo(amount.mul(left).div(whole), rounding.to, rounding.mode),
    })),
    left,
  );

function withRest(parts: readonly Share[], whole: Decimal): readonly Share[] {
  const rest = whole.sub(sum(parts.map((part) => part.amount)));
  return parts.map((part, index) => (index === 0 ? { ...part, amount: part.amount.add(rest) } : part));
}
