type Words = readonly string[];

/** Values in words: `a`, `a and b`, `a, b and c`. */
export const listed = (words: Words): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

/** Functions whose second and third argument are the first and the last day of a window: they are said as one. */
export const WINDOWED: ReadonlySet<string> = new Set([
  ...['daysIn', 'weeksIn', 'monthsIn', 'workingDaysIn', 'weeksWith', 'hoursIn', 'spellsIn', 'covers', 'anyDay'],
  ...['happened', 'times', 'sum', 'entries', 'paid', 'payments'],
]);

/** What a function that answers yes or no means, and what its "not" means. A window stands with a blank before it. */
export const TRUTHS: Readonly<Record<string, (...args: Words) => readonly [yes: string, no: string]>> = {
  known: (value) => [`${value} is known`, `${value} is not known`],
  payable: (value) => [`${value} is payable`, `${value} is not payable`],
  isWorkingDay: (day) => [`${day} is a working day`, `${day} is not a working day`],
  covers: (days, window) => [`every day${window} is a day of ${days}`, `not every day${window} is a day of ${days}`],
  anyDay: (days, window) => [`at least one day${window} is a day of ${days}`, `no day${window} is a day of ${days}`],
  holds: (days, on) => [`${on} is a day of ${days}`, `${on} is not a day of ${days}`],
  happened: (event, window = '') =>
    window === ''
      ? [`${event} has happened`, `${event} has not happened`]
      : [`${event} happened${window}`, `${event} did not happen${window}`],
};

const ROUNDED: Readonly<Record<string, (step: string) => string>> = {
  'half-up': (step) => `rounded to the nearest ${step} (a half goes up)`,
  'half-even': (step) => `rounded to the nearest ${step} (a half goes to the even neighbour)`,
  'half-down': (step) => `rounded to the nearest ${step} (a half goes down)`,
  down: (step) => `rounded down to a multiple of ${step}`,
  up: (step) => `rounded up to a multiple of ${step}`,
};

/** How a number is rounded: `rounded to the nearest 0.01 (a half goes up)`. */
export const roundedTo = (step: string, mode: string): string =>
  (Object.hasOwn(ROUNDED, mode) ? ROUNDED[mode]?.(step) : undefined) ?? `rounded to ${step} (${mode})`;

const NUMBERS: Readonly<Record<string, (...args: Words) => string>> = {
  min: (...all) => `the least of ${listed(all)}`,
  max: (...all) => `the greatest of ${listed(all)}`,
  clamp: (value, low, high) => `${value}, but at least ${low} and at most ${high}`,
  abs: (value) => `the size of ${value} without its sign`,
  round: (value, step = '', mode = 'half-up') => `${value} ${roundedTo(step, mode.replaceAll('"', ''))}`,
  orElse: (value, other) => `${value}, or ${other} where that is not known`,
  days: (value) => `${value} days`,
  weeks: (value) => `${value} weeks`,
  months: (value) => `${value} months`,
};

const DATES: Readonly<Record<string, (...args: Words) => string>> = {
  lastDay: (start, length) => `the last day of ${length} counted from ${start}`,
  nextWorkingDay: (day) => `the first working day on or after ${day}`,
  startOfMonth: (day) => `the first day of the month of ${day}`,
  endOfMonth: (day) => `the last day of the month of ${day}`,
  startOfNextMonth: (day) => `the first day of the month after ${day}`,
  startOfYear: (day) => `the first day of the year of ${day}`,
  endOfYear: (day) => `the last day of the year of ${day}`,
  year: (day) => `the year of ${day}`,
  month: (day) => `the number of the month of ${day}`,
  dayOfMonth: (day) => `the day of the month of ${day}`,
  weekday: (day) => `the weekday of ${day} (Monday is 1)`,
  daysInMonth: (day) => `the number of days in the month of ${day}`,
  daysBetween: (a, b) => `the number of days between ${a} and ${b}`,
  monthsBetween: (a, b) => `the number of whole months between ${a} and ${b}`,
  yearsBetween: (a, b) => `the number of whole years between ${a} and ${b}`,
};

