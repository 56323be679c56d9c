import { addDays, dayIn, HubError, type LocalDate } from '#libs/kernel/index.js';
import type { HubPrincipal } from '../auth/principal.js';
import type { EventLog } from '../events/event-log.js';
import { LOCKS } from '../postgres/locks.js';
import { sql } from '../postgres/transaction.js';
import type { UnitOfWork } from '../postgres/unit-of-work.js';

/** Days opened in one transaction; a hub that was off for longer goes on with the next ones. */
const DAYS_MAX = 31;
const CLOCK: HubPrincipal = { kind: 'job', actorId: 'clock' };

/** Sets business time before anything runs, where it is not set yet: the first day of a demonstration or of a test. */
export async function beginBusinessTimeAt(unitOfWork: UnitOfWork, at: Date): Promise<void> {
  await unitOfWork.transaction({ kind: 'operator', actorId: 'clock' }, (tx) =>
    sql(tx, `insert into platform.business_clock (now) values ($1) on conflict do nothing`, [at]),
  );
}

/** Business time and the opening of its days. In production business time is the database's own and nobody sets it. */
export class Clock {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventLog,
    /** IANA name: days begin in it. */
    private readonly timeZone: string,
  ) {}

  /** Sets business time, forward only: for the demonstration, by whoever runs the hub. Error: `clock.backwards`. */
  async set(at: Date): Promise<void> {
    await this.unitOfWork.transaction({ kind: 'operator', actorId: 'clock' }, async (tx) => {
      const rows = await sql(
        tx,
        `insert into platform.business_clock (now) values ($1)
         on conflict (only_row) do update set now = excluded.now where platform.business_clock.now <= excluded.now returning 1`,
        [at],
      );
      if (rows.length === 0) throw new HubError('clock.backwards', 'Business time only goes forward.');
    });
  }

  async now(): Promise<Date> {
    return this.unitOfWork.transaction(CLOCK, (_tx, now) => Promise.resolve(now));
  }

  /** Publishes `day-opened` for each day that has begun since the last one; a day is opened once, whoever asks. */
  async openDays(): Promise<readonly LocalDate[]> {
    return this.unitOfWork.transaction(CLOCK, async (tx, now) => {
      await sql(tx, `select pg_advisory_xact_lock($1)`, [LOCKS.days]);
      const [last] = await sql<{ day: LocalDate | null }>(tx, `select max(day) as day from platform.opened_day`);
      const today = dayIn(this.timeZone, now);
      const days: LocalDate[] = [];
      for (
        let day = last?.day == null ? today : addDays(last.day, 1);
        day <= today && days.length < DAYS_MAX;
        day = addDays(day, 1)
      ) {
        days.push(day);
      }
      await sql(tx, `insert into platform.opened_day (day) select unnest($1::date[])`, [days]);
      await this.events.publish(
        tx,
        days.map((day) => ({ type: 'liaison.platform.day-opened.v1', subject: 'days', data: { day } })),
      );
      return days;
    });
  }
}
