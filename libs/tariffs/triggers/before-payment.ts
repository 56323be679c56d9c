import { HubError } from '#libs/kernel/index.js';
import type { Code } from '../language/code.js';

/** A formula that decides when a payment is reached, and so has none to ask about. Error: `tariff.trigger`. */
export function beforePayment(place: string, code: Code): Code {
  if (code.asksPayment !== true) return code;
  const message =
    '"on", "periodStart", "periodEnd", "n" and "paid" or "payments" without days ask about a payment, and here there is none yet: name days of the person.';
  throw new HubError('tariff.trigger', message, { field: place });
}
