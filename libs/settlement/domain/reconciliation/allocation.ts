import { compare } from './bank-lines.js';
import type { BankLeg, BankLine, Match, OrderedTransfer, RecordedMatch } from './model.js';

/** Who is taken: each leg stands for one transfer at most, each transfer is paid once and returned once at most. */
export class Allocation {
  readonly made: Match[] = [];
  readonly transfers: readonly OrderedTransfer[];
  readonly #transfers: ReadonlyMap<string, OrderedTransfer>;
  readonly #byReference: ReadonlyMap<string, readonly OrderedTransfer[]>;
  readonly #paid = new Set<string>();
  readonly #returned = new Set<string>();
  readonly #legs = new Set<string>();
  readonly #undone = new Set<string>();

  /** `settled`: the keys of legs that stand for something else than a transfer. */
  constructor(
    transfers: readonly OrderedTransfer[],
    recorded: readonly RecordedMatch[],
    settled: readonly string[] = [],
  ) {
    const sorted = [...transfers].sort((a, b) => compare(a.endToEndId, b.endToEndId));
    this.#transfers = new Map(sorted.map((transfer) => [transfer.endToEndId, transfer]));
    this.transfers = [...this.#transfers.values()];
    this.#byReference = Map.groupBy(this.#transfers.values(), ({ reference }) => reference);
    for (const key of settled) this.#legs.add(key);
    for (const match of recorded) {
      if (match.undone) this.#undone.add(pairKey(match));
      else this.#occupy(match);
    }
  }

  transfer(endToEndId: string | null): OrderedTransfer | undefined {
    return endToEndId === null ? undefined : this.#transfers.get(endToEndId);
  }

  byReferences(references: readonly string[]): readonly OrderedTransfer[] {
    return references.flatMap((reference) => this.#byReference.get(reference) ?? []);
  }

  isPaid = ({ endToEndId }: OrderedTransfer): boolean => this.#paid.has(endToEndId);
  isReturned = ({ endToEndId }: OrderedTransfer): boolean => this.#returned.has(endToEndId);
  /** Neither seen paid nor refused by the bank. */
  isOpen = (transfer: OrderedTransfer): boolean => !transfer.rejected && !this.isPaid(transfer);
  isTaken = (line: BankLine, { leg }: BankLeg): boolean => this.#legs.has(legKey(line.key, leg));
  /** A person took this pair apart: it is not put together again by itself. */
  wasUndone = (match: Match): boolean => this.#undone.has(pairKey(match));

  make(matches: readonly Match[]): void {
    for (const match of matches) {
      this.#occupy(match);
      this.made.push(match);
    }
  }

  #occupy({ lineKey, leg, endToEndId, kind }: Match): void {
    this.#legs.add(legKey(lineKey, leg));
    (kind === 'PAYMENT' ? this.#paid : this.#returned).add(endToEndId);
  }
}

/** Of a transfer that no line shows. */
export const ledgerKey = (endToEndId: string): string => `transfer:${endToEndId}`;

export const legKey = (lineKey: string, leg: number): string => `${lineKey}#${leg}`;

const pairKey = ({ lineKey, leg, endToEndId, kind }: Match): string => `${legKey(lineKey, leg)}>${endToEndId}>${kind}`;
