import { decimal, HubError, localDate, type Decimal } from '#libs/kernel/index.js';
import { canonical } from './canonical.js';
import { checkDecision } from './check-terms.js';
import type { Tariff } from './compile/tariff.js';
import { isCountry } from './country.js';
import { identityOf, isGone, knownAt } from './engine/person.js';
import type { Fact, LockedTerms } from './facts.js';
import { readValue } from './language/read-value.js';
import { checkMoment } from './moment.js';
import { own } from './own.js';

const refused = (code: string, field: string | undefined, message: string): HubError =>
  new HubError(`fact.${code}`, message, field === undefined ? {} : { field });

const wrong = (code: string, message: string): never => {
  throw refused(code, undefined, message);
};

/** Reads one field: throws what would be right. */
type Field = (value: unknown) => void;

const text: Field = (value) => {
  if (typeof value !== 'string' || value.trim() === '') wrong('missing', 'a text is needed.');
};
const flag: Field = (value) => {
  if (typeof value !== 'boolean') wrong('value', `${JSON.stringify(value)} is neither true nor false.`);
};
const oneOf =
  (code: string, words: readonly string[]): Field =>
  (value) => {
    if (!words.some((word) => word === value)) wrong(code, `${JSON.stringify(value)} is none of ${words.join(', ')}.`);
  };
const day: Field = (value) => {
  text(value);
  reading('date', () => localDate(value as string));
};
const moment: Field = (value) => {
  reading('date', () => {
    checkMoment(value);
  });
};
const country: Field = (value) => {
  if (!isCountry(value)) wrong('value', `${JSON.stringify(value)} is no country: two letters of ISO 3166, "DE".`);
};
const currency: Field = (value) => {
  if (typeof value !== 'string' || !/^[A-Z]{3}$/.test(value))
    wrong('currency', `${JSON.stringify(value)} is no currency: three letters of ISO 4217, "EUR".`);
};
const number = (value: unknown): Decimal =>
  reading('number', () => {
    if (typeof value !== 'string') throw new Error('a number as text is needed, "19.5".');
    return decimal(value);
  });
const anyNumber: Field = (value) => void number(value);
const WEEK_HOURS = 168;
const hours: Field = (value) => {
  const read = number(value);
  if (read.compare(0) < 0 || read.compare(WEEK_HOURS) > 0) wrong('hours', `a week has 0 to ${WEEK_HOURS} hours.`);
};
const share: Field = (value) => {
  const read = number(value);
  if (read.compare(0) < 0 || read.compare(1) > 0) wrong('hours', "a share of a full-timer's hours is 0 to 1.");
};
const months: Field = (value) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    wrong('number', 'months are a whole number, not negative and not as text: 6.');
};
const texts: Field = (value) => {
  if (!Array.isArray(value)) wrong('value', 'a list of texts is needed.');
  (value as readonly unknown[]).forEach(text);
};
const details: Field = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong('value', 'names with values are needed.');
  for (const [name, each] of Object.entries(value))
    if (typeof each !== 'boolean' && typeof each !== 'string')
      wrong('value', `${name} is a text, a number as text, true or false.`);
};
const orNull =
  (field: Field): Field =>
  (value) => {
    if (value !== null) field(value);
  };

/** Of an error, only what was wrong; which fact and field is said by those who know. */
function reading<Result>(code: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    return wrong(code, (error as Error).message);
  }
}

type Fields = Readonly<Record<string, Field>>;

const CONTRACT_TYPES = ['OPEN_ENDED', 'FIXED_TERM', 'APPRENTICESHIP', 'SELF_EMPLOYED'];

/** Every field of every fact: those that are needed, and those that may be there. No other may. */
const SHAPES: { readonly [Type in Fact['type']]: { readonly needs: Fields; readonly may: Fields } } = {
  spell: {
    needs: { spellId: text, start: day },
    may: {
      ...{ kind: text, end: orNull(day), weeklyHours: hours, contractType: oneOf('value', CONTRACT_TYPES) },
      ...{ contractMonths: orNull(months), normalHoursShare: orNull(share), insured: flag, employer: text },
      ...{ country, reportedOn: day, attributes: details },
    },
  },
  'spell-retracted': { needs: { spellId: text }, may: {} },
  'past-employment': { needs: { employer: text, start: day, end: day }, may: { insured: flag } },
  event: { needs: { name: text, on: day }, may: { attributes: details } },
  amount: { needs: { name: text, on: day, value: anyNumber }, may: { currency } },
  attribute: { needs: { name: text, from: day, value: text }, may: {} },
  verification: {
    needs: { question: text, from: day, to: day, asOf: day, answer: oneOf('answer', ['YES', 'NO', 'UNKNOWN']) },
    may: {},
  },
  claim: { needs: { on: day }, may: { fee: text, evidence: texts } },
};
const COMMON: Fields = { id: text, knownSince: moment, retracted: flag, source: text, reason: text };

