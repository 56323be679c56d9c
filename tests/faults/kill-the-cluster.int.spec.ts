import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Random } from '#apps/local/demonstration/random.js';
import { freePorts } from '#libs/testing/free-port.js';
import { startKafka } from '#libs/testing/kafka.js';
import { build, leave, newPlace, startLocal, type LocalRun, type Place } from '#tests/support/local-run.js';

/** Three months of the programme: people come in, fees fall due, one payment run. */
const LIAISON_PLAY_UNTIL = process.env['LIAISON_FAULT_UNTIL'] ?? '2018-03-10';
const KILLS = Number(process.env['LIAISON_KILLS'] ?? 4);
const SEED = process.env['LIAISON_FAULT_SEED'] ?? String(process.pid);
/** Shortest and longest time between two kills. */
const BETWEEN_MS = [500, 8_000] as const;
const INSTANCES = 2;
const kafka = await startKafka();

/**
 * The processes of a cluster are killed at random moments while the demonstration is played on it; whatever was acknowledged, its
 * effects once and in order, shows in the result, which must be that of one process nobody disturbed.
 */
(kafka === undefined ? describe.skip : describe)(
  `a cluster of which ${KILLS} processes are killed (seed ${SEED})`,
  () => {
    const places: Place[] = [];
    let run: LocalRun | undefined;
    beforeAll(build, 600_000);
    afterAll(async () => {
      if (run?.isOver() === false) run.child.kill('SIGTERM');
      await run?.ended;
      places.forEach(leave);
    });

    async function start(app: 'hub' | 'cluster', settings: Readonly<Record<string, string>> = {}): Promise<LocalRun> {
      const place = await newPlace();
      places.push(place);
      return startLocal(app, place, { ...settings, LIAISON_PLAY_UNTIL });
    }

    it('plays to the result of one process that was left alone', async () => {
      const undisturbed = await (await start('hub')).result();
      const random = new Random(SEED);
      run = await start('cluster', {
        KAFKA_BROKERS: kafka!.brokers.join(','),
        LIAISON_INSTANCES: String(INSTANCES),
        LIAISON_PROCESS_PORT: String(await freePorts(2 * INSTANCES + 3)),
      });
      const killed: string[] = [];
      while (killed.length < KILLS && !run.isOver()) {
        // The moment is random; nothing is expected to have happened by then.
        await new Promise((resolve) => setTimeout(resolve, random.between(...BETWEEN_MS)));
        if (!run.output().includes('Playing')) continue;
        const [name, pid] = random.pick(run.processes());
        try {
          process.kill(pid, 'SIGKILL');
          killed.push(name);
        } catch {
          // It died a moment ago and is not back yet.
        }
      }
      process.stdout.write(`Killed ${killed.length} processes (seed ${SEED}): ${killed.toSorted().join(', ')}\n`);
      expect(await run.result()).toBe(undisturbed);
      expect(killed.length).toBeGreaterThan(0);
    }, 3_600_000);
  },
);
