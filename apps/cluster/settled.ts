import type { DataSource } from 'typeorm';
import type { LocalProcess } from './process.js';

const LOOK_AGAIN_MS = 15;
const TELL_AFTER_MS = 60_000;

interface Waiting {
  /** Rows in the outbox, jobs to be done, events that wait for their next try. */
  readonly rows: number;
  /** Of the last event that was ever published. */
  readonly position: string;
}

/**
 * Resolves when nothing is left to process, in any process: the outbox is empty, every group has handled what the log holds, no job
 * waits, and no event was published since we began to look. The last part makes it exact: between two looks events may move on.
 */
export async function whenSettled(
  owner: DataSource,
  processes: readonly LocalProcess[],
  say: (line: string) => void,
): Promise<void> {
  let tellAt = Date.now() + TELL_AFTER_MS;
  for (;;) {
    const before = await waiting(owner);
    const behind = before.rows > 0 ? undefined : await eventsBehind(processes);
    if (behind === 0) {
      const after = await waiting(owner);
      if (after.rows === 0 && after.position === before.position) return;
    }
    if (Date.now() > tellAt) {
      tellAt = Date.now() + TELL_AFTER_MS;
      const lacks = await Promise.all(processes.map(async (process) => [process.name, await process.lacks()] as const));
      const hindered = lacks.flatMap(([name, what]) => (what === undefined ? [] : [`; ${name}: ${what}`])).join('');
      say(`  Still waiting: ${before.rows} rows to be worked, ${String(behind ?? 'unknown')} events behind${hindered}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

async function waiting(owner: DataSource): Promise<Waiting> {
  const [row] = await owner.query<{ rows: string; position: string }[]>(
    `select (select count(*) from platform.outbox)
          + (select count(*) from jobs.job where state in ('created', 'retry', 'active'))
          + (select count(*) from platform.unhandled where state in ('PARKED', 'QUEUED')) as rows,
       (select last_value from platform.outbox_position_seq) as position`,
  );
  return { rows: Number(row?.rows), position: String(row?.position) };
}

/** Of all groups together, as their processes tell; undefined while one of them cannot. */
async function eventsBehind(processes: readonly LocalProcess[]): Promise<number | undefined> {
  const answers = await Promise.all(processes.map((process) => process.get('/health/progress')));
  let behind = 0;
  for (const answer of answers) {
    if (answer?.ok !== true) return undefined;
    const { groups } = (await answer.json()) as { groups?: readonly { readonly behind: number }[] };
    if (groups === undefined) return undefined;
    for (const group of groups) behind += group.behind;
  }
  return behind;
}
