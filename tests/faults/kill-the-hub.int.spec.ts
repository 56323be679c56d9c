import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Random } from '#apps/local/demonstration/random.js';
import { build, leave, newPlace, startLocal, type LocalRun, type Place } from '#tests/support/local-run.js';

/** Three months of the programme: people come in, fees fall due, one payment run. */
const LIAISON_PLAY_UNTIL = process.env['LIAISON_FAULT_UNTIL'] ?? '2018-03-10';
const KILLS = Number(process.env['LIAISON_KILLS'] ?? 4);
const SEED = process.env['LIAISON_FAULT_SEED'] ?? String(process.pid);
const RUNS_MAX = KILLS + 20;

describe(`a hub that is killed at random moments (seed ${SEED})`, () => {
  const places: Place[] = [];
  beforeAll(build, 600_000);
  afterAll(() => places.forEach(leave));

  const start = (place: Place): LocalRun => startLocal('hub', place, { LIAISON_PLAY_UNTIL });
  const place = async (): Promise<Place> => {
    const made = await newPlace();
    places.push(made);
    return made;
  };

  it('comes back each time, and ends with the same result as one that was left alone', async () => {
    const undisturbed = await start(await place()).result();
    const disturbed = await place();
    const random = new Random(SEED);
    let kills = 0;
    for (let run = 0; run < RUNS_MAX && kills < KILLS; run += 1) {
      const { child, ended } = start(disturbed);
      // The moment is random; nothing is expected to have happened by then.
      const timer = setTimeout(() => child.kill('SIGKILL'), random.between(1_500, 12_000));
      const code = await ended;
      clearTimeout(timer);
      if (code === 0) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThan(0);
    expect(await start(disturbed).result()).toBe(undisturbed);
  }, 3_600_000);

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'does not end well when it is interrupted before its result: %s',
    async (signal, code) => {
      const run = start(await place());
      await run.hasSaid('Playing the demonstration programme');
      run.child.kill(signal);
      expect(await run.ended).toBe(code);
      expect(run.output()).toContain('Stopped before the result was there');
    },
    120_000,
  );
});
