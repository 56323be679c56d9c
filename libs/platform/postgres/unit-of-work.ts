import { createHash } from 'node:crypto';
import type { DataSource, QueryRunner } from 'typeorm';
import { HubError } from '#libs/kernel/index.js';
import { isPartner, type Principal } from '../auth/principal.js';
import { bindTransaction, releaseTransaction, sql, type Tx } from './transaction.js';
import { canonicalJson } from './canonical-json.js';

/** What is asked for: its name (the mutation, door or CLI call), the caller's idempotency key and the whole input. */
export interface Command {
  readonly name: string;
  /** Chosen by the caller, at most 200 characters. Same key, same input: the first answer again. Same key, other input: refused. */
  readonly idempotencyKey: string;
  readonly input: unknown;
}

const IDEMPOTENCY_KEY_LENGTH_MAX = 200;

/**
 * SQL states after which the same transaction can succeed when it is run again: it could not be serialised, it was chosen to end a
 * deadlock, or somebody else wrote the same unique thing at the same moment, which the work, when it looks again, finds and answers.
 */
const RETRIABLE_STATES: ReadonlySet<string> = new Set(['40001', '40P01', '23505']);
const ATTEMPTS_MAX = 3;
/** A caller waits no longer for an answer, so its statement ends too; the hub's own work has the connection's limit. */
const PARTNER_STATEMENT_TIMEOUT_MS = 10_000;

/**
 * The one place that opens a transaction. It sets the database role and the row-level-security context, reads business time,
 * checks the idempotency key, runs the work, stores what is kept of it and commits. An error thrown by the work undoes all of it but
 * what was to be written `whenUndone`.
 */
export class UnitOfWork {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs a command once per (organisation, key). What `once` answers is plain JSON and kept with the key: ids, codes and days, nothing
   * that tells of a person. `answer` makes the answer of it, the first time and whenever the command is repeated, so that what it shows
   * is decided and logged anew; left out where what is kept is all there is to say.
   *
   * Errors: `idempotency.key-missing`, `idempotency.key-reused`, and whatever `once` and `answer` throw.
   */
  async command<Kept, Answer = Kept>(
    principal: Principal,
    command: Command,
    once: (tx: Tx, now: Date) => Promise<Kept>,
    answer: (tx: Tx, kept: Kept, now: Date) => Promise<Answer> = (_tx, kept) =>
      Promise.resolve(kept as unknown as Answer),
  ): Promise<Answer> {
    if (command.idempotencyKey === '' || command.idempotencyKey.length > IDEMPOTENCY_KEY_LENGTH_MAX) {
      throw new HubError(
        'idempotency.key-missing',
        `An idempotency key of 1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} characters is required.`,
        {
          field: 'idempotencyKey',
        },
      );
    }
    return this.transaction(principal, async (tx, now) => {
      const earlier = await claimKey(tx, principal, command);
      if (earlier !== undefined) return answer(tx, earlier as Kept, now);
      const kept = await once(tx, now);
      await keep(tx, principal, command, kept);
      return answer(tx, kept, now);
    });
  }

  /** Runs a read (or a piece of the hub's own work) in one transaction; it may write access-log rows, which commit before it answers. */
  async transaction<Answer>(principal: Principal, work: (tx: Tx, now: Date) => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const whenUndone: ((tx: Tx) => Promise<void>)[] = [];
      try {
        return await this.attempt(principal, work, whenUndone);
      } catch (error) {
        if (attempt < ATTEMPTS_MAX && isRetriable(error)) continue;
        if (whenUndone.length > 0) await this.transaction(principal, (tx) => inOrder(tx, whenUndone));
        throw error;
      }
    }
  }

  private async attempt<Answer>(
    principal: Principal,
    work: (tx: Tx, now: Date) => Promise<Answer>,
    whenUndone: ((tx: Tx) => Promise<void>)[],
  ): Promise<Answer> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.connect();
      await runner.startTransaction();
      const now = await enter(runner, principal);
      const afterCommit = new Set<() => void>();
      const tx = bindTransaction({ manager: runner.manager, principal, now, afterCommit, whenUndone });
      try {
        const answer = await work(tx, now);
        await runner.commitTransaction();
        for (const call of afterCommit) call();
        return answer;
      } finally {
        releaseTransaction(tx);
      }
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

async function inOrder(tx: Tx, writes: readonly ((tx: Tx) => Promise<void>)[]): Promise<void> {
  for (const write of writes) await write(tx);
}

/** Takes the database role of the caller (no login role owns or bypasses anything) and tells row-level security who it is. */
async function enter(runner: QueryRunner, principal: Principal): Promise<Date> {
  const partner = isPartner(principal);
  const rows = (await runner.query(
    `select set_config('role', $1, true), set_config('liaison.organisation_id', $2, true),
            set_config('liaison.organisation_kind', $3, true), set_config('liaison.actor_id', $4, true),
            set_config('statement_timeout', coalesce($5, current_setting('statement_timeout')), true),
            platform.business_now() as now`,
    [
      partner ? 'liaison_api' : 'liaison_reactions',
      partner ? principal.organisationId : '',
      partner ? principal.organisationKind : '',
      principal.actorId,
      partner ? String(PARTNER_STATEMENT_TIMEOUT_MS) : null,
    ],
  )) as { now: Date }[];
  const now = rows[0]?.now;
  if (now === undefined) throw new Error('The database did not answer its business time.');
  return now;
}

const ownerOf = (principal: Principal): string =>
  isPartner(principal) ? principal.organisationId : `hub:${principal.kind}`;

const fingerprint = (command: Command): Buffer =>
  createHash('sha256')
    .update(canonicalJson([command.name, command.input]))
    .digest();

/**
 * Takes the key, or answers what was kept before. A second caller with the same key waits on the first one's row until that
 * one commits (then it finds the answer) or fails (then it may try itself).
 */
async function claimKey(tx: Tx, principal: Principal, command: Command): Promise<unknown> {
  const parameters = [ownerOf(principal), command.idempotencyKey, command.name, fingerprint(command)];
  const claimed = await sql(
    tx,
    `insert into platform.idempotency (owner, key, command, fingerprint) values ($1, $2, $3, $4)
     on conflict (owner, key) do nothing returning key`,
    parameters,
  );
  if (claimed.length > 0) return undefined;
  const [row] = await sql<{ same: boolean; answer: unknown }>(
    tx,
    `select fingerprint = $3 as same, answer from platform.idempotency where owner = $1 and key = $2`,
    [parameters[0], parameters[1], parameters[3]],
  );
  if (row?.same !== true) {
    throw new HubError('idempotency.key-reused', 'This idempotency key was used before with another input.', {
      field: 'idempotencyKey',
    });
  }
  return row.answer;
}

async function keep(tx: Tx, principal: Principal, command: Command, kept: unknown): Promise<void> {
  await sql(tx, `update platform.idempotency set answer = $3 where owner = $1 and key = $2`, [
    ownerOf(principal),
    command.idempotencyKey,
    JSON.stringify(kept ?? null),
  ]);
}

function isRetriable(error: unknown): boolean {
  const code =
    (error as { code?: unknown; driverError?: { code?: unknown } } | null)?.driverError?.code ??
    (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && RETRIABLE_STATES.has(code);
}
