import { HubError, type Decimal, type EpochDay } from '#libs/kernel/index.js';
import { daysIn, dayInWords, durationInWords, parseDuration, type Duration } from '../calendar.js';
import { canonical } from '../canonical.js';
import { located } from '../compile/located.js';
import { noFee } from '../compile/no-fee.js';
import type { TariffNames } from '../compile/tariff-names.js';
import type { Formula, LastsTrigger } from '../document/document.js';
import { mostOf, whyOpen, type DaySet } from '../engine/day-set.js';
import { areJobs } from '../document/kinds.js';
import type { Frame, Run } from '../engine/frame.js';
import { waitsUntil } from '../engine/ledger.js';
import type { Spell } from '../engine/person.js';
import {
  eitherWay,
  judged,
  never,
  notYet,
  waitsFor,
  type Reached,
  type Rest,
  type TriggerAnswer,
  type TriggerCode,
} from '../engine/trigger.js';
import { notMet, type Code } from '../language/code.js';
import { Missing, type Value } from '../language/value.js';
import { spanEnd } from '../language/working-days.js';
import { aboveZero, countOf } from './above-zero.js';
import { beforePayment } from './before-payment.js';
import { readingsOf, runsOf, type Reading } from './jobs.js';
import { windowCode, type Window } from './window.js';

/** `{ lasts: 6 months, of: job }`, `{ begins: job }`, `{ ends: job }`: one job is kept that long, begins, or ends. */
export function lastsTrigger(place: string, rule: LastsTrigger, names: TariffNames): TriggerCode {
  const of = rule.begins ?? rule.ends ?? rule.of;
  if (of === undefined)
    throw new HubError('tariff.trigger', '"lasts" needs "of": the days of which jobs.', { field: place });
  const parts: Parts = {
    place,
    days: jobsAt(
      `${place}.${rule.begins !== undefined ? 'begins' : rule.ends !== undefined ? 'ends' : 'of'}`,
      of,
      names,
    ),
    length:
      rule.lasts === undefined
        ? undefined
        : aboveZero(`${place}.lasts`, names.at(`${place}.lasts`, rule.lasts, 'duration')),
    where: rule.where === undefined ? undefined : names.at(`${place}.where`, rule.where, 'truth'),
    times:
      rule.times === undefined
        ? undefined
        : countOf(`${place}.times`, names.at(`${place}.times`, rule.times, 'number')),
    gapDays: rule.gap === undefined ? 0 : located(`${place}.gap`, () => daysIn(parseDuration(rule.gap ?? ''))),
    rule,
    one: areJobs(names.kindsOf(of)) ? 'job' : 'spell',
  };
  if (rule.times !== undefined && rule.lasts === undefined)
    throw new HubError('tariff.trigger', '"times" counts spans: it goes with "lasts".', { field: `${place}.times` });
  if (rule.sameJobAs !== undefined && !names.has('fee', rule.sameJobAs))
    throw noFee(rule.sameJobAs, names.feeIds, `${place}.sameJobAs`);
  const window = windowCode(place, rule, names);
  return (frame) => {
    const limits = window.run(frame);
    if (limits instanceof Missing) return waitsFor(limits);
    const set = parts.days.run(frame);
    if (set instanceof Missing) return waitsFor(set);
    const [length, times] = [parts.length?.run(frame), parts.times?.run(frame)];
    if (length instanceof Missing) return waitsFor(length);
    if (times instanceof Missing) return waitsFor(times);
    const days = set as DaySet;
    const asked = { length: (length ?? undefined) as Duration | undefined, times: toCount(times) };
    const undecided = [...whyOpen([days])];
    const least = read(parts, days, (reading) =>
      answer(parts, frame, limits, days, { ...asked, reading }, (why) => undecided.push(why)),
    );
    if (undecided.length === 0) return least;
    const all = mostOf(days);
    const most = read(parts, all, (reading) => answer(parts, frame, limits, all, { ...asked, reading }));
    return eitherWay(least, most, undecided);
  };
}

