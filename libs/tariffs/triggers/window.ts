import type { EpochDay } from '#libs/kernel/index.js';
import type { Formula } from '../document/document.js';
import type { Frame } from '../engine/frame.js';
import { judged } from '../engine/trigger.js';
import { Missing } from '../language/value.js';
import type { Code } from '../language/code.js';
import { beforePayment } from './before-payment.js';
import type { TariffNames } from '../compile/tariff-names.js';

/** First and last day of a window; without a limit, infinite. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The day on which nothing can come inside a window any more; null where it never closes. */
export const closing = ({ to }: Window): EpochDay | null => (Number.isFinite(to) ? to + 1 : null);

export interface WindowCode {
  readonly parts: readonly Code[];
  readonly run: (frame: Frame) => Window | Missing;
  /** The next day on which it may change by itself; Infinity where none is known. */
  readonly changesOn: (frame: Frame) => number;
}

/** Compiles `from` and `to` of a trigger. */
export function windowCode(
  place: string,
  rule: { readonly from?: Formula; readonly to?: Formula },
  names: TariffNames,
): WindowCode {
  const at = (key: 'from' | 'to'): Code | undefined => {
    const formula = rule[key];
    return formula === undefined
      ? undefined
      : beforePayment(`${place}.${key}`, names.at(`${place}.${key}`, formula, 'date'));
  };
  const [from, to] = [at('from'), at('to')];
  const parts = [from, to].filter((code) => code !== undefined);
  return {
    parts,
    changesOn: (frame) => Math.min(...parts.map((code) => code.changesOn?.(frame) ?? Infinity)),
    run: (frame) => {
      const [first, last] = [from, to].map((code) => (code === undefined ? null : judged(code, frame)));
      if (first instanceof Missing) return first;
      if (last instanceof Missing) return last;
      return { from: (first as number | null) ?? -Infinity, to: (last as number | null) ?? Infinity };
    },
  };
}
