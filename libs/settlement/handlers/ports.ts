import type { LocalDate } from '#libs/kernel/index.js';
import type { EventLog } from '#libs/platform/events/event-log.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Prospect } from '../domain/commitment.js';
import type { Engagement, LockedPrice, StoredFact } from '../domain/fact.js';
import type { FeeAnswer } from '../domain/fees-and-claims.js';
import type { Journal } from '../domain/journals.js';

/** What a register is to be asked before a fee can be decided. */
export interface OpenQuestion {
  readonly question: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly earliest: LocalDate;
}

export interface Priced {
  readonly fees: readonly FeeAnswer[];
  /** Days on which the answer may change by itself. */
  readonly namedDates: readonly LocalDate[];
  readonly questions: readonly OpenQuestion[];
  readonly prospect: Prospect;
}

/** The tariffs, as settlement asks them. Pure. */
export abstract class Pricing {
  abstract currencyOf(tariffId: string, tariffVersion: string): string;
  /** Whether a version takes what was locked, as at an acceptance. Errors: `terms.*`, `tariff.no-version`. */
  abstract checkLocked(tariffId: string, tariffVersion: string, locked: LockedPrice): void;
  /** The most the locked price can come to. */
  abstract ceilingMinor(engagement: Engagement): bigint;
  abstract price(engagement: Engagement, facts: readonly StoredFact[], asOf: LocalDate): Priced;
  /** The same as a case that anybody can price: locked terms and facts, without person, provider or contract. */
  abstract caseOf(engagement: Engagement, facts: readonly StoredFact[], asOf: LocalDate): PricingCase;
}

/** One line of a programme's recorded facts (docs/tariffs.md, "A case"). */
export interface PricingCase {
  readonly asOf: LocalDate;
  readonly terms: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string>>;
  readonly facts: readonly object[];
}

/** The books. `post` is the last thing in a transaction. */
export abstract class Ledger {
  abstract post(tx: Tx, journals: readonly Journal[]): Promise<void>;
  /** Debits less credits of the accounts whose code begins with this word of the chart, by currency. */
  abstract balanceOf(
    tx: Tx,
    word: string,
  ): Promise<readonly { readonly currency: string; readonly amountMinor: bigint }[]>;
  /** Sum of all accounts an authority may see, by currency: zero each, or the books do not add up. */
  abstract trialBalance(tx: Tx): Promise<readonly { readonly currency: string; readonly amountMinor: bigint }[]>;
}

/** What the handlers of settlement need of the others. */
export class SettlementPorts {
  constructor(
    readonly events: EventLog,
    readonly pricing: Pricing,
    readonly ledger: Ledger,
  ) {}
}
