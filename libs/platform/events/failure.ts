import { HubError } from '#libs/kernel/index.js';

/** PostgreSQL classes after which the same work can pass: conflicts, lost connections, shortage, an operator's stop. */
const TRANSIENT_CLASSES: ReadonlySet<string> = new Set(['08', '40', '53', '55', '57']);

/** What the network says of a database that cannot be reached. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);
/** pg and its pool give no code where no connection is free or one was lost. */
const LOST_CONNECTION = /timeout exceeded when trying to connect|connection terminated|connection error|not queryable/i;

/** Can the same event pass later? An error of ours says so itself; of the others only the database's conflicts and losses can. */
export function isTransient(error: unknown): boolean {
  if (error instanceof HubError) return error.retriable;
  const code =
    (error as { driverError?: { code?: unknown } } | null)?.driverError?.code ??
    (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return error instanceof Error && LOST_CONNECTION.test(error.message);
  return TRANSIENT_CLASSES.has(code.slice(0, 2)) || UNREACHABLE.has(code);
}
