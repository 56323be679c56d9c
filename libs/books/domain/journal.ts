import { createHash } from 'node:crypto';
import { HubError, localDate, type LocalDate } from '#libs/kernel/index.js';

export type AccountClass = 'ASSET' | 'LIABILITY' | 'EXPENSE' | 'INCOME' | 'EQUITY';

export interface Line {
  /** Code of the account in the chart of whoever posts. */
  readonly account: string;
  readonly class: AccountClass;
  /** Minor units; debits are positive. Never zero. */
  readonly amountMinor: bigint;
}

/** One business event in one book (an authority and a currency). */
export interface Journal {
  /** Says what happened to what, once. Same key, same body: the earlier journal; same key, other body: refused. */
  readonly key: string;
  readonly kind: string;
  readonly authorityId: string;
  readonly currency: string;
  readonly effectiveOn: LocalDate;
  readonly causeType: string;
  readonly causeId: string;
  readonly lines: readonly Line[];
  /** Key of the journal that this one mirrors exactly. */
  readonly reverses?: string;
}

const LINES_MAX = 100;
const KEY_LENGTH_MAX = 200;

/** Refuses what could never be posted: `books.journal`, naming the key and the rule. */
export function checkJournal(journal: Journal): void {
  const refuse = (rule: string): never => {
    throw new HubError('books.journal', `${rule} (${journal.key.slice(0, KEY_LENGTH_MAX)})`, {
      facts: { key: journal.key },
    });
  };
  if (journal.key === '' || journal.key.length > KEY_LENGTH_MAX) refuse(`A key has 1 to ${KEY_LENGTH_MAX} characters.`);
  if (journal.lines.length < 2 || journal.lines.length > LINES_MAX) refuse(`A journal has 2 to ${LINES_MAX} lines.`);
  if (journal.lines.some((line) => line.amountMinor === 0n)) refuse('No line is zero.');
  if (journal.lines.reduce((sum, line) => sum + line.amountMinor, 0n) !== 0n) refuse('Debits and credits are equal.');
  localDate(journal.effectiveOn);
}

/** The text that is hashed: every member in one order, amounts as digits. Two journals are the same if and only if it is. */
export const canonicalBody = (journal: Journal): string =>
  JSON.stringify([
    journal.key,
    journal.kind,
    journal.authorityId,
    journal.currency,
    journal.effectiveOn,
    journal.causeType,
    journal.causeId,
    journal.reverses ?? null,
    journal.lines.map((line) => [line.account, line.amountMinor.toString()]),
  ]);

export const sha256 = (...parts: readonly (Buffer | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Leaf and node are told apart by their first byte, so that neither can be passed off as the other (RFC 6962). */
export const leafHash = (body: string): Buffer => sha256(Buffer.of(0), body);

/** Merkle root of a batch; a node without a partner goes up as it is. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) throw new RangeError('A batch has at least one journal.');
  let level = leaves;
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index], level[index + 1]];
      if (left !== undefined) next.push(right === undefined ? left : sha256(Buffer.of(1), left, right));
    }
    level = next;
  }
  return level[0] as Buffer;
}

/** What the chain of a book begins with. */
export const GENESIS = Buffer.alloc(32);

export const chainHash = (previous: Buffer, root: Buffer): Buffer => sha256(previous, root);
