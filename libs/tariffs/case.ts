import { HubError, localDate } from '#libs/kernel/index.js';
import { dateOf } from './calendar.js';
import { checkFacts } from './check-facts.js';
import { checkTerms } from './check-terms.js';
import type { Tariff } from './compile/tariff.js';
import type { Example } from './document/document.js';
import type { AsOf, Fact, LockedTerms } from './facts.js';
import { checkMoment } from './moment.js';
import { own } from './own.js';
import { TariffCatalogue } from './catalogue.js';
import { decide } from './price.js';

/** What one pricing is about: the terms that were locked, the facts, the day. */
export interface Case {
  readonly locked: LockedTerms;
  readonly facts: readonly Fact[];
  readonly asOf: AsOf;
}

const KEYS = ['asOf', 'knownBy', 'subject', 'terms', 'attributes', 'facts', 'verified'] as const;

/**
 * Reads a case (of a file, or of a line of a programme's facts) and checks it against a tariff; of several versions, against those that
 * answer a payment of it. Errors: `case.shape`, and those of `checkTerms` and `checkFacts`.
 */
export function readCase(tariff: Tariff | readonly Tariff[], body: unknown): Case {
  const example = shaped(body);
  return 'length' in tariff ? caseOfVersions(tariff, example) : caseOf(tariff, example);
}

function shaped(body: unknown): Example {
  const shape = (message: string, field: string): HubError => new HubError('case.shape', message, { field });
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw shape('a case is an object with asOf and facts.', 'case');
  const stranger = Object.keys(body).find((key) => !KEYS.some((known) => known === key));
  if (stranger !== undefined) throw shape(`unknown key "${stranger}"; a case has ${KEYS.join(', ')}.`, stranger);
  const given = body as Partial<Record<(typeof KEYS)[number], unknown>>;
  if (typeof given.asOf !== 'string') throw shape('"asOf" (a day) is needed.', 'asOf');
  if (given.facts !== undefined && !Array.isArray(given.facts)) throw shape('"facts" is a list.', 'facts');
  if (given.subject !== undefined && given.subject !== 'person' && given.subject !== 'programme')
    throw shape('"subject" is person or programme.', 'subject');
  if (given.verified !== undefined && typeof given.verified !== 'boolean')
    throw shape('"verified" is true or false.', 'verified');
  for (const key of ['terms', 'attributes'] as const) {
    if (!isRecordOfScalars(given[key]))
      throw shape(`"${key}" holds names with values; numbers with a point as text ("0.8").`, key);
  }
  return given as unknown as Example;
}

/** A number with a point was already a binary fraction when JSON was read: it has to come as text. */
function isRecordOfScalars(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (each) =>
      typeof each === 'string' || typeof each === 'boolean' || (typeof each === 'number' && Number.isSafeInteger(each)),
  );
}

/** The case of an example whose shape the schema has accepted. */
export function caseOf(tariff: Tariff, example: Example): Case {
  const given = uncheckedCase(example);
  checkCase(tariff, given);
  return example.verified === true ? verified([tariff], given) : given;
}

function caseOfVersions(versions: readonly Tariff[], example: Example): Case {
  const given = uncheckedCase(example);
  const whole = example.verified === true ? verified(versions, given) : given;
  for (const tariff of new TariffCatalogue(versions).answering(whole)) checkCase(tariff, whole);
  return whole;
}

/** What is wrong whatever the tariff says is refused here already. */
function uncheckedCase(example: Example): Case {
  const locked: LockedTerms = {
    values: texts(example.terms),
    attributes: texts(example.attributes),
    ...(example.subject === undefined ? {} : { subject: example.subject }),
  };
  const day = at('asOf', () => localDate(example.asOf));
  const { knownBy } = example;
  if (knownBy !== undefined)
    at('knownBy', () => {
      checkMoment(knownBy);
    });
  const facts = checkFacts((example.facts ?? []).map(factOf));
  return { locked, facts, asOf: { day, ...(knownBy === undefined ? {} : { knownBy }) } };
}

function checkCase(tariff: Tariff, { locked, facts }: Case): void {
  const sections = (name: string): string =>
    own(tariff.document.attributes, name) === undefined ? `terms.${name}` : `attributes.${name}`;
  at(sections, () => {
    checkTerms(tariff, locked);
  });
  checkFacts(facts, tariff, locked);
}

/** The place in the case goes before what is wrong there. */
function at<Result>(place: string | ((field: string) => string), work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const field = typeof place === 'string' ? place : place(error.field ?? '');
    throw new HubError(error.code, `${field}: ${error.message}`, { field });
  }
}

const texts = (record: Readonly<Record<string, string | number | boolean>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));

const NUMBERS_AS_TEXT = ['weeklyHours', 'normalHoursShare', 'value'];

/** In a document numbers are written as numbers; facts carry them as text. */
function factOf(fact: unknown): unknown {
  if (typeof fact !== 'object' || fact === null) return fact;
  const entries = Object.entries(fact).map(([key, value]: [string, unknown]): [string, unknown] => {
    if (NUMBERS_AS_TEXT.includes(key)) return [key, asText(value)];
    if (key === 'attributes' && typeof value === 'object' && value !== null) {
      const inner = Object.entries(value).map(([name, each]: [string, unknown]) => [
        name,
        typeof each === 'number' ? asText(each) : each,
      ]);
      return [key, Object.fromEntries(inner)];
    }
    return [key, value];
  });
  return Object.fromEntries(entries);
}

const asText = (value: unknown): unknown =>
  typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value)) ? String(value) : value;

const ROUNDS_MAX = 200;

/** Answers every question with yes, unless a fact already answers it. */
function verified(versions: readonly Tariff[], given: Case): Case {
  const facts = [...given.facts];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const asked = versions
      .flatMap((tariff) => decide(tariff, given.locked, facts, given.asOf))
      .flatMap(({ payment }) => (payment.kind === 'needs' ? [payment] : []));
    const open = asked.filter((each) => !facts.some((fact) => answers(fact, each)));
    if (open.length === 0) break;
    for (const { question, from, to, earliest } of open) {
      const asOf = dateOf(Math.max(to, earliest));
      facts.push({ type: 'verification', question, from: dateOf(from), to: dateOf(to), asOf, answer: 'YES' });
    }
  }
  return { ...given, facts };
}

const answers = (
  fact: Fact,
  asked: { readonly question: string; readonly from: number; readonly to: number },
): boolean =>
  fact.type === 'verification' &&
  fact.question === asked.question &&
  fact.from === dateOf(asked.from) &&
  fact.to === dateOf(asked.to);
