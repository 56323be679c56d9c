import { daysIn, dayInWords, durationInWords, epochDay, parseDuration } from '../calendar.js';
import type { CompiledFee } from '../compile/fee.js';
import type { Tariff } from '../compile/tariff.js';
import type { AddsTrigger, Formula, Trigger } from '../document/document.js';
import { constantOf } from '../language/code.js';
import { Missing, type Value } from '../language/value.js';
import { own } from '../own.js';
import { bindsJob } from '../triggers/index.js';
import { error, isNumber, warning, type Finding } from './finding.js';
import { contradicted } from './never-true.js';
import { stretchOf, type Stretch } from './stretch.js';

/** Fees that can never be due; what an example earns can be. */
export function unreachableFees(tariff: Tariff, earned: ReadonlySet<string>): readonly Finding[] {
  const groups = Object.entries(tariff.document.oneOf ?? {});
  return tariff.fees.flatMap((fee) => [
    ...windowFindings(tariff, fee, fee.rule.when, `${fee.place}.when`).filter(
      ({ level }) => level === 'warning' || !earned.has(fee.id),
    ),
    ...constantFindings(fee),
    ...contradictionFindings(tariff, fee),
    ...verifyFindings(tariff, fee),
    ...referenceFindings(tariff, fee),
    ...claimFindings(tariff, fee),
    ...groups.flatMap(([name, members]) =>
      neededBy(fee)
        .filter(({ id }) => members.includes(id) && members.includes(fee.id))
        .map(({ id, place }) => error(place, `never due: ${id} excludes it (oneOf.${name}).`)),
    ),
  ]);
}

/** Fees without which this one is never due, each with the place that says so. */
function neededBy({ place, rule }: CompiledFee): readonly { readonly id: string; readonly place: string }[] {
  const awaited = (when: Trigger, at: string): ReturnType<typeof neededBy> => {
    if ('all' in when) return when.all.flatMap((each, index) => awaited(each, `${at}.all.${index}`));
    return 'fee' in when ? [{ id: when.fee, place: `${at}.fee` }] : [];
  };
  const required = (rule.requires ?? []).map((id) => ({ id, place: `${place}.requires` }));
  return [...required, ...awaited(rule.when, `${place}.when`)];
}

/** Other fees that can never give what is asked of them. */
function referenceFindings(tariff: Tariff, compiled: CompiledFee): readonly Finding[] {
  const { fees } = tariff;
  const { place, rule, subject } = compiled;
  const found = (id: string | undefined): CompiledFee | undefined => fees.find((fee) => fee.id === id);
  const { when } = rule;
  const same = found('sameJobAs' in when ? when.sameJobAs : undefined);
  const other = 'fee' in when ? found(when.fee) : undefined;
  const times = 'fee' in when ? Number(when.times ?? 1) : 1;
  const most = other === undefined ? Infinity : mostPayments(tariff, other);
  return [
    ...neededBy(compiled).flatMap((needed) => {
      const whose = found(needed.id)?.subject ?? subject;
      return whose === subject
        ? []
        : [error(needed.place, `never due: ${needed.id} is a fee of the ${whose}, this is none.`)];
    }),
    ...(same !== undefined && !bindsJob(same.rule.when)
      ? [error(`${place}.when.sameJobAs`, `unreachable: ${same.id} is not about a job.`)]
      : []),
    ...(other !== undefined && times > most
      ? [
          error(
            `${place}.when.times`,
            `unreachable: ${other.id} is paid ${most === 1 ? 'once only' : `${most} times at most`}.`,
          ),
        ]
      : []),
  ];
}

/** How often a fee can be paid, as far as the document says it for all jobs together. */
function mostPayments({ names }: Tariff, { place, repeats, rule: { when } }: CompiledFee): number {
  if (!repeats) return 1;
  if (!('times' in when) || ('each' in when && when.each)) return Infinity;
  const times = constantOf(names.at(`${place}.when`, when.times, 'number'));
  return isNumber(times) ? times.valueOf() : Infinity;
}

function claimFindings(tariff: Tariff, { place, claim, rule }: CompiledFee): readonly Finding[] {
  if (claim?.by === 'report' && !bindsJob(rule.when))
    return [error(`${place}.claim`, 'there is no job that could be reported: begins, lasts, ends or adds has one.')];
  const window = claimDays(tariff, place, rule);
  return window !== undefined && window.days <= 0
    ? [error(`${place}.claim`, `nobody can claim it: the window ends ${daysBefore(window)} before it begins.`)]
    : [];
}

/** Who claims a payment does so on its day or later; a job is reported before, too. */
function claimDays(tariff: Tariff, place: string, { claim }: CompiledFee['rule']): Stretch | undefined {
  const from = claim?.from ?? (claim?.by === 'report' ? undefined : 'on');
  return stretchOf(tariff, `${place}.claim`, { from, to: claim?.until });
}

const daysBefore = ({ days }: Stretch): string => durationInWords({ count: 1 - days, unit: 'days' });

/** Conditions that cannot hold together. */
function contradictionFindings(tariff: Tariff, { place, provisos }: CompiledFee): readonly Finding[] {
  const name = contradicted(
    tariff,
    provisos.map(({ text }) => text),
  );
  return name === undefined
    ? []
    : [error(`${place}.provided`, `never due: ${name} cannot be all that is asked of it.`)];
}

