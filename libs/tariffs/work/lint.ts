import { decimal, type Decimal, type EpochDay, type LocalDate } from '#libs/kernel/index.js';
import { dateOf, daysIn, dayInWords, epochDay, parseDuration } from '../calendar.js';
import type { CompiledFee } from '../compile/fee.js';
import { COMMON_EVENTS } from '../compile/tariff-names.js';
import type { Tariff } from '../compile/tariff.js';
import { caseOf } from '../case.js';
import type { Cells, Formula, TariffDocument, Trigger } from '../document/document.js';
import { Person } from '../engine/person.js';
import type { Fact } from '../facts.js';
import { constantOf, numberInWords } from '../language/code.js';
import { compareValues } from '../language/operators.js';
import { Missing, type Value } from '../language/value.js';
import { own } from '../own.js';
import { price, startOf } from '../price.js';
import { strangersIn } from '../strangers.js';
import { bindsJob } from '../triggers/index.js';

/** Something in a tariff that is probably, or certainly, not meant. */
export interface Finding {
  /** An error can never be right; a warning may. */
  readonly level: 'error' | 'warning';
  /** Path in the document. */
  readonly place: string;
  readonly message: string;
}

const error = (place: string, message: string): Finding => ({ level: 'error', place, message });
const warning = (place: string, message: string): Finding => ({ level: 'warning', place, message });

/** Looks for what the shape and the types cannot show. A tariff without findings may still be wrong; its examples prove it. */
export const lintTariff = (tariff: Tariff): readonly Finding[] => [
  ...unreachableFees(tariff),
  ...overlappingWindows(tariff),
  ...bandFindings(tariff),
  ...tableFindings(tariff),
  ...capFindings(tariff),
  ...ceilingFindings(tariff),
  ...unusedNames(tariff),
  ...unprovedFees(tariff),
  ...strangersInExamples(tariff),
];

const strangersInExamples = (tariff: Tariff): readonly Finding[] =>
  Object.entries(tariff.document.examples).flatMap(([id, example]) =>
    strangersIn(tariff, example).map((message) => warning(`examples.${id}`, message)),
  );

/** Versions of one tariff must follow each other: no overlap, no gap. */
export function lintVersions(tariffs: readonly Tariff[]): readonly Finding[] {
  const byId = Map.groupBy(tariffs, (tariff) => tariff.id);
  return [...byId.values()].flatMap((versions) => {
    const ordered = versions.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
    return ordered.flatMap((later, index): Finding[] => {
      const earlier = ordered[index - 1];
      if (earlier === undefined) return [];
      const pair = `${later.id}: ${earlier.version} and ${later.version}`;
      if (versions.some((other) => other !== later && other.version === later.version))
        return [error('version', `${later.id}: version ${later.version} is there twice; each has a name of its own.`)];
      if (earlier.validTo === null || earlier.validTo >= later.validFrom)
        return [error('validTo', `${pair} overlap: ${earlier.version} has to end before ${later.validFrom}.`)];
      const free = epochDay(earlier.validTo) + 1;
      const paid: Finding[] =
        earlier.currency === later.currency
          ? []
          : [warning('currency', `${pair} pay in ${earlier.currency} and ${later.currency}: is that meant?`)];
      if (free === epochDay(later.validFrom)) return paid;
      return [
        ...paid,
        warning(
          'validFrom',
          `${pair} leave a gap: no version holds from ${dateOf(free)} to the day before ${later.validFrom}.`,
        ),
      ];
    });
  });
}

/** A person to whom everything happened on one day: windows that are empty even then are always empty. */
function sample(tariff: Tariff): ReturnType<typeof startOf> {
  const on = tariff.validFrom;
  const names = [...COMMON_EVENTS, ...(tariff.document.events ?? [])];
  const facts = names.map((name): Fact => ({ type: 'event', name, on }));
  return startOf(tariff, new Person({ values: {}, attributes: {} }, facts, { day: '9000-01-01' as LocalDate }));
}

function unreachableFees(tariff: Tariff): readonly Finding[] {
  const groups = Object.entries(tariff.document.oneOf ?? {});
  return tariff.fees.flatMap((fee) => [
    ...windowFindings(tariff, fee, fee.rule.when, `${fee.place}.when`),
    ...constantFindings(fee),
    ...referenceFindings(tariff, fee),
    ...claimFindings(tariff, fee),
    ...groups.flatMap(([name, members]) => {
      const rival = fee.rule.requires?.find((id) => members.includes(id) && members.includes(fee.id));
      return rival === undefined
        ? []
        : [error(`${fee.place}.requires`, `never due: ${rival} excludes it (oneOf.${name}).`)];
    }),
  ]);
}

