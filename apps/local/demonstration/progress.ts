import { HubError, type LocalDate } from '#libs/kernel/index.js';
import type { HubPrincipal } from '#libs/platform/auth/principal.js';
import { sql, type UnitOfWork } from '#libs/platform/postgres/index.js';

const PLAYER: HubPrincipal = { kind: 'operator', actorId: 'demonstration' };

/**
 * How far the programme was played. A day and what was learned on it are kept together when the day is over; a day that was cut short
 * is played again with the same idempotency keys, so the hub answers what it answered before.
 */
export class Progress {
  private readonly fresh = new Map<string, string>();

  private constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly seed: string,
    private readonly known: Map<string, string>,
    private last: LocalDate | null,
  ) {}

  static async open(unitOfWork: UnitOfWork, seed: string): Promise<Progress> {
    return unitOfWork.transaction(PLAYER, async (tx) => {
      const [row] = await sql<{ seed: string; until: LocalDate }>(tx, `select seed, until from demonstration.played`);
      if (row !== undefined && row.seed !== seed) {
        throw new HubError(
          'demonstration.seed',
          `This database holds the programme of seed ${row.seed}: begin anew for another one.`,
        );
      }
      const rows = await sql<{ key: string; value: string }>(tx, `select key, value from demonstration.memory`);
      return new Progress(unitOfWork, seed, new Map(rows.map(({ key, value }) => [key, value])), row?.until ?? null);
    });
  }

  get playedUntil(): LocalDate | null {
    return this.last;
  }

  remember(key: string, value: string): void {
    this.known.set(key, value);
    this.fresh.set(key, value);
  }

  find(key: string): string | undefined {
    return this.known.get(key);
  }

  get(key: string): string {
    const value = this.known.get(key);
    if (value === undefined) throw new Error(`The programme does not know ${key} yet.`);
    return value;
  }

  async dayIsOver(day: LocalDate): Promise<void> {
    await this.unitOfWork.transaction(PLAYER, async (tx) => {
      await sql(
        tx,
        `insert into demonstration.memory (key, value) select * from unnest($1::text[], $2::text[]) on conflict (key) do update set value = excluded.value`,
        [[...this.fresh.keys()], [...this.fresh.values()]],
      );
      await sql(
        tx,
        `insert into demonstration.played (seed, until) values ($1, $2) on conflict (only_row) do update set until = excluded.until`,
        [this.seed, day],
      );
    });
    this.fresh.clear();
    this.last = day;
  }
}
