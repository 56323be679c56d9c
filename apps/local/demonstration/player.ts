import { addDays, localDate, type LocalDate } from '#libs/kernel/index.js';
import type { StandInRegister } from '#tests/support/stand-in-register/stand-in-register.js';
import type { RunningHub } from '../running-hub.js';
import { Bank } from './bank.js';
import { moneyScenes } from './money.js';
import { bringIn, type Partners } from './partners.js';
import type { Progress } from './progress.js';
import { tellRegister } from './register.js';
import { storiesOf } from './stories.js';
import { scenesOf, type Scene } from './telling.js';

export const FIRST_DAY = localDate('2018-01-02');
export const LAST_DAY = localDate('2019-12-31');

export interface PlayerOptions {
  readonly hub: RunningHub;
  readonly progress: Progress;
  readonly register: StandInRegister;
  readonly seed: string;
  readonly bankFolder: string;
  readonly partners: Partners;
  /** The last day to play: all of it, or less for a short look. */
  readonly until: LocalDate;
  readonly onDay: (day: LocalDate) => void;
}

/**
 * Plays the programme day by day: sets business time, opens the day, waits until everything is handled, lets everybody do what they
 * do that day, and waits again. Killed anywhere and started again it goes on with the day that was not over.
 */
export async function play(options: PlayerOptions): Promise<void> {
  const { hub, progress, seed } = options;
  const stories = storiesOf(seed);
  await tellRegister(options.register, stories);
  const months = monthsBetween(FIRST_DAY, LAST_DAY);
  const bank = new Bank(options.bankFolder, seed);
  const scenes = Map.groupBy([...stories.flatMap(scenesOf), ...moneyScenes(months, bank)], (scene) => scene.day);
  for (let day = nextDay(progress); day <= options.until; day = addDays(day, 1)) {
    await openDay(hub, day);
    if (day === FIRST_DAY) await bringIn(options.partners, progress, hub.issuer);
    for (const scene of inOrder(scenes.get(day) ?? [])) {
      // Managers decide on all that the day has brought, so that the same seed ends in the same statements.
      if (scene.key.startsWith('money/')) await hub.settled();
      await scene.play(options);
      // The second report rests on what the first one caused.
      if (scene.key.includes('reported-twice')) await hub.settled();
    }
    await hub.settled();
    await progress.dayIsOver(day);
    options.onDay(day);
  }
}

const nextDay = (progress: Progress): LocalDate =>
  progress.playedUntil === null ? FIRST_DAY : addDays(progress.playedUntil, 1);

const inOrder = (scenes: readonly Scene[]): readonly Scene[] => scenes.toSorted((a, b) => (a.key < b.key ? -1 : 1));

async function openDay(hub: RunningHub, day: LocalDate): Promise<void> {
  await hub.clock.set(new Date(`${day}T09:00:00Z`));
  while ((await hub.clock.openDays()).length > 0) await hub.settled();
  await hub.settled();
}

function monthsBetween(first: LocalDate, last: LocalDate): string[] {
  const months: string[] = [];
  for (let year = Number(first.slice(0, 4)); year <= Number(last.slice(0, 4)); year += 1) {
    for (let month = 1; month <= 12; month += 1) months.push(`${year}-${String(month).padStart(2, '0')}`);
  }
  return months;
}
