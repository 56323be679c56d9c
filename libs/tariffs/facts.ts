import type { LocalDate } from '#libs/kernel/index.js';

/** Two times of every fact: when it holds in the world, and since when the hub has known it. */
interface Known {
  /** RFC 3339; a day alone means its beginning. Facts known later than the cut of a pricing do not exist for it. */
  readonly knownSince?: string | undefined;
}

export type ContractType = 'OPEN_ENDED' | 'FIXED_TERM' | 'APPRENTICESHIP' | 'SELF_EMPLOYED';

/** A spell of work. A later-known fact of the same `spellId` replaces it; two reports of one day count that day once. */
export interface SpellFact extends Known {
  readonly type: 'spell';
  readonly spellId: string;
  readonly start: LocalDate;
  /** Last day worked; none while it goes on. */
  readonly end?: LocalDate | null | undefined;
  readonly weeklyHours: string;
  readonly contractType: ContractType;
  /** Length agreed at the outset, whole months; none for open-ended ones. */
  readonly contractMonths?: number | null | undefined;
  /** Share of a full-timer's hours, for example `0.5`. */
  readonly normalHoursShare?: string | null | undefined;
  readonly insured?: boolean | undefined;
  readonly employer?: string | undefined;
  /** ISO 3166-1 alpha-2 of the place of work. */
  readonly country?: string | undefined;
}

/** What happened, as far as any tariff asks. `docs/facts.md` says who reports and who verifies each. */
export type Fact =
  | SpellFact
  /** The source took a spell back: there was no such work. */
  | (Known & { readonly type: 'spell-retracted'; readonly spellId: string })
  /** A job before the programme: for rules that look back at an employer. */
  | (Known & {
      readonly type: 'past-employment';
      readonly employer: string;
      readonly start: LocalDate;
      readonly end: LocalDate;
      readonly insured?: boolean | undefined;
    })
  /** A named event: accepted, started, plan-agreed, diagnosed, ended, study-completed … */
  | (Known & { readonly type: 'event'; readonly name: string; readonly on: LocalDate })
  /** Money the person earned, or any other amount a tariff adds up, on a day. Decimal text in the tariff's currency. */
  | (Known & { readonly type: 'amount'; readonly name: string; readonly on: LocalDate; readonly value: string })
  /** A band, index or other attribute decided for the person, from a day on. */
  | (Known & { readonly type: 'attribute'; readonly name: string; readonly from: LocalDate; readonly value: string })
  /** A register's answer to one question about one span as of one day. */
  | (Known & {
      readonly type: 'verification';
      readonly question: string;
      readonly from: LocalDate;
      readonly to: LocalDate;
      readonly asOf: LocalDate;
      readonly answer: 'YES' | 'NO' | 'UNKNOWN';
    });

/** What is locked when a provider accepts: pricing reads these, never what they become later. */
export interface LockedTerms {
  /** Values the contract or the client's decision fixed, by the tariff's term names; decimal text or a code. */
  readonly values: Readonly<Record<string, string>>;
  /** Attributes of the person at the lock: group, index, age, unemployedSince, area … */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The day a price is asked for, and the moment whose knowledge counts. */
export interface AsOf {
  readonly day: LocalDate;
  /** RFC 3339; facts known later are left out. None: everything known. */
  readonly knownBy?: string | undefined;
}
