import { decimal, minorDigits, type Decimal } from '#libs/kernel/index.js';
import { dateOf, epochDay } from '../calendar.js';
import { caseOf } from '../case.js';
import { within } from '../compile/declarations.js';
import type { CompiledFee } from '../compile/fee.js';
import type { Tariff } from '../compile/tariff.js';
import type { Formula } from '../document/document.js';
import { Person } from '../engine/person.js';
import { constantOf, numberInWords } from '../language/code.js';
import { parseFormula, type Ast } from '../language/parse.js';
import { Missing, type Value } from '../language/value.js';
import { own } from '../own.js';
import { price, startOf } from '../price.js';
import { strangersIn } from '../strangers.js';
import { error, isNumber, leavesOf, rulesOf, warning, type Finding } from './finding.js';
import { overlappingWindows, unreachableFees } from './lint-fees.js';
import { bandFindings, tableFindings } from './lint-tables.js';
import { contradicted } from './never-true.js';

/** Looks for what the shape and the types cannot show. A tariff without findings may still be wrong; its examples prove it. */
export function lintTariff(tariff: Tariff): readonly Finding[] {
  const earned = earnedFees(tariff);
  return [
    ...unreachableFees(tariff, earned),
    ...overlappingWindows(tariff),
    ...bandFindings(tariff),
    ...tableFindings(tariff),
    ...emptyDays(tariff),
    ...capFindings(tariff),
    ...ceilingFindings(tariff),
    ...defaultFindings(tariff),
    ...unusedNames(tariff),
    ...unprovedFees(tariff, earned),
    ...strangersInExamples(tariff),
  ];
}

const strangersInExamples = (tariff: Tariff): readonly Finding[] =>
  Object.entries(tariff.document.examples).flatMap(([id, example]) =>
    strangersIn([tariff], example).map((message) => warning(`examples.${id}`, message)),
  );

/** What is wrong between versions, and in the document of which it is to be mended. */
export interface VersionFinding extends Finding {
  readonly tariff: Tariff;
}

/** Versions of one tariff must follow each other, no overlap, no gap, and say which of them pays. */
export function lintVersions(tariffs: readonly Tariff[]): readonly VersionFinding[] {
  const byId = Map.groupBy(tariffs, (tariff) => tariff.id);
  return [...byId.values()].flatMap((versions) => {
    const ordered = versions.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
    return [
      ...ordered.flatMap((later, index) => neighbourFindings(ordered.slice(0, index), later)),
      ...(versions.length > 1 ? versions.flatMap(undatedFindings) : []),
    ];
  });
}

function neighbourFindings(before: readonly Tariff[], later: Tariff): readonly VersionFinding[] {
  // The one that holds longest may lie further back.
  const earlier = before.reduce<Tariff | undefined>(longer, undefined);
  if (earlier === undefined) return [];
  const pair = `${later.id}: ${earlier.version} and ${later.version}`;
  if (before.some(({ version }) => version === later.version)) {
    const twice = `${later.id}: version ${later.version} is there twice; each has a name of its own.`;
    return [{ ...error('version', twice), tariff: later }];
  }
  if (earlier.validTo === null || earlier.validTo >= later.validFrom) {
    const overlap = `${pair} overlap: ${earlier.version} has to end before ${later.validFrom}.`;
    return [{ ...error('validTo', overlap), tariff: earlier }];
  }
  const free = epochDay(earlier.validTo) + 1;
  const currencies = `${pair} pay in ${earlier.currency} and ${later.currency}: is that meant?`;
  const gap = `${pair} leave a gap: no version holds from ${dateOf(free)} to the day before ${later.validFrom}.`;
  return [
    ...(earlier.currency === later.currency ? [] : [{ ...warning('currency', currencies), tariff: later }]),
    ...(free === epochDay(later.validFrom) ? [] : [{ ...warning('validFrom', gap), tariff: later }]),
  ];
}

/** Where nobody said on which day it hangs which version pays, nothing that it pays is known. */
function undatedFindings(tariff: Tariff): readonly VersionFinding[] {
  const undated =
    tariff.versionDate === undefined ? tariff.fees.find((fee) => fee.versionDate === undefined) : undefined;
  if (undated === undefined) return [];
  const whose = `${tariff.id}: ${tariff.version}`;
  const message = `${whose}: nothing says which day decides which version pays ${undated.id}; write versionDate: accepted, or versionDate: on (the day of the payment), or another day.`;
  return [{ ...error('versionDate', message), tariff }];
}

