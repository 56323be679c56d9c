import { HubError } from '#libs/kernel/index.js';
import type { Code } from '../language/code.js';

/** A formula that decides when a payment is reached, and so has none to ask about. Error: `tariff.trigger`. */
export function beforePayment(place: string, code: Code): Code {
  if (code.asksPayment !== true) return code;
  const message =
    '"on", "periodStart", "periodEnd" and "n" are of a payment, and here there is none yet: name a day of the person.';
  throw new HubError('tariff.trigger', message, { field: place });
}
