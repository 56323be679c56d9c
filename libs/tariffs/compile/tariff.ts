import { asCurrency, HubError, localDate, type Currency, type LocalDate } from '#libs/kernel/index.js';
import { epochDay, partsOf, type TariffCalendar } from '../calendar.js';
import type { AttributeRule, CapRule, TariffDocument, TermRule } from '../document/document.js';
import { constant, type Code } from '../language/code.js';
import { own } from '../own.js';
import { limitOf } from '../triggers/above-zero.js';
import { limitsOf, type Limits } from './declarations.js';
import { compileFee, roundingOf, type CompiledFee } from './fee.js';
import { checkContradictions } from './contradictions.js';
import { located } from './located.js';
import { noFee } from './no-fee.js';
import { TariffNames, type PublishedSeries } from './tariff-names.js';

/** A tariff version, compiled once to price many. */
export interface Tariff {
  readonly document: TariffDocument;
  readonly id: string;
  readonly version: string;
  readonly currency: Currency;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  readonly calendar: TariffCalendar;
  /** The day that decides whether this version prices a referral. */
  readonly versionDate: Code | undefined;
  readonly ceiling: Code | undefined;
  readonly terms: ReadonlyMap<string, Limits>;
  readonly attributes: ReadonlyMap<string, Limits>;
  /** In the order of the document. */
  readonly fees: readonly CompiledFee[];
  /** The same, each after those it asks about. */
  readonly decided: readonly CompiledFee[];
  readonly caps: readonly CompiledCap[];
  /** Formulas that no fee uses are compiled too: a mistake in them is one now. */
  readonly names: TariffNames;
  /** The line of a place in its file, or of what holds it. */
  readonly lineOf: (place: string) => number;
}

export interface CompiledCap {
  readonly id: string;
  readonly rule: CapRule;
  readonly fees: ReadonlySet<string>;
  readonly amount: Code | undefined;
  readonly payments: Code | undefined;
  /** A value for each payment: those with the same share the cap. Undefined: all do, or the calendar year decides. */
  readonly per: Code | undefined;
}