const longer = (one: Tariff | undefined, other: Tariff): Tariff =>
  one === undefined || (one.validTo !== null && (other.validTo === null || other.validTo > one.validTo)) ? other : one;

/** Amounts that a fee comes to in some case, as far as the document itself says. */
function amountsOf(tariff: Tariff, { amount, rule }: CompiledFee): readonly Decimal[] {
  const { fixed, apportion } = amount;
  if (fixed !== undefined) return [fixed.amount];
  if (apportion !== undefined) {
    const whole = constantOf(apportion.whole);
    return isNumber(whole) ? apportion.shares.map((share) => whole.mul(share)) : [];
  }
  if (typeof rule.amount === 'object') return [];
  return amountsOfFormula(tariff, parseFormula(String(rule.amount)));
}

/** The cells of the table that a formula names, itself or through a value; of what it looks up or chooses, the least. */
function amountsOfFormula(tariff: Tariff, formula: Ast): readonly Decimal[] {
  const of = (part: Ast): readonly Decimal[] => amountsOfFormula(tariff, part);
  switch (formula.kind) {
    case 'number':
      return constantAmount(tariff, formula.text);
    case 'name':
      return amountsOfName(tariff, formula.name);
    case 'at':
      return of(formula.what);
    case 'cell':
      return least(cellsOf(tariff, formula.name));
    case 'if': {
      const [yes, no] = [of(formula.yes), of(formula.no)];
      return yes.length > 0 && no.length > 0 ? least([...yes, ...no]) : [];
    }
    case 'binary':
      return formula.operator === '*'
        ? of(formula.left).flatMap((factor) => of(formula.right).map((each) => factor.mul(each)))
        : [];
    default:
      return [];
  }
}

function amountsOfName(tariff: Tariff, name: string): readonly Decimal[] {
  const { document, names, terms } = tariff;
  const value = own(document.values, name);
  if (value !== undefined) return amountsOfFormula(tariff, parseFormula(String(value)));
  const parameter = own(document.parameters, name);
  if (typeof parameter === 'object' && parameter.series !== undefined)
    return least(Object.values(parameter.series).flatMap((each) => constantAmount(tariff, each)));
  const code = parameter === undefined ? undefined : names.value(name, undefined);
  const amount = typeof code === 'string' ? undefined : constantOf(code);
  if (isNumber(amount)) return [amount];
  const min = constantOf(terms.get(name)?.min);
  return isNumber(min) ? [min] : cellsOf(tariff, name);
}

const cellsOf = (tariff: Tariff, table: string): readonly Decimal[] =>
  leavesOf(own(tariff.document.tables, table)?.cells ?? {}).flatMap((cell) => constantAmount(tariff, cell));

function constantAmount({ names }: Tariff, formula: Formula): readonly Decimal[] {
  const amount = constantOf(names.any('', formula));
  return isNumber(amount) ? [amount] : [];
}

const least = (amounts: readonly Decimal[]): readonly Decimal[] => amounts.toSorted((a, b) => a.compare(b)).slice(0, 1);

function capFindings(tariff: Tariff): readonly Finding[] {
  const { caps, fees, ceiling } = tariff;
  const above = (place: string, most: Value | undefined, capped: readonly CompiledFee[]): readonly Finding[] =>
    capped.flatMap((fee) => {
      const largest = amountsOf(tariff, fee).reduce((a, b) => (b.compare(a) > 0 ? b : a), decimal(0n));
      if (!isNumber(most) || largest.compare(most) <= 0) return [];
      // One cell of a table may be meant to be cut; an amount that is always cut is a mistake.
      const level = fee.amount.fixed === undefined ? warning : error;
      return [level(place, `lies below the fee ${fee.id} of ${numberInWords(largest)}.`)];
    });
  return [
    ...above(
      'ceiling',
      constantOf(ceiling),
      fees.filter(({ direction, subject }) => direction === 'pay' && subject === 'person'),
    ),
    ...caps.flatMap((cap) =>
      cap.fees.size === 0
        ? [error(`caps.${cap.id}.fees`, 'no fee stands under it.')]
        : above(
            `caps.${cap.id}.amount`,
            constantOf(cap.amount),
            fees.filter(({ id }) => cap.fees.has(id)),
          ),
    ),
  ];
}