/** Days on which there are jobs: a period has none, so that it would never be reached. */
function jobsAt(place: string, of: Formula, names: TariffNames): Code {
  const days = beforePayment(place, names.at(place, of, 'days'));
  if (days.ofPeriods !== true) return days;
  const message =
    'days of whole periods belong to no job: "adds" counts them, and "every" asks for periods that follow.';
  throw new HubError('tariff.trigger', message, { field: place });
}

interface Parts {
  readonly place: string;
  readonly days: Code;
  readonly length: Code | undefined;
  readonly where: Code | undefined;
  readonly times: Code | undefined;
  readonly gapDays: number;
  readonly rule: LastsTrigger;
  /** What one of them is called. */
  readonly one: 'job' | 'spell';
}

/** How long a job has to last, for how many spans of that length each is paid, and which spells are taken for one job. */
interface Asked {
  readonly length: Duration | undefined;
  readonly times: number;
  readonly reading: Reading;
}

/** What comes to the same however spells of an untold employer are joined; from where the readings differ on nobody knows. */
function read({ rule, gapDays }: Parts, set: DaySet, answerOf: (reading: Reading) => TriggerAnswer): TriggerAnswer {
  const { readings, why } = readingsOf(set, rule.join ?? 'spell', gapDays);
  const [first, ...others] = readings;
  return others.reduce((one, other) => eitherWay(one, answerOf(other), why), answerOf(first));
}

const toCount = (value: Value | undefined): number => (value == null ? 1 : (value as Decimal).valueOf());

/** @param leftOut told why a job that cannot be judged is left out; without it, such a job counts */
function answer(
  parts: Parts,
  frame: Frame,
  limits: Window,
  set: DaySet,
  asked: Asked,
  leftOut?: (why: Missing) => void,
): TriggerAnswer {
  const { rule } = parts;
  const others = rule.sameJobAs === undefined ? undefined : jobsOf(frame, rule.sameJobAs);
  if (others instanceof Missing) return waitsFor(others);
  if (others !== undefined && 'kind' in others) return { reached: [], rest: others };
  const reached: Reached[] = [];
  const notes: string[] = [];
  let earliest: EpochDay | null = null;
  let goesOnBy = -Infinity;
  let awaitedSince: EpochDay | undefined;
  const begun = runsOf(set, asked.reading, parts.gapDays);
  const runs = rule.ends === undefined ? begun : begun.toSorted((a, b) => a.end - b.end);
  for (const run of runs) {
    if (run.start < limits.from || run.start > limits.to) continue;
    const excluded = exclusion(parts, frame, run, others);
    if (excluded instanceof Missing) leftOut?.(excluded);
    if (typeof excluded === 'string' && excluded !== ANOTHER_JOB) notes.push(excluded);
    if (typeof excluded === 'string' || (excluded !== undefined && leftOut !== undefined)) continue;
    const spans = spansOf(parts, run, asked, frame);
    if (spans instanceof Missing) return { ...waitsFor(spans), reached };
    reached.push(...spans.reached);
    if (spans.next !== null) earliest = earliest === null ? spans.next : Math.min(earliest, spans.next);
    notes.push(...spans.notes);
    goesOnBy = Math.max(goesOnBy, spans.goesOnBy);
    awaitedSince ??= spans.awaitedSince;
    // The first job that is kept long enough is the one that is paid for.
    if (rule.each !== true && spans.reached.length > 0) {
      const over = spans.reached.length === asked.times;
      const twin = runs.find((each) => isTwin(run, each) && exclusion(parts, frame, each, others) === undefined);
      return {
        reached: twin === undefined ? reached : reached.map(ofEither),
        rest: over ? null : rest(parts, frame, limits, asked, spans),
      };
    }
  }
  // Numbered in the order of their days, so that a payment keeps its number when another job goes on.
  const inOrder = reached
    .sort((a, b) => a.on - b.on || a.from - b.from)
    .map((each, index) => ({ ...each, n: index + 1 }));
  return {
    reached: inOrder,
    rest: rest(parts, frame, limits, asked, { next: earliest, notes, goesOnBy, awaitedSince }),
  };
}

