import type { EntityManager } from 'typeorm';
import type { Principal } from '../auth/principal.js';

declare const opaque: unique symbol;

/** One open transaction. Only the unit of work makes one; only stores look inside (`sqlOf`, `entitiesOf`). */
export interface Tx {
  readonly [opaque]: true;
}

/** What the platform keeps behind a `Tx`. */
export interface TransactionState {
  readonly manager: EntityManager;
  readonly principal: Principal;
  /** Business time, read once when the transaction began. */
  readonly now: Date;
  /** What waits for the commit. */
  readonly afterCommit: Set<() => void>;
  /** What is written all the same where this transaction is undone. */
  readonly whenUndone: ((tx: Tx) => Promise<void>)[];
}

const states = new WeakMap<Tx, TransactionState>();

/** @internal Made by the unit of work alone. */
export function bindTransaction(state: TransactionState): Tx {
  const tx = Object.freeze({}) as Tx;
  states.set(tx, state);
  return tx;
}

function stateOf(tx: Tx): TransactionState {
  const state = states.get(tx);
  if (state === undefined) throw new Error('This transaction is not of the unit of work, or has ended.');
  return state;
}

/** @internal After commit or rollback nothing can be done with it any more. */
export function releaseTransaction(tx: Tx): void {
  states.delete(tx);
}

/** Runs plain SQL in the transaction and answers its rows. For stores, and where sets are moved. */
export async function sql<Row extends object = Record<string, never>>(
  tx: Tx,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const result: unknown = await stateOf(tx).manager.query(text, [...parameters]);
  return rowsOf<Row>(result);
}

/** As `sql`, for a text of several statements (a library's own): the rows of all of them, one after the other. */
export async function sqlScript(tx: Tx, text: string, parameters: readonly unknown[] = []): Promise<object[]> {
  const runner = stateOf(tx).manager.queryRunner;
  if (runner === undefined) throw new Error('A transaction has a connection.');
  const client = (await runner.connect()) as { query(text: string, values?: unknown[]): Promise<unknown> };
  const answer = await (parameters.length === 0 ? client.query(text) : client.query(text, [...parameters]));
  return [answer].flat().flatMap((result) => (result as { rows: object[] }).rows);
}

/** TypeORM answers `[rows, count]` for UPDATE and DELETE, and plain rows for everything else. */
function rowsOf<Row>(result: unknown): Row[] {
  if (Array.isArray(result) && result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number') {
    return result[0] as Row[];
  }
  return result as Row[];
}

/** The entities of the transaction. For stores that load and save one aggregate. */
export const entities = (tx: Tx): EntityManager => stateOf(tx).manager;

/** Calls something in this process once the transaction has committed, and never if it does not; asked for twice, it is called once. */
export const afterCommit = (tx: Tx, call: () => void): void => void stateOf(tx).afterCommit.add(call);

/**
 * Writes something although an error of the work undoes this transaction: in one of its own, before the error is answered. Where that
 * cannot be written, the caller gets that error instead.
 */
export const whenUndone = (tx: Tx, write: (tx: Tx) => Promise<void>): void => void stateOf(tx).whenUndone.push(write);

/** Who acts in this transaction. */
export const principalOf = (tx: Tx): Principal => stateOf(tx).principal;

/** Business time of this transaction. */
export const nowOf = (tx: Tx): Date => stateOf(tx).now;