const DAY_SETS: Readonly<Record<string, (...args: Words) => string>> = {
  daysIn: (days, window) => `the number of days of ${days}${window}`,
  weeksIn: (days, window) => `the number of weeks of ${days}${window}`,
  monthsIn: (days, window) => `the number of months of ${days}${window}`,
  workingDaysIn: (days, window) => `the number of working days of ${days}${window}`,
  weeksWith: (days, window, least) => `the number of weeks${window} with at least ${least} days of ${days}`,
  hoursIn: (days, window) => `the number of hours of ${days}${window}`,
  spellsIn: (days, window) => `the number of spells of ${days}${window}`,
  level: (days, field, on) => `the total ${field} of ${days} on ${on}`,
  firstDay: (days, from) => `the first day of ${days} on or after ${from}`,
  since: (days, on) => `the first day of the unbroken stretch of ${days} that ${on} lies in`,
  union: (...all) => `the days that are in any of ${listed(all)}`,
  overlap: (...all) => `the days that are in each of ${listed(all)}`,
  without: (a, b) => `the days of ${a} that are not in ${b}`,
};

const HAPPENINGS: Readonly<Record<string, (...args: Words) => string>> = {
  times: (event, window) => `how often ${event} happened${window}`,
  first: (event, from) => `the day of the first ${event} on or after ${from}`,
  last: (event, until) => `the day of the last ${event} on or before ${until}`,
  sum: (amount, window) => `the sum of ${amount}${window}`,
  entries: (amount, window) => `the number of entries of ${amount}${window}`,
  latest: (amount, until) => `the last ${amount} told on or before ${until}`,
  paid: (fee, window = '') => `what was paid for ${fee}${window}`,
  payments: (fee, window = '') => `the number of payments for ${fee}${window}`,
  paidForJob: (fee) => `what was paid for ${fee} for this job`,
  dueOn: (fee) => `the day on which ${fee} is first due`,
};

/** What a function means, around the words of its arguments. A window stands with a blank before it. */
export const FUNCTION_WORDS: Readonly<Record<string, (...args: Words) => string>> = {
  ...NUMBERS,
  ...DATES,
  ...DAY_SETS,
  ...HAPPENINGS,
};

/** What a spell can be asked, after "its" and before "of the job". */
const FIELDS: Readonly<Record<string, string>> = {
  start: 'first day',
  end: 'last day',
  weeklyHours: 'weekly working time in hours',
  contractType: 'type of contract',
  contractMonths: 'agreed length of contract in months',
  normalHoursShare: 'share of normal hours',
  employer: 'employer',
  country: 'country',
  reportedOn: 'day of the first report',
};

/** What a number of a spell is called: `weekly working time in hours`. */
export const fieldWords = (name: string): string => (Object.hasOwn(FIELDS, name) ? String(FIELDS[name]) : named(name));

/** Names that every tariff has. */
export const NAME_WORDS: Readonly<Record<string, string>> = {
  on: 'the day it is reached',
  periodStart: 'the first day of the period',
  periodEnd: 'the last day of the period',
  n: 'the number of the payment',
  'job.agreedMonths': 'the months agreed in all contracts of the job so far',
  ...Object.fromEntries(Object.entries(FIELDS).map(([name, words]) => [name, `its ${words}`])),
  ...Object.fromEntries(Object.entries(FIELDS).map(([name, words]) => [`job.${name}`, `the ${words} of the job`])),
};

/** Names that every tariff has and that are yes or no, with their "not". */
export const NAME_TRUTHS: Readonly<Record<string, readonly [yes: string, no: string]>> = {
  insured: ['it is insured', 'it is not insured'],
  open: ['it goes on', 'it does not go on'],
  'job.insured': ['the job is insured', 'the job is not insured'],
  'job.open': ['the job goes on', 'the job does not go on'],
};

/** Names that would be read as words of the sentence: "pays out", "at most most". */
const MISREAD: ReadonlySet<string> = new Set(
  [
    'day days week weeks month months quarter quarters year years hour hours',
    'job jobs spell spells period periods payment payments fee fees cell',
    'most least first last half all each any other out back up down due paid reached counted',
  ].flatMap((line) => line.split(' ')),
);

/** A name as the document gives it; in quotes where it would be read as a word of the sentence. */
export const named = (name: string): string => (MISREAD.has(name) ? `“${name}”` : name);
