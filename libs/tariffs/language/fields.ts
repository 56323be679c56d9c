import type { Spell } from '../engine/person.js';
import type { Decimal } from '#libs/kernel/index.js';
import { epochDay } from '../calendar.js';
import { own } from '../own.js';
import { valueOrMissing } from './read-value.js';
import { Missing, type Type, type Value } from './value.js';

interface Field {
  readonly type: Type;
  readonly of: (spell: Spell) => Value | undefined;
}

const numeric = (name: string, text: string | number | null | undefined): Value | undefined =>
  text == null ? undefined : valueOrMissing(name, String(text), { kind: 'number' });

/** What every spell can be asked. Others are declared by a tariff under `details`. */
export const SPELL_FIELDS: Readonly<Record<string, Field>> = {
  start: { type: 'date', of: (spell) => spell.start },
  end: {
    type: 'date',
    of: (spell) => (spell.end === Infinity ? new Missing('pending', 'the spell goes on') : spell.end),
  },
  open: { type: 'truth', of: (spell) => spell.end === Infinity },
  weeklyHours: { type: 'number', of: ({ fact }) => numeric('weeklyHours', fact.weeklyHours) },
  contractType: { type: 'text', of: ({ fact }) => fact.contractType },
  contractMonths: { type: 'number', of: ({ fact }) => numeric('contractMonths', fact.contractMonths) },
  normalHoursShare: { type: 'number', of: ({ fact }) => numeric('normalHoursShare', fact.normalHoursShare) },
  insured: { type: 'truth', of: ({ fact }) => (typeof fact.insured === 'boolean' ? fact.insured : undefined) },
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
  const field = own(SPELL_FIELDS, name);
  return (field === undefined ? detailOf(spell, name) : fieldOf(spell, name, field)) as Decimal | Missing;
}

const detailOf = (spell: Spell, name: string): Value => {
  const text = own(spell.fact.attributes, name);
  return text === undefined
    ? new Missing('unknown', `nobody said the ${name} of ${spell.id}`)
    : valueOrMissing(name, String(text), { kind: 'number' });
};