function verifyFindings(tariff: Tariff, { place, rule: { verify } }: CompiledFee): readonly Finding[] {
  const asked = verify === undefined || verify === 'none' ? [] : [verify].flat();
  return asked.flatMap((each, index) => {
    const at = `${place}.verify.${index}`;
    const span = stretchOf(tariff, at, each);
    return span !== undefined && span.days <= 0
      ? [error(at, `no register can be asked: the span ends ${daysBefore(span)} before it begins.`)]
      : [];
  });
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
  if ('where' in when && isNever(tariff, when.where, place))
    return [error(`${place}.where`, `unreachable: "${String(when.where)}" is never true.`)];
  const window = windowOf(tariff, when, place);
  if (window !== undefined && window.days <= 0)
    return [error(place, `unreachable: the window ends ${daysBefore(window)} before it begins.`)];
  const last = 'to' in when ? constantOf(tariff.names.at(place, when.to, 'date')) : undefined;
  if (typeof last === 'number' && last < epochDay(tariff.validFrom))
    return [warning(place, `the window ends on ${dayInWords(last)}, before this version holds.`)];
  return 'adds' in when ? addsFindings(tariff, when, place, window?.days ?? Infinity) : [];
}

function addsFindings(tariff: Tariff, when: AddsTrigger, place: string, length: number): readonly Finding[] {
  if (when.weight !== undefined) return [];
  const { adds } = when;
  const unit = WHOLE.test(String(adds))
    ? [warning(`${place}.adds`, `${adds} days; say the unit, for example ${adds} days or ${adds} weeks.`)]
    : [];
  const needDays = daysNeeded(constantOf(tariff.names.any(place, adds)));
  const most = Math.min(length, when.within === undefined ? Infinity : windowDays(when.within));
  return needDays !== undefined && needDays > most
    ? [...unit, error(place, `unreachable: ${needDays} days are needed, and the window has ${most}.`)]
    : unit;
}

const WHOLE = /^\d+$/;

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

const isNever = (tariff: Tariff, where: Formula, place: string): boolean =>
  constantOf(tariff.names.at(place, where, 'truth')) === false || contradicted(tariff, [where]) !== undefined;

const windowOf = (tariff: Tariff, when: Trigger, place: string): Stretch | undefined =>
  'from' in when || 'to' in when ? stretchOf(tariff, place, when) : undefined;

interface FeeWindow extends Stretch {
  readonly fee: CompiledFee;
  readonly place: string;
  /** Windows of the same are compared. */
  readonly of: string;
  /** What counts twice where two of them overlap. */
  readonly twice: string;
}

/**
 * Two fees that count the same days (or wait for the same event, or for a claim after the same) in windows which overlap in part pay for
 * some days twice and for others once. The same window, or one inside the other, is how milestones are written, and fees that exclude
 * each other cannot both be due.
 */
export function overlappingWindows(tariff: Tariff): readonly Finding[] {
  const windows = tariff.fees
    .flatMap((fee) => [...countingWindow(tariff, fee), ...claimWindow(tariff, fee)])
    .filter(({ from, to }) => from <= to);
  const rivals = Object.values(tariff.document.oneOf ?? {});
  return windows.flatMap((one) =>
    windows.flatMap((other) => {
      const inPart = one.from < other.from && other.from <= one.to && one.to < other.to;
      const exclusive =
        rivals.some((members) => members.includes(one.fee.id) && members.includes(other.fee.id)) ||
        concernOthers(tariff, one.fee, other.fee);
      if (!inPart || exclusive || one.of !== other.of || one.anchor !== other.anchor) return [];
      return [warning(other.place, `its window overlaps with the one of ${one.fee.id}: ${one.twice} for both.`)];
    }),
  );
}

/** Whether two fees are for different persons, by what is decided about them or agreed for them. */
function concernOthers(tariff: Tariff, ...fees: readonly CompiledFee[]): boolean {
  const name = contradicted(
    tariff,
    fees.flatMap(({ provisos }) => provisos.map(({ text }) => text)),
  );
  return name !== undefined && (tariff.attributes.has(name) || tariff.terms.has(name));
}

function countingWindow(tariff: Tariff, fee: CompiledFee): readonly FeeWindow[] {
  const { when } = fee.rule;
  const of = countedIn(tariff, when);
  const place = `${fee.place}.when`;
  const window = of === undefined ? undefined : windowOf(tariff, when, place);
  return of === undefined || window === undefined
    ? []
    : [{ ...{ fee, place, of, ...window }, twice: `days of ${of} in both count` }];
}

function claimWindow(tariff: Tariff, fee: CompiledFee): readonly FeeWindow[] {
  const { place, rule } = fee;
  const window = rule.claim?.by === 'claim' ? claimDays(tariff, place, rule) : undefined;
  const of = JSON.stringify(rule.when);
  return window === undefined
    ? []
    : [{ ...{ fee, place: `${place}.claim`, of, ...window }, twice: 'a claim in both stands' }];
}

/** What a trigger counts in its window; sets of days that take all spells of one kind are the same. */
function countedIn({ document }: Tariff, when: Trigger): string | undefined {
  if ('sums' in when) return [when.sums].flat().join(', ');
  if ('event' in when) return when.where === undefined ? when.event : `${when.event} where ${String(when.where)}`;
  if ('every' in when) return when.every;
  if (!('of' in when)) return undefined;
  const { spells, where, together } = own(document.days, String(when.of)) ?? {};
  return spells === undefined || where !== undefined || together !== undefined
    ? String(when.of)
    : [spells].flat().join(', ');
}