/** Other fees that can never give what is asked of them. */
function referenceFindings({ fees }: Tariff, { place, rule, subject }: CompiledFee): readonly Finding[] {
  const found = (id: string | undefined): CompiledFee | undefined => fees.find((fee) => fee.id === id);
  const strange = rule.requires?.find((id) => found(id)?.subject !== subject);
  const { when } = rule;
  const same = found('sameJobAs' in when ? when.sameJobAs : undefined);
  const other = 'fee' in when ? found(when.fee) : undefined;
  const times = 'fee' in when ? Number(when.times ?? 1) : 1;
  return [
    ...(strange === undefined
      ? []
      : [
          error(
            `${place}.requires`,
            `never due: ${strange} is a fee of the ${found(strange)?.subject ?? 'person'}, this is none.`,
          ),
        ]),
    ...(same !== undefined && !bindsJob(same.rule.when)
      ? [error(`${place}.when.sameJobAs`, `unreachable: ${same.id} is not about a job.`)]
      : []),
    ...(other?.repeats === false && times > 1
      ? [error(`${place}.when.times`, `unreachable: ${other.id} is paid once only.`)]
      : []),
  ];
}

function claimFindings(tariff: Tariff, { place, claim }: CompiledFee): readonly Finding[] {
  const frame = sample(tariff);
  const [from, until] = [claim?.from?.run(frame), claim?.until?.run(frame)];
  return typeof from === 'number' && typeof until === 'number' && from > until
    ? [error(`${place}.claim`, `nobody can claim it: the window ends ${from - until} days before it begins.`)]
    : [];
}

function constantFindings(fee: CompiledFee): readonly Finding[] {
  const findings: Finding[] = [];
  fee.provisos.forEach(({ code, text }, index) => {
    if (constantOf(code) === false)
      findings.push(error(`${fee.place}.provided.${index}`, `never due: "${text}" is never true.`));
  });
  const { fixed, code } = fee.amount;
  if (fixed !== undefined && fixed.amount.compare(0) <= 0)
    findings.push(error(`${fee.place}.amount`, 'never due: the amount is not above zero.'));
  const always = constantOf(code);
  if (always === null) findings.push(error(`${fee.place}.amount`, 'never due: nothing is payable.'));
  if (always instanceof Missing) findings.push(warning(`${fee.place}.amount`, `always unknown: ${always.reason}.`));
  return findings;
}

function windowFindings(tariff: Tariff, fee: CompiledFee, when: Trigger, place: string): readonly Finding[] {
  if ('all' in when)
    return when.all.flatMap((each, index) => windowFindings(tariff, fee, each, `${place}.all.${index}`));
  if ('first' in when)
    return when.first.flatMap((each, index) => windowFindings(tariff, fee, each, `${place}.first.${index}`));
  const window = windowOf(tariff, when, place);
  const length = window === undefined ? Infinity : window.to - window.from + 1;
  if (window !== undefined && length <= 0)
    return [
      error(
        place,
        `unreachable: the window ends on ${dayInWords(window.to)}, before it begins on ${dayInWords(window.from)}.`,
      ),
    ];
  const last = 'to' in when ? constantOf(tariff.names.at(place, when.to, 'date')) : undefined;
  if (typeof last === 'number' && last < epochDay(tariff.validFrom))
    return [warning(place, `the window ends on ${dayInWords(last)}, before this version holds.`)];
  if (!('adds' in when)) return [];
  const need = constantOf(tariff.names.any(place, when.adds));
  const needDays = daysNeeded(need);
  if (needDays === undefined || when.weight !== undefined) return [];
  const within = when.within === undefined ? Infinity : windowDays(when.within);
  const most = Math.min(length, within);
  return needDays > most ? [error(place, `unreachable: ${needDays} days are needed, and the window has ${most}.`)] : [];
}

const windowDays = (text: string): number => {
  const duration = parseDuration(text);
  // The longest months that a stretch of this length can have.
  return duration.unit === 'months' ? duration.count * 31 : daysIn(duration);
};

function daysNeeded(need: Value | undefined): number | undefined {
  if (typeof need !== 'object' || need === null || need instanceof Missing) return undefined;
  if ('unit' in need) return daysIn(need);
  return 'valueOf' in need && 'd' in need ? need.valueOf() : undefined;
}