interface Spans {
  readonly reached: readonly Reached[];
  /** The day of the next span, if the job goes on; null where nothing but a correction brings one. */
  readonly next: EpochDay | null;
  /** The day on which it is known whether the job goes on. */
  readonly goesOnBy: number;
  /** It is over, unless it goes on: from this day on. */
  readonly awaitedSince?: EpochDay | undefined;
  readonly notes: readonly string[];
}

/** The spans of one job that were reached, and what keeps the next from it. */
function spansOf(parts: Parts, run: Run, { length, times }: Asked, frame: Frame): Spans | Missing {
  const reached: Reached[] = [];
  let from = run.start;
  // Its contract may be made longer until it ends, and where spells are joined another one may follow.
  const goesOnBy = run.end + (parts.rule.join === undefined || parts.rule.join === 'spell' ? 0 : 1 + parts.gapDays);
  for (let n = 1; n <= times; n += 1) {
    const span = length === undefined ? undefined : { ...length, count: length.count * n };
    const on = dayReached(parts, run, span, frame);
    if (on instanceof Missing) return on;
    if (on === Infinity) return { reached, next: null, goesOnBy, notes: [`${nameOf(run)} goes on`] };
    if (on > run.end)
      return { reached, next: null, goesOnBy, notes: [`${nameOf(run)} ended on ${dayInWords(run.end)}`] };
    if (on > frame.person.asOf) return { reached, next: on, goesOnBy, notes: [] };
    if (parts.rule.ends !== undefined && goesOnBy > frame.person.asOf)
      return { reached, next: goesOnBy, goesOnBy, awaitedSince: on, notes: [`${nameOf(run)} may still go on`] };
    reached.push(reachedBy(parts.rule, run, { from, on }, n, span));
    from = on + 1;
  }
  return { reached, next: null, goesOnBy, notes: [] };
}

/** The day that the trigger asks of a job: its last, its first, or the end of the span. Infinity: a job that goes on has no last. */
function dayReached({ rule }: Parts, run: Run, length: Duration | undefined, frame: Frame): number | Missing {
  if (rule.ends !== undefined) return run.end;
  return length === undefined ? run.start : spanEnd(run.start, length, frame.calendar);
}

function rest(
  parts: Parts,
  frame: Frame,
  limits: Window,
  { length }: Asked,
  { next: earliest, notes, goesOnBy, awaitedSince }: Omit<Spans, 'reached'>,
): Rest | null {
  const lasts =
    parts.rule.ends !== undefined ? 'ends' : length === undefined ? 'begins' : `is kept for ${durationInWords(length)}`;
  const because = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  if (awaitedSince !== undefined)
    return { kind: 'not-yet', earliest, notBefore: awaitedSince, words: notes.join('; ') };
  if (earliest !== null)
    return notYet(`a ${parts.one} ${lasts} on ${dayInWords(earliest)}, if it goes on${because}`, earliest).rest;
  const over = frame.person.asOf >= goesOnBy;
  // A job that ended too early stays what it was: nothing can make it longer, only a correction of the facts.
  if (parts.rule.sameJobAs !== undefined && length !== undefined && over)
    return never(`the ${parts.one} of ${parts.rule.sameJobAs} was not kept for that long${because}`).rest;
  if (frame.person.asOf > limits.to && over)
    return never(`no ${parts.one} ${lasts} that began by ${dayInWords(limits.to)}${because}`).rest;
  // From that day on none can begin inside the window, and none that did goes on.
  const last = Math.max(limits.to + 1, goesOnBy);
  return notYet(`no ${parts.one} that counts ${lasts} yet${because}`, Number.isFinite(last) ? last : null).rest;
}

const ANOTHER_JOB = 'it is another job';

const shareOne = (some: readonly Spell[], others: readonly Spell[]): boolean =>
  some.some((spell) => others.includes(spell));

