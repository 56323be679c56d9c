import { number } from '../engine/person.js';
import type { Spell } from '../engine/person.js';
import type { Decimal } from '#libs/kernel/index.js';
import { epochDay } from '../calendar.js';
import { Missing, type Type, type Value } from './value.js';

interface Field {
  readonly type: Type;
  readonly of: (spell: Spell) => Value | undefined;
}

const numeric = (text: string | number | null | undefined): Value | undefined =>
  text == null ? undefined : number(text.toString());

/** What every spell can be asked. Others are declared by a tariff under `details`. */
export const SPELL_FIELDS: Readonly<Record<string, Field>> = {
  start: { type: 'date', of: (spell) => spell.start },
  end: {
    type: 'date',
    of: (spell) => (spell.end === Infinity ? new Missing('pending', 'the spell goes on') : spell.end),
  },
  open: { type: 'truth', of: (spell) => spell.end === Infinity },
  weeklyHours: { type: 'number', of: ({ fact }) => numeric(fact.weeklyHours) },
  contractType: { type: 'text', of: ({ fact }) => fact.contractType },
  contractMonths: { type: 'number', of: ({ fact }) => numeric(fact.contractMonths) },
  normalHoursShare: { type: 'number', of: ({ fact }) => numeric(fact.normalHoursShare) },
  insured: { type: 'truth', of: ({ fact }) => fact.insured },
  employer: { type: 'text', of: ({ fact }) => fact.employer },
  country: { type: 'text', of: ({ fact }) => fact.country },
  reportedOn: {
    type: 'date',
    of: ({ fact }) => (fact.reportedOn === undefined ? undefined : epochDay(fact.reportedOn)),
  },
};

export const fieldOf = (spell: Spell, name: string, field: Field): Value =>
  field.of(spell) ?? new Missing('unknown', `nobody said the ${name} of ${spell.id}`);

/** A number of a spell: a field, or a detail that the tariff declared as a number. */
export function numberField(spell: Spell, name: string): Decimal | Missing {
  const field = SPELL_FIELDS[name];
  const value = field === undefined ? detailOf(spell, name) : fieldOf(spell, name, field);
  if (value instanceof Missing) return value;
  return value as Decimal;
}

const detailOf = (spell: Spell, name: string): Value => {
  const text = spell.fact.attributes?.[name];
  return typeof text === 'string' ? number(text) : new Missing('unknown', `nobody said the ${name} of ${spell.id}`);
};