function windowOf(
  tariff: Tariff,
  when: Trigger,
  place: string,
): { readonly from: EpochDay; readonly to: EpochDay } | undefined {
  if (!('from' in when) || !('to' in when)) return undefined;
  const frame = sample(tariff);
  const [from, to] = [tariff.names.at(place, when.from, 'date'), tariff.names.at(place, when.to, 'date')].map((code) =>
    code.run(frame),
  );
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : undefined;
}

interface FeeWindow {
  readonly fee: CompiledFee;
  /** What is counted in it, as the document writes it. */
  readonly of: string;
  readonly from: EpochDay;
  readonly to: EpochDay;
}

/**
 * Two fees that count the same days in windows which overlap in part pay for some days twice and for others once. The same window, or
 * one inside the other, is how milestones are written, and fees that exclude each other cannot both be due.
 */
function overlappingWindows(tariff: Tariff): readonly Finding[] {
  const windows = tariff.fees.flatMap((fee): FeeWindow[] => {
    const { when } = fee.rule;
    const of = countedIn(tariff, when);
    if (of === undefined) return [];
    const window = windowOf(tariff, when, `${fee.place}.when`);
    return window === undefined || window.from > window.to ? [] : [{ fee, of, ...window }];
  });
  const rivals = Object.values(tariff.document.oneOf ?? {});
  return windows.flatMap((one) =>
    windows.flatMap((other) => {
      const inPart = one.from < other.from && other.from <= one.to && one.to < other.to;
      const exclusive = rivals.some((members) => members.includes(one.fee.id) && members.includes(other.fee.id));
      if (!inPart || exclusive || one.of !== other.of) return [];
      return [
        warning(
          `${other.fee.place}.when`,
          `its window overlaps with the one of ${one.fee.id}: days of ${one.of} in both count for both.`,
        ),
      ];
    }),
  );
}

/** What a trigger counts in its window; sets of days that take all spells of one kind are the same. */
function countedIn({ document }: Tariff, when: Trigger): string | undefined {
  if ('sums' in when) return [when.sums].flat().join(', ');
  if ('event' in when) return when.each === true ? when.event : undefined;
  if ('every' in when) return when.every;
  if (!('of' in when)) return undefined;
  const { spells, where, together } = own(document.days, String(when.of)) ?? {};
  return spells === undefined || where !== undefined || together !== undefined
    ? String(when.of)
    : [spells].flat().join(', ');
}

interface Limit {
  readonly value: Value;
  readonly included: boolean;
}

/** Bands of one number, in their order: no two hold the same number, and no number lies between two. */
function bandFindings({ document, names, attributes, terms }: Tariff): readonly Finding[] {
  return Object.entries(document.bands ?? {}).flatMap(([name, { of, bands }]) => {
    const ranges = Object.entries(bands).map(([label, band]) => {
      const limit = (open: 'above' | 'below', closed: 'from' | 'upTo'): Limit | undefined => {
        const key = band[closed] === undefined ? open : closed;
        const formula = band[key];
        const value = formula === undefined ? undefined : constantOf(names.at(`bands.${name}`, formula, 'number'));
        return value === undefined ? undefined : { value, included: key === closed };
      };
      return { label, low: limit('above', 'from'), high: limit('below', 'upTo') };
    });
    const ordered = ranges.toSorted((a, b) =>
      a.low === undefined ? -1 : b.low === undefined ? 1 : compareValues(a.low.value, b.low.value),
    );
    const limits = attributes.get(String(of)) ?? terms.get(String(of));
    const [min, max] = [constantOf(limits?.min), constantOf(limits?.max)];
    const outside = ordered.flatMap(({ label, low, high }) =>
      (isNumber(max) && low !== undefined && compareValues(low.value, max) > 0) ||
      (isNumber(min) && high !== undefined && compareValues(high.value, min) < 0)
        ? [error(`bands.${name}.bands.${label}`, `nobody can be in it: ${String(of)} has other limits.`)]
        : [],
    );
    const neighbours = ordered.flatMap((next, index): Finding[] => {
      const previous = ordered[index - 1];
      if (previous === undefined) return [];
      const place = `bands.${name}.bands.${next.label}`;
      if (previous.high === undefined || next.low === undefined)
        return [error(place, `overlaps with ${previous.label}: a limit is missing.`)];
      const order = compareValues(previous.high.value, next.low.value);
      const touching = order === 0;
      if (order > 0 || (touching && previous.high.included && next.low.included))
        return [error(place, `overlaps with ${previous.label}.`)];
      if (order < 0 || (touching && !previous.high.included && !next.low.included))
        return [warning(place, `leaves a gap to ${previous.label}.`)];
      return [];
    });
    return [...outside, ...neighbours];
  });
}

