// Prices a stream of persons by the Irish scheme: persons a second of processor time beside only reading them, at three sizes, and memory.
// `npm run bench tariffs [persons]`. Never part of the tests: machines differ.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromEpochDay, localDate, type LocalDate } from '#libs/kernel/index.js';
import { loadTariff, price, type Fact, type LockedTerms, type Tariff } from '#libs/tariffs/index.js';
import { median, ROUNDS } from './rounds.js';

const PERSONS_DEFAULT = 1_000_000;
const SLICE = 5_000;
const FIRST_DAY = 17_000;
const INTAKE_DAYS = 365;
const LOCKED: LockedTerms = { values: {}, attributes: {} };

/** A small generator with a seed (mulberry32), so that each round prices the same persons. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One person: accepted, a plan, one to three jobs of some weeks, answers of the register to what is asked first. */
function personFacts(random: () => number): Fact[] {
  const day = (offset: number): LocalDate => fromEpochDay(FIRST_DAY + offset);
  const accepted = Math.floor(random() * INTAKE_DAYS);
  const facts: Fact[] = [
    { type: 'event', name: 'accepted', on: day(accepted) },
    { type: 'event', name: 'plan-agreed', on: day(accepted + 14) },
  ];
  let start = accepted + 30 + Math.floor(random() * 90);
  const jobs = 1 + Math.floor(random() * 3);
  for (let index = 0; index < jobs; index += 1) {
    const length = 20 + Math.floor(random() * 300);
    facts.push({
      type: 'spell',
      spellId: `job-${index}`,
      start: day(start),
      end: day(start + length),
      weeklyHours: random() < 0.8 ? '35' : '20',
      contractType: 'OPEN_ENDED',
      insured: true,
      employer: `employer-${index}`,
    });
    start += length + Math.floor(random() * 60);
  }
  return facts;
}

/** What registers would answer, so that all fees are decided. */
function answered(tariff: Tariff, facts: Fact[], on: LocalDate): Fact[] {
  for (let asked = true; asked;) {
    asked = false;
    for (const fee of price(tariff, LOCKED, facts, { day: on })) {
      if (fee.kind !== 'needs') continue;
      facts.push({
        type: 'verification',
        question: fee.question,
        from: fee.from,
        to: fee.to,
        asOf: fee.to,
        answer: 'YES',
      });
      asked = true;
    }
  }
  return facts;
}

interface Measured {
  readonly perSecond: number;
  /** The same persons read from lines of JSON and nothing more: the least that a stream costs. */
  readonly rawPerSecond: number;
  /** After each quarter of the stream. */
  readonly heapMegabytes: readonly number[];
  readonly dueFees: number;
}

const spent = (begin: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(begin);
  return user + system;
};

/** Persons are made in slices, outside the measured time; memory must not grow with their number. */
function measure(tariff: Tariff, persons: number): Measured {
  const on = localDate('2019-06-30');
  const random = seeded(1);
  const heapMegabytes: number[] = [];
  let [microseconds, raw, dueFees] = [0, 0, 0];
  for (let done = 0; done < persons; done += SLICE) {
    const people = Array.from({ length: Math.min(SLICE, persons - done) }, () =>
      answered(tariff, personFacts(random), on),
    );
    const lines = people.map((facts) => JSON.stringify(facts));
    const reading = process.cpuUsage();
    for (const line of lines) JSON.parse(line);
    raw += spent(reading);
    const pricing = process.cpuUsage();
    for (const facts of people)
      for (const fee of price(tariff, LOCKED, facts, { day: on })) if (fee.kind === 'due') dueFees += 1;
    microseconds += spent(pricing);
    if (Math.floor((4 * (done + SLICE)) / persons) > heapMegabytes.length && heapMegabytes.length < 4) {
      globalThis.gc?.();
      heapMegabytes.push(Math.round(process.memoryUsage().heapUsed / 1e6));
    }
  }
  const rate = (time: number): number => Math.round((persons * 1e6) / time);
  return { perSecond: rate(microseconds), rawPerSecond: rate(raw), heapMegabytes, dueFees };
}

const folder = join(process.cwd(), 'schemas', 'tariffs');
const schema = JSON.parse(readFileSync(join(folder, 'tariff.schema.json'), 'utf8')) as object;
const name = 'jobpath-ie.2015.yaml';
const tariff = loadTariff(readFileSync(join(folder, name), 'utf8'), name, schema);
const persons = Number(process.argv[2] ?? PERSONS_DEFAULT);
measure(tariff, 20_000);
console.log(
  '| persons | rounds | persons priced a second | the same only read from JSON | heap in MB after each quarter | fees due |',
);
console.log('| --: | --: | --: | --: | :-- | --: |');
for (const [size, rounds] of [
  [Math.floor(persons / 16), ROUNDS],
  [Math.floor(persons / 4), 1],
  [persons, 1],
] as const) {
  const measured = Array.from({ length: rounds }, () => measure(tariff, size));
  const [{ heapMegabytes, dueFees } = { heapMegabytes: [], dueFees: 0 }] = measured;
  const columns = [
    size,
    rounds,
    median(measured.map(({ perSecond }) => perSecond)),
    median(measured.map(({ rawPerSecond }) => rawPerSecond)),
    heapMegabytes.join(', '),
    dueFees,
  ];
  console.log(`| ${columns.join(' | ')} |`);
}
