import { addDays, addMonths, localDate, toEpochDay, weekday, type LocalDate } from '#libs/kernel/index.js';
import { Random } from './random.js';
import { FAMILY_NAMES, GIVEN_NAMES, MUNICIPALITIES, PROGRAMMES, type Programme } from './world.js';

/** What happens to one person. Days are calendar days; what is null does not happen. */
export interface Story {
  /** For example `ie-17`: the same person for the same seed. */
  readonly key: string;
  readonly programme: Programme;
  readonly nationalId: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: LocalDate;
  readonly municipality: string;
  readonly index: string;
  readonly group: 'standard' | 'raised';
  readonly voucherValue: string | null;
  /** Contract numbers the person may choose from; the first one is chosen. */
  readonly offers: readonly string[];
  readonly referredOn: LocalDate;
  readonly answer: 'ACCEPT' | 'DECLINE' | 'NONE' | 'WITHDRAWN';
  readonly answeredOn: LocalDate;
  readonly startedOn: LocalDate | null;
  readonly planOn: LocalDate | null;
  readonly job: Job | null;
  readonly endedOn: LocalDate | null;
  /** Given up half-way, because it leads nowhere. */
  readonly endsEarly: boolean;
  readonly mistake: Mistake | null;
}

export interface Job {
  readonly ref: string;
  readonly startedOn: LocalDate;
  readonly endedOn: LocalDate | null;
  readonly hours: string;
  /** Of the normal hours of the employer's trade. */
  readonly share: string;
  readonly contractType: 'OPEN_ENDED' | 'FIXED_TERM';
  readonly contractMonths: number | null;
  readonly employerNumber: string;
  readonly employerName: string;
  /** Said by the provider; else only the register knows. */
  readonly reported: boolean;
}

/** The mistakes that real programmes have, each with a person of its own. */
export const MISTAKES = [
  'nobody-answered',
  'wrong-person',
  'reported-twice',
  'ends-a-week-early',
  'corrected-after-payment',
  'reported-too-late',
  'assessment-corrected',
  'moved',
  'look-up-without-relation',
] as const;
export type Mistake = (typeof MISTAKES)[number];

/** Which person of which programme carries which mistake. */
const CARRIERS: Readonly<Record<string, Mistake>> = {
  'ie-3': 'nobody-answered',
  'de-4': 'wrong-person',
  'ie-5': 'reported-twice',
  'ie-6': 'ends-a-week-early',
  'ie-7': 'corrected-after-payment',
  'de-5': 'reported-too-late',
  'it-4': 'assessment-corrected',
  'ie-8': 'moved',
  'ie-9': 'look-up-without-relation',
};

const EMPLOYERS = ['Harbour Logistics', 'Green Fields Foods', 'City Care Homes', 'Old Mill Bakery', 'Northern Windows'];

/** The whole programme as a seed tells it: pure, so that it can be told again after any interruption. */
export const storiesOf = (seed: string): readonly Story[] =>
  PROGRAMMES.flatMap((programme) =>
    Array.from({ length: programme.people }, (_, index) => storyOf(seed, programme, index + 1)),
  );