/** The words that a key of a table can be, where the document says so. */
function wordsOf(document: TariffDocument, key: string): readonly string[] | undefined {
  const band = own(document.bands, key);
  if (band !== undefined) return Object.keys(band.bands);
  return own(document.attributes, key)?.codes ?? own(document.terms, key)?.codes;
}

function tableFindings({ document }: Tariff): readonly Finding[] {
  return Object.entries(document.tables ?? {}).flatMap(([name, { by, cells }]) => [
    ...cellFindings(document, `tables.${name}.cells`, by, cells),
    ...(leavesOf(cells).every((cell) => cell === 'none')
      ? [error(`tables.${name}`, 'nothing is payable in any of its cells.')]
      : []),
  ]);
}

function cellFindings(
  document: TariffDocument,
  place: string,
  by: readonly string[],
  cells: Cells,
): readonly Finding[] {
  const [key, ...rest] = by;
  if (key === undefined) return [];
  const words = wordsOf(document, key);
  const found = Object.entries(cells).flatMap(([word, inner]): readonly Finding[] => {
    const here = `${place}.${word}`;
    if (words !== undefined && !words.includes(word))
      return [error(here, `nobody can reach this cell: ${key} is one of ${words.join(', ')}.`)];
    return typeof inner === 'object' ? cellFindings(document, here, rest, inner) : [];
  });
  const missing = words?.filter((word) => !Object.hasOwn(cells, word)) ?? [];
  return [
    ...found,
    ...missing.map((word) => error(place, `there is no cell for ${key} "${word}": write a number, none or unknown.`)),
  ];
}

/** Amounts that a fee comes to in some case, as far as the document itself says. */
function amountsOf({ document, terms, names }: Tariff, { amount, rule }: CompiledFee): readonly Decimal[] {
  const { fixed, apportion } = amount;
  if (fixed !== undefined) return [fixed.amount];
  if (apportion !== undefined) {
    const whole = constantOf(apportion.whole);
    return isNumber(whole) ? apportion.shares.map((share) => whole.mul(share)) : [];
  }
  const name = typeof rule.amount === 'object' ? '' : String(rule.amount);
  const least = constantOf(terms.get(name)?.min);
  if (isNumber(least)) return [least];
  return leavesOf(own(document.tables, name)?.cells ?? {}).flatMap((formula) => {
    const value = constantOf(names.at(`tables.${name}`, formula, 'number'));
    return isNumber(value) ? [value] : [];
  });
}

const isNumber = (value: Value | undefined): value is Decimal =>
  typeof value === 'object' && value !== null && 'd' in value;

const leavesOf = (cells: Cells): readonly Formula[] =>
  Object.values(cells).flatMap((cell) => (typeof cell === 'object' ? leavesOf(cell) : [cell]));

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
      above(
        `caps.${cap.id}.amount`,
        constantOf(cap.amount),
        fees.filter(({ id }) => cap.fees.has(id)),
      ),
    ),
  ];
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
    const limit = Math.round((most as { valueOf: () => number }).valueOf() * 100);
    return Number(sum) > limit ? [error('ceiling', `example ${id} comes to more than the ceiling.`)] : [];
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

/** A fee that no example earns is not proved. */
function unprovedFees(tariff: Tariff): readonly Finding[] {
  const earned = new Set(
    acceptedExamples(tariff).flatMap(({ fees }) => fees.filter((fee) => fee.kind === 'due').map((fee) => fee.feeId)),
  );
  return tariff.fees.filter((fee) => !earned.has(fee.id)).map((fee) => warning(fee.place, 'no example earns it.'));
}

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

const NO_RULES: ReadonlySet<string> = new Set(['examples', 'sources', 'open', 'title']);

/** What is declared and named nowhere else. */
function unusedNames({ document }: Tariff): readonly Finding[] {
  const rules = Object.entries(document).filter(([key]) => !NO_RULES.has(key));
  const texts = textsOf(Object.fromEntries(rules), '');
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

const PROSE: ReadonlySet<string> = new Set(['title', 'note', 'else', 'unknown']);

function textsOf(node: unknown, place: string): readonly { readonly place: string; readonly text: string }[] {
  if (typeof node === 'string') return [{ place: place.replace(/\.\d+$/, ''), text: node }];
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    PROSE.has(key) ? [] : textsOf(value, place === '' ? key : `${place}.${key}`),
  );
}
