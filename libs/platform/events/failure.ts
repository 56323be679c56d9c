import { HubError } from '#libs/kernel/index.js';

/** PostgreSQL classes after which the same work can pass: conflicts, lost connections, shortage, an operator's stop. */
const TRANSIENT_CLASSES: ReadonlySet<string> = new Set(['08', '40', '53', '55', '57']);

/** Can the same event pass later? An error of ours says so itself; of the others only the database's conflicts and losses can. */
export function isTransient(error: unknown): boolean {
  if (error instanceof HubError) return error.retriable;
  const code =
    (error as { driverError?: { code?: unknown } } | null)?.driverError?.code ??
    (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return false;
  return TRANSIENT_CLASSES.has(code.slice(0, 2)) || code === 'ECONNREFUSED' || code === 'ECONNRESET';
}
