import { addDays, localDate } from '#libs/kernel/index.js';
import type { JobRecord, Records, UnemploymentRecord } from './records.js';

export interface Question {
  readonly nationalId: string;
  readonly question: string;
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
  readonly employer: string | null;
}

/** Employers tell the register late: until so many days after something, silence means that it does not know. */
export const REPORTING_DAYS = 14;
const FEED_PAGE = 200;

/** What the register knew of a person on a day: of each record the last revision entered by then, whoever it was about before. */
function known<Entry extends JobRecord | UnemploymentRecord>(
  entries: readonly Entry[],
  nationalId: string,
  asOf: string,
): Entry[] {
  const last = new Map<string, Entry>();
  for (const entry of entries) {
    if (entry.enteredOn <= asOf && (last.get(entry.ref)?.revision ?? 0) < entry.revision) last.set(entry.ref, entry);
  }
  return [...last.values()].filter((entry) => entry.nationalId === nationalId && !entry.withdrawn);
}

/** Numbers are written with and without spaces. */
const plain = (employerNumber: string): string => employerNumber.replace(/\s+/g, '').toUpperCase();

const covers = (from: string, to: string | null, day: string): boolean => from <= day && (to === null || day <= to);

/** Answers one question with the knowledge of the day `asOf`; undefined for a question this register does not know. */
export function answer(records: Records, asked: Question): 'yes' | 'no' | 'unknown' | undefined {
  const jobs = known(records.jobs, asked.nationalId, asked.asOf);
  const unemployment = known(records.unemployment, asked.nationalId, asked.asOf);
  const isOff = !unemployment.some((each) => covers(each.from, each.to, asked.to));
  const worksOn = (day: string): boolean => jobs.some((job) => covers(job.startedOn, job.endedOn, day));
  const isHeardOf = jobs.some(
    (job) => job.startedOn <= asked.to && (job.endedOn === null || asked.from <= job.endedOn),
  );
  const isLateFor = (day: string): boolean => asked.asOf > addDays(localDate(day), REPORTING_DAYS);
  const silence = isHeardOf || isLateFor(asked.to) ? 'no' : 'unknown';
  switch (asked.question) {
    case 'EMPLOYED_BY': {
      const there = jobs.filter(
        (job) =>
          plain(job.employerNumber) === plain(asked.employer ?? '') && covers(job.startedOn, job.endedOn, asked.from),
      );
      if (there.length === 0) return isLateFor(asked.from) ? 'no' : 'unknown';
      return there.some((job) => covers(job.startedOn, job.endedOn, asked.to)) ? 'yes' : 'no';
    }
    case 'IN_WORK':
      return daysOf(asked.from, asked.to).every(worksOn) ? 'yes' : silence;
    case 'OFF_LIVE_REGISTER':
      return isOff ? 'yes' : 'no';
    case 'IN_WORK_AND_OFF_LIVE_REGISTER':
      if (!isOff) return 'no';
      return worksOn(asked.to) ? 'yes' : silence;
    default:
      return undefined;
  }
}

function daysOf(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = localDate(from); day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

/**
 * Changes after a cursor, in the order in which they were entered, as far as they are known on the day `asOf`. The cursor is a
 * place in the feed: day and number, so that neither a record loaded early nor one told late is passed over.
 */
export function feed(
  records: Records,
  asked: { readonly after: string; readonly asOf: string; readonly nationalId: string | null },
): { changes: JobRecord[]; cursor: string; hasMore: boolean } {
  const ordered = records.jobs
    .map((job, index) => ({ job, cursor: records.places[index] ?? '' }))
    .filter(({ cursor }) => cursor.slice(0, 10) <= asked.asOf && cursor > asked.after)
    .filter(({ job }) => asked.nationalId === null || job.nationalId === asked.nationalId)
    .sort((a, b) => (a.cursor < b.cursor ? -1 : 1));
  const page = ordered.slice(0, FEED_PAGE);
  return {
    changes: page.map(({ job }) => job),
    cursor: page.at(-1)?.cursor ?? asked.after,
    hasMore: ordered.length > page.length,
  };
}
