import { decimal, type Decimal } from '#libs/kernel/index.js';

export const ROUNDING_MODES = ['half-up', 'half-even', 'half-down', 'down', 'up'] as const;
export type RoundingMode = (typeof ROUNDING_MODES)[number];

/** To a multiple of `unit` (`0.01`, `1`, `10`); halves away from zero, to even, or towards zero; `down` cuts, `up` completes. */
export function roundTo(value: Decimal, unit: Decimal, mode: RoundingMode): Decimal {
  const steps = value.div(unit);
  const whole = steps.n / steps.d;
  const rest = (steps.n % steps.d) * 2n;
  const up = mode === 'up' ? rest > 0n : mode === 'down' ? false : goesUp(rest, steps.d, whole, mode);
  return decimal(steps.s * (up ? whole + 1n : whole)).mul(unit);
}

function goesUp(rest: bigint, whole: bigint, floor: bigint, mode: RoundingMode): boolean {
  if (rest !== whole) return rest > whole;
  return mode === 'half-up' || (mode === 'half-even' && floor % 2n === 1n);
}