function storyOf(seed: string, programme: Programme, number: number): Story {
  const key = `${programme.code}-${number}`;
  const random = new Random(`${seed}/${key}`);
  const mistake = CARRIERS[key] ?? null;
  const { from, to } = programme.intake;
  const span = toEpochDay(localDate(to)) - toEpochDay(localDate(from));
  // People with a mistake come early, so that there is time for it to come to light.
  const referredOn = workday(addDays(localDate(from), mistake === null ? random.whole(span) : number * 3));
  const [first, second] = programme.contracts.map((contract) => contract.number);
  const offers = random.chance(60) ? [first ?? '', second ?? ''] : [second ?? '', first ?? ''];
  const answer = mistake === null ? answerOf(random) : mistake === 'nobody-answered' ? 'NONE' : 'ACCEPT';
  const answeredOn = workday(addDays(referredOn, random.between(1, 3)));
  const startedOn = answer === 'ACCEPT' ? workday(addDays(answeredOn, random.between(3, 14))) : null;
  const job =
    startedOn === null || mistake === 'wrong-person' ? null : jobOf(random, programme, key, startedOn, mistake);
  // A generator of its own: who ends early changes nothing else of anybody's story.
  const endsEarly = job === null && startedOn !== null && new Random(`${seed}/${key}/end`).chance(35);
  return {
    key,
    programme,
    nationalId: `IE${String(programme.idsFrom + number * 7_919)}`,
    givenName: random.pick(GIVEN_NAMES),
    familyName: random.pick(FAMILY_NAMES),
    birthDate: addDays(localDate('1960-01-01'), random.whole(13_500)),
    municipality: mistake === 'moved' ? (MUNICIPALITIES[0] ?? '') : random.pick(MUNICIPALITIES),
    index: indexOf(random, mistake),
    ...voucherOf(random, programme),
    offers,
    referredOn,
    answer,
    answeredOn,
    startedOn,
    planOn: startedOn === null ? null : workday(addDays(startedOn, random.between(2, 12))),
    job,
    endedOn:
      startedOn === null || mistake === 'wrong-person'
        ? null
        : workday(addMonths(startedOn, job !== null ? 12 : endsEarly ? 5 : 9)),
    endsEarly,
    mistake,
  };
}

/** An index that was decided wrongly, and what it is from a later day on: the second half of the result is priced by it. */
export const CORRECTION = { decided: '0.90', corrected: '0.80', from: localDate('2019-02-01') } as const;

function indexOf(random: Random, mistake: Mistake | null): string {
  const index = (random.between(10, 95) / 100).toFixed(2);
  return mistake === 'assessment-corrected' ? CORRECTION.decided : index;
}

function answerOf(random: Random): Story['answer'] {
  const dice = random.whole(100);
  return dice < 88 ? 'ACCEPT' : dice < 93 ? 'DECLINE' : dice < 97 ? 'NONE' : 'WITHDRAWN';
}

/** Germany's voucher: standard, or a raised value that an officer decided. */
function voucherOf(random: Random, programme: Programme): Pick<Story, 'group' | 'voucherValue'> {
  if (programme.code !== 'de' || !random.chance(35)) return { group: 'standard', voucherValue: null };
  return { group: 'raised', voucherValue: random.pick(['2600', '2800', '3000']) };
}

function jobOf(
  random: Random,
  programme: Programme,
  key: string,
  startedOn: LocalDate,
  mistake: Mistake | null,
): Job | null {
  if (mistake === null && !random.chance(64)) return null;
  const begins = addDays(startedOn, mistake === null ? random.between(20, 210) : 25);
  const openEnded = mistake !== null || random.chance(65);
  const months = openEnded ? null : random.pick([2, 4, 6, 8, 12]);
  const weeks =
    mistake === 'ends-a-week-early'
      ? 25
      : openEnded
        ? random.chance(55) && mistake === null
          ? random.between(4, 50)
          : null
        : null;
  const end =
    weeks === null ? (months === null ? null : addDays(addMonths(begins, months), -1)) : addDays(begins, weeks * 7 - 1);
  return {
    ref: `job-${key}`,
    startedOn: begins,
    endedOn: end,
    ...(mistake !== null || random.chance(82) ? { hours: '37.5', share: '1' } : { hours: '22', share: '0.59' }),
    contractType: openEnded ? 'OPEN_ENDED' : 'FIXED_TERM',
    contractMonths: months,
    employerNumber: `${programme.code.toUpperCase()}-E${random.between(100, 139)}`,
    employerName: random.pick(EMPLOYERS),
    reported: mistake === 'reported-twice' || mistake === 'reported-too-late' || random.chance(70),
  };
}

/** The day itself, or the Monday after a weekend. */
export function workday(day: LocalDate): LocalDate {
  const number = weekday(day);
  return number <= 5 ? day : addDays(day, 8 - number);
}