/**
 * Refuses facts that cannot be: an unknown kind, key or value of any field, a spell that ends before it starts, and two facts that
 * contradict each other. With a tariff also what it declares otherwise: attributes and details of another kind, code or size, money
 * of another currency. Errors: `fact.type`, `fact.key`, `fact.missing`, `fact.date`, `fact.period`, `fact.hours`, `fact.number`,
 * `fact.value`, `fact.currency`, `fact.answer`, `fact.contradiction`; `field` is the place.
 */
export function checkFacts(
  facts: readonly unknown[],
  tariff?: Tariff,
  locked: LockedTerms = { values: {}, attributes: {} },
): readonly Fact[] {
  const checked = facts.map((fact, index) =>
    placed(`facts[${index}]`, () => {
      const read = checkShape(fact);
      if (tariff !== undefined) checkMeaning(read, tariff, locked);
      return read;
    }),
  );
  checkContradictions(checked, tariff);
  return checked;
}

function placed<Result>(place: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const field = error.field === undefined ? place : `${place}.${error.field}`;
    // Which field was named inside is in the place already.
    const message = error.message.startsWith(`${field}: `) ? error.message : `${field}: ${error.message}`;
    throw new HubError(error.code, message, { field });
  }
}

/** The field that an error is about, where it names none itself. */
function inField(name: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    throw new HubError(error.code, error.message, { field: name });
  }
}

function checkShape(given: unknown): Fact {
  const type = typeof given === 'object' && given !== null ? (given as { readonly type?: unknown }).type : undefined;
  const shape = typeof type === 'string' ? own(SHAPES, type) : undefined;
  if (shape === undefined)
    throw refused(
      'type',
      'type',
      `${JSON.stringify(type ?? given)} is not a kind of fact: ${Object.keys(SHAPES).join(', ')}.`,
    );
  const fact = given as Readonly<Record<string, unknown>>;
  const { needs, may } = shape;
  for (const name of Object.keys(needs))
    if (fact[name] === undefined) throw refused('missing', name, `${String(type)} needs "${name}".`);
  for (const [name, value] of Object.entries(fact)) {
    const field = own(needs, name) ?? own(may, name) ?? own(COMMON, name);
    if (name === 'type' || value === undefined) continue;
    if (field === undefined)
      throw refused(
        'key',
        name,
        `a ${String(type)} has no "${name}": ${Object.keys({ ...needs, ...may }).join(', ')}.`,
      );
    inField(name, () => {
      field(value);
    });
  }
  const { start, end, from, to } = given as Readonly<
    Record<'start' | 'end' | 'from' | 'to', string | null | undefined>
  >;
  if (start != null && end != null && end < start) throw refused('period', 'end', 'it ends before it starts.');
  if (from != null && to != null && to < from) throw refused('period', 'to', 'the span ends before it starts.');
  return given as Fact;
}

/** What the tariff declares otherwise. */
function checkMeaning(fact: Fact, tariff: Tariff, locked: LockedTerms): void {
  const asFact = (name: string, work: () => void): void => {
    inField(name, () => {
      reading('value', work);
    });
  };
  if (fact.type === 'attribute')
    asFact('value', () => {
      checkDecision(tariff, locked, fact.name, fact.value);
    });
  if (fact.type === 'amount' && fact.currency !== undefined && fact.currency !== tariff.currency)
    throw refused('currency', 'currency', `the tariff pays in ${tariff.currency}, not in ${fact.currency}.`);
  if (fact.type !== 'spell' && fact.type !== 'event') return;
  for (const [name, value] of Object.entries(fact.attributes ?? {})) {
    const kind = own(tariff.document.details, name);
    if (kind === undefined) continue;
    asFact(`attributes.${name}`, () => {
      readValue(String(value), { kind });
    });
  }
}

/** Two facts of which nobody can say which one counts. */
function checkContradictions(facts: readonly Fact[], tariff: Tariff | undefined): void {
  const seen = new Map<string, number>();
  for (const [index, fact] of facts.entries()) {
    const subject = subjectOf(fact, tariff);
    if (subject === undefined || isGone(fact)) continue;
    const key = `${subject} ${knownAt(fact)}`;
    const other = seen.get(key);
    if (other === undefined) seen.set(key, index);
    else if (said(facts[other]) !== said(fact)) {
      const field = `facts[${index}]`;
      const when = fact.knownSince === undefined ? 'with no "knownSince"' : `both known since ${fact.knownSince}`;
      throw refused(
        'contradiction',
        field,
        `${field}: it says something else than facts[${other}] about the same, ${when}: the later one needs a later moment.`,
      );
    }
  }
}

/** What a fact is about, where there can be one truth only at each moment of knowledge. */
function subjectOf(fact: Fact, tariff: Tariff | undefined): string | undefined {
  if (fact.type !== 'attribute') return identityOf(fact);
  const sources = own(tariff?.document.attributes, fact.name)?.sources;
  const by = tariff === undefined || sources !== undefined ? ` ${fact.source ?? ''}` : '';
  return `attribute ${fact.name} ${fact.from}${by}`;
}

/** What a fact says, but not who said it when and why. */
function said(fact: Fact | undefined): string {
  if (fact?.type === 'attribute') return fact.value;
  return canonical({ ...fact, knownSince: undefined, source: undefined, reason: undefined });
}