/** Compiles a document whose shape the schema has accepted. Errors carry the place in the document as `field`. */
export function compileTariff(
  document: TariffDocument,
  published: PublishedSeries = new Map(),
): Omit<Tariff, 'lineOf'> {
  const names = new TariffNames(document, published);
  const validFrom = day('validFrom', document.validFrom);
  const validTo = document.validTo === undefined ? null : day('validTo', document.validTo);
  if (validTo !== null && validTo < validFrom)
    throw new HubError('tariff.period', 'validTo lies before validFrom.', { field: 'validTo' });
  compileNames(document, names);
  checkContradictions(document, names);
  const currency = currencyOf(document);
  const fees = compileFees(document, names, currency);
  return {
    ...{ document, validFrom, validTo, names, fees },
    id: document.tariff,
    version: document.version,
    currency,
    calendar: calendarOf(document),
    versionDate: document.versionDate === undefined ? undefined : names.at('versionDate', document.versionDate, 'date'),
    ceiling: document.ceiling === undefined ? undefined : names.at('ceiling', document.ceiling, 'number'),
    terms: allLimits('terms', document.terms, names),
    attributes: allLimits('attributes', document.attributes, names),
    decided: inOrder(fees, document),
    caps: Object.entries(document.caps ?? {}).map(([id, rule]) => capOf(id, rule, fees, names)),
  };
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

function currencyOf({ currency }: TariffDocument): Currency {
  const code = located('currency', () => asCurrency(currency));
  if (CURRENCIES.has(code)) return code;
  throw new HubError('tariff.currency', `"${code}" is no currency of ISO 4217.`, { field: 'currency' });
}

const day = (field: string, text: string): LocalDate => located(field, () => localDate(text));

const NAMED = ['terms', 'attributes', 'parameters', 'bands', 'tables', 'values', 'days'] as const;

/** Compiles whatever has a name, so that a mistake is found even where nothing uses it. */
function compileNames(document: TariffDocument, names: TariffNames): void {
  for (const section of NAMED) {
    for (const name of Object.keys(document[section] ?? {})) {
      // A series is followed by a day, and a table by keys, where they are not fixed: each is compiled as it would be used.
      const code =
        section === 'tables'
          ? names.cell(
              name,
              (own(document.tables, name)?.by ?? []).map(() => constant('text', '')),
            )
          : names.value(name, section === 'parameters' && isSeries(document, name) ? constant('date', 0) : undefined);
      if (typeof code === 'string') throw new HubError('tariff.name', code, { field: `${section}.${name}` });
    }
  }
}

const isSeries = ({ parameters }: TariffDocument, name: string): boolean => {
  const rule = own(parameters, name);
  return typeof rule === 'object' && (rule.series !== undefined || rule.published !== undefined);
};

function compileFees(document: TariffDocument, names: TariffNames, currency: Currency): readonly CompiledFee[] {
  const rounding = roundingOf('rounding', document.rounding, currency);
  const pay = Object.entries(document.fees).map(([id, rule]) => compileFee(id, rule, 'pay', names, rounding, currency));
  const recover = Object.entries(document.recoveries ?? {}).map(([id, rule]) =>
    compileFee(id, rule, 'recover', names, rounding, currency),
  );
  const twin = recover.find(({ id }) => Object.hasOwn(document.fees, id));
  if (twin !== undefined)
    throw new HubError('tariff.name', `"${twin.id}" is a fee too: choose another name.`, { field: twin.place });
  return [...pay, ...recover];
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

function calendarOf({ calendar }: TariffDocument): TariffCalendar {
  const weekend = (calendar.weekend ?? ['saturday', 'sunday']).map((name) => WEEKDAYS.indexOf(name.toLowerCase()) + 1);
  if (new Set(weekend).size === WEEKDAYS.length)
    throw new HubError('tariff.calendar', 'a week has at least one working day.', { field: 'calendar.weekend' });
  const none = calendar.holidays === 'none';
  const listed = none ? [] : (calendar.holidays ?? []);
  const holidays = listed.map((text) => located('calendar.holidays', () => epochDay(localDate(text))));
  return {
    months: calendar.months,
    weekend: new Set(weekend),
    holidays: new Set(holidays),
    holidayYears: none ? undefined : new Set(holidays.map((each) => partsOf(each).year)),
  };
}

const allLimits = (
  section: 'terms' | 'attributes',
  rules: Readonly<Record<string, TermRule | AttributeRule>> | undefined,
  names: TariffNames,
): ReadonlyMap<string, Limits> =>
  new Map(Object.entries(rules ?? {}).map(([name, rule]) => [name, limitsOf(`${section}.${name}`, rule, names.at)]));

function capOf(id: string, rule: CapRule, fees: readonly CompiledFee[], names: TariffNames): CompiledCap {
  const all = fees.filter((fee) => fee.direction === 'pay').map((fee) => fee.id);
  const capped = rule.fees === 'all' ? all : rule.fees;
  const stranger = capped.find((fee) => !all.includes(fee));
  if (stranger !== undefined) throw noFee(stranger, all, `caps.${id}.fees`);
  if (rule.amount === undefined && rule.payments === undefined)
    throw new HubError('tariff.cap', 'a cap limits an amount or a number of payments.', { field: `caps.${id}` });
  return {
    id,
    rule,
    fees: new Set(capped),
    amount: rule.amount === undefined ? undefined : names.at(`caps.${id}.amount`, rule.amount, 'number'),
    payments:
      rule.payments === undefined
        ? undefined
        : limitOf(`caps.${id}.payments`, names.at(`caps.${id}.payments`, rule.payments, 'number')),
    per:
      rule.per === undefined || rule.per === 'person' || rule.per === 'calendar-year'
        ? undefined
        : names.any(`caps.${id}.per`, rule.per),
  };
}

/** Each fee after those it asks about; of a group where one is paid, after the whole group. */
function inOrder(fees: readonly CompiledFee[], document: TariffDocument): readonly CompiledFee[] {
  const byId = new Map(fees.map((fee) => [fee.id, fee]));
  const groups = Object.entries(document.oneOf ?? {});
  for (const [group, members] of groups) {
    const stranger = members.find((id) => !byId.has(id));
    if (stranger !== undefined) throw noFee(stranger, [...byId.keys()], `oneOf.${group}`);
  }
  const groupOf = (id: string): readonly string[] => groups.find(([, members]) => members.includes(id))?.[1] ?? [id];
  const ordered: CompiledFee[] = [];
  const underway: string[] = [];
  const visit = (fee: CompiledFee): void => {
    if (ordered.includes(fee)) return;
    if (underway.includes(fee.id)) {
      const circle = [...underway.slice(underway.indexOf(fee.id)), fee.id].join(' → ');
      throw new HubError('tariff.circle', `each waits for the other: ${circle}.`, { field: fee.place });
    }
    underway.push(fee.id);
    const own = groupOf(fee.id);
    for (const id of fee.after) {
      const needed = own.includes(id) ? [id] : groupOf(id);
      for (const each of needed) {
        const other = byId.get(each);
        if (other !== undefined) visit(other);
      }
    }
    underway.pop();
    ordered.push(fee);
  };
  for (const fee of fees) visit(fee);
  return ordered;
}