/** Nobody said which of two jobs comes first that begin and end together: what they say differently of themselves is not known. */
const isTwin = (one: Run, other: Run): boolean =>
  one !== other && one.start === other.start && one.end === other.end && contentOf(one) !== contentOf(other);

const contentOf = ({ spells }: Run): string =>
  canonical(spells.map(({ fact }) => ({ ...fact, spellId: '', employer: '', reportedOn: '', knownSince: '' })));

function ofEither(reached: Reached): Reached {
  const { job } = reached;
  if (job === null) return reached;
  const why = `two jobs begin on ${dayInWords(job.start)}, and nobody said which of them counts`;
  return { ...reached, job: { ...job, unsure: new Missing('unknown', why) } };
}

/** Why a job does not count; undefined when it does. Missing: nobody can say. */
function exclusion(
  { place, where, rule }: Parts,
  frame: Frame,
  job: Run,
  others: readonly Run[] | undefined,
): string | Missing | undefined {
  if (others !== undefined && !others.some(({ spells }) => shareOne(spells, job.spells))) {
    const mayBe = others.some(({ mayHave = [] }) => shareOne(mayHave, job.spells));
    return mayBe
      ? new Missing('unknown', `whether ${nameOf(job, 'the')} is that of ${rule.sameJobAs ?? ''}`)
      : ANOTHER_JOB;
  }
  if (where === undefined) return undefined;
  // A job is judged by its first day; one that ends, by its last.
  const on = rule.ends !== undefined && Number.isFinite(job.end) ? job.end : job.start;
  const own = { ...frame, on, periodStart: job.start, periodEnd: on, job, spell: null };
  const counts = judged(where, own);
  if (counts === true) return undefined;
  const name = nameOf(job, 'the');
  return counts instanceof Missing
    ? new Missing(counts.kind, `whether ${name} counts: ${counts.reason}`, counts.until, counts.looksAhead)
    : `${name} does not count: ${notMet(`${place}.where`, String(rule.where), where, own)}`;
}

/** `a job`, or what is no employment by its kind: `a spell of self-employment`. */
function calledBy({ spells }: Run, article = 'a'): string {
  const kinds = [...new Set(spells.map(({ fact: { kind = 'employment' } }) => kind))];
  return areJobs(kinds) ? `${article} job` : `${article} spell of ${kinds.join(' and ')}`;
}

const nameOf = (run: Run, article?: string): string => `${calledBy(run, article)} from ${dayInWords(run.start)}`;

function jobsOf(frame: Frame, fee: string): readonly Run[] | Missing | Rest {
  const jobs = frame.ledger.due(fee).flatMap(({ job }) => (job === null ? [] : [job]));
  const unsure = jobs.find(({ spells }) => spells.length === 0)?.unsure;
  if (unsure !== undefined) return unsure;
  if (jobs.length > 0) return jobs;
  const first = frame.ledger.nthDue(fee);
  if (first.kind === 'due') return new Missing('never', `${fee} is due for no job`);
  const { kind, because, notBefore } = first;
  const words = `${fee} is not due${because === undefined ? '' : ` (${because.why})`}`;
  // Whose job it is, is known; whether it is paid for, a register or a claim decides.
  if (kind === 'pending' && notBefore !== undefined)
    return { kind: 'not-yet', earliest: waitsUntil(first) ?? null, words, notBefore };
  const until = kind === 'unknown' ? notBefore : waitsUntil(first);
  return new Missing(kind, words, until);
}

const reachedBy = (
  rule: LastsTrigger,
  job: Run,
  { from, on }: { readonly from: EpochDay; readonly on: EpochDay },
  n: number,
  length: Duration | undefined,
): Reached => ({
  on,
  from,
  to: on,
  n,
  job,
  used: job.spells.flatMap((spell) => (spell.start <= on ? [spell.id] : [])),
  words:
    rule.ends !== undefined
      ? `${nameOf(job)} ends on ${dayInWords(on)}`
      : length === undefined
        ? `${calledBy(job)} begins on ${dayInWords(on)}`
        : `${nameOf(job)} is kept for ${durationInWords(length)} on ${dayInWords(on)}`,
});
