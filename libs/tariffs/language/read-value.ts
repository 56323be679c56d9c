import { HubError, localDate } from '#libs/kernel/index.js';
import { epochDay } from '../calendar.js';
import { number } from '../engine/person.js';
import { Missing, type Type, type Value } from './value.js';

/** What a tariff declares of a term, an attribute or a detail. */
export interface Kind {
  readonly kind: 'money' | 'number' | 'code' | 'text' | 'date' | 'truth';
  readonly codes?: readonly string[];
}

const TYPES = { money: 'number', number: 'number', code: 'text', text: 'text', date: 'date', truth: 'truth' } as const;

export const typeOfKind = (kind: Kind['kind']): Type => TYPES[kind];

/** A text as a value of its kind. Error: `terms.value`, with what would be right. */
export function readValue(text: string, { kind, codes }: Kind): Value {
  const wrong = (message: string): HubError => new HubError('terms.value', message);
  if (codes !== undefined && !codes.includes(text)) throw wrong(`"${text}" is not one of: ${codes.join(', ')}.`);
  if (kind === 'truth') {
    if (text !== 'true' && text !== 'false') throw wrong(`"${text}" is neither true nor false.`);
    return text === 'true';
  }
  try {
    if (kind === 'date') return epochDay(localDate(text));
    return kind === 'money' || kind === 'number' ? number(text) : text;
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

/** The same inside a formula: what cannot be read is not known. */
export function valueOrMissing(name: string, text: string, kind: Kind): Value {
  try {
    return readValue(text, kind);
  } catch (error) {
    return new Missing('unknown', `${name}: ${(error as Error).message.replace(/\.$/, '')}`);
  }
}