/** Days that are taken away from themselves, or are asked for what cannot be. */
const emptyDays = (tariff: Tariff): readonly Finding[] =>
  Object.entries(tariff.document.days ?? {}).flatMap(([name, { days, without, where }]) => [
    ...(days !== undefined && days === without
      ? [error(`days.${name}.without`, `no day is in it: it is ${String(days)} without ${String(days)}.`)]
      : []),
    ...(where !== undefined && contradicted(tariff, [where]) !== undefined
      ? [error(`days.${name}.where`, `no day is in it: "${String(where)}" is never true.`)]
      : []),
  ]);

/** A default outside its limits is nobody's price: what was stated is refused there, too. */
function defaultFindings(tariff: Tariff): readonly Finding[] {
  const frame = startOf(tariff, new Person({ values: {}, attributes: {} }, [], { day: tariff.validFrom }));
  return [...tariff.terms, ...tariff.attributes].flatMap(([name, limits]) => {
    const value = limits.fallback?.run(frame);
    if (value === undefined || value === null || value instanceof Missing) return [];
    const allowed = within(name, value, limits, frame);
    const place = `${tariff.terms.has(name) ? 'terms' : 'attributes'}.${name}.default`;
    return allowed instanceof Missing ? [error(place, `nothing can be priced by it: ${allowed.reason}.`)] : [];
  });
}

/** Examples that come to more than the ceiling show that one of the two is wrong. */
function ceilingFindings(tariff: Tariff): readonly Finding[] {
  const { ceiling } = tariff;
  if (ceiling === undefined) return [];
  return acceptedExamples(tariff).flatMap(({ id, given, fees }) => {
    if (given.locked.subject === 'programme') return [];
    const most = ceiling.run(startOf(tariff, new Person(given.locked, given.facts, given.asOf)));
    if (most === null || most instanceof Missing) return [];
    const sum = fees.reduce(
      (all, fee) => (fee.kind === 'due' && fee.direction === 'pay' ? all + fee.amount.amountMinor : all),
      0n,
    );
    const comesTo = decimal(sum).div(10 ** minorDigits(tariff.currency));
    return isNumber(most) && comesTo.compare(most) > 0
      ? [error('ceiling', `example ${id} comes to more than the ceiling.`)]
      : [];
  });
}

function acceptedExamples(tariff: Tariff) {
  return Object.entries(tariff.document.examples).flatMap(([id, example]) => {
    if (example.refused !== undefined) return [];
    try {
      const given = caseOf(tariff, example);
      return [{ id, given, fees: price(tariff, given.locked, given.facts, given.asOf) }];
    } catch {
      // The example itself fails and says why; it proves nothing here.
      return [];
    }
  });
}

const earnedFees = (tariff: Tariff): ReadonlySet<string> =>
  new Set(
    acceptedExamples(tariff).flatMap(({ fees }) => fees.filter((fee) => fee.kind === 'due').map((fee) => fee.feeId)),
  );

/** A fee that no example earns is not proved. */
const unprovedFees = (tariff: Tariff, earned: ReadonlySet<string>): readonly Finding[] =>
  tariff.fees.filter((fee) => !earned.has(fee.id)).map((fee) => warning(fee.place, 'no example earns it.'));

const NAMED = [
  'terms',
  'attributes',
  'parameters',
  'bands',
  'tables',
  'values',
  'days',
  'amounts',
  'details',
  'events',
] as const;

/** What is declared and named nowhere else. */
function unusedNames({ document }: Tariff): readonly Finding[] {
  const texts = rulesOf(document);
  return NAMED.flatMap((section) => {
    const declared = document[section] ?? {};
    const names = Array.isArray(declared) ? (declared as readonly string[]) : Object.keys(declared);
    return names.flatMap((name) => {
      const own = `${section}.${name}`;
      const word = new RegExp(`(^|[^\\w-])${name}($|[^\\w-])`);
      const used = texts.some(({ place, text }) => !place.startsWith(own) && place !== section && word.test(text));
      return used ? [] : [warning(own, 'is declared and never used.')];
    });
  });
}
