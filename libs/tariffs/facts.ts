import type { LocalDate } from '#libs/kernel/index.js';

/** Two times of every fact: when it holds in the world, and since when the hub has known it. */
interface Known {
  /** RFC 3339; a day alone means its beginning. Facts known later than the cut of a pricing do not exist for it. */
  readonly knownSince?: string | undefined;
  /** Of several facts with one id (and of one type) the one known last counts. Spells have their `spellId` for this. */
  readonly id?: string | undefined;
  /** This version takes the fact back. */
  readonly retracted?: boolean | undefined;
  /** Who said so, and why: kept with the fact, never priced unless a tariff asks for the source. */
  readonly source?: string | undefined;
  readonly reason?: string | undefined;
}

export type ContractType = 'OPEN_ENDED' | 'FIXED_TERM' | 'APPRENTICESHIP' | 'SELF_EMPLOYED';

/** What else a tariff may ask about a spell or an event, by the names the tariff declares. Numbers are exact text. */
export type Attributes = Readonly<Record<string, string | boolean>>;

/**
 * Something that lasted: a job, or another state of the person. A later-known fact of the same `spellId` replaces it; two reports
 * of one day count that day once.
 */
export interface SpellFact extends Known {
  readonly type: 'spell';
  readonly spellId: string;
  /** Absent: `employment`. Others are free: `self-employment`, `study`, `benefit`, `live-register`, `unemployment`, `absence` … */
  readonly kind?: string | undefined;
  readonly start: LocalDate;
  /** Last day; none while it goes on. */
  readonly end?: LocalDate | null | undefined;
  readonly weeklyHours?: string | undefined;
  readonly contractType?: ContractType | undefined;
  /** Length agreed at the outset, whole months; none for open-ended ones. */
  readonly contractMonths?: number | null | undefined;
  /** Share of a full-timer's hours, for example `0.5`. */
  readonly normalHoursShare?: string | null | undefined;
  readonly insured?: boolean | undefined;
  readonly employer?: string | undefined;
  /** ISO 3166-1 alpha-2 of the place of work. */
  readonly country?: string | undefined;
  /** The day it was first reported: claim windows count from it. */
  readonly reportedOn?: LocalDate | undefined;
  readonly attributes?: Attributes | undefined;
}

/** What happened, as far as any tariff asks. `docs/facts.md` says who reports and who verifies each. */
export type Fact =
  | SpellFact
  /** The source took a spell back: there was no such work. */
  | (Known & { readonly type: 'spell-retracted'; readonly spellId: string })
  /** A job before the programme: for rules that look back at an employer. A spell of the kind `past-employment`. */
  | (Known & {
      readonly type: 'past-employment';
      readonly employer: string;
      readonly start: LocalDate;
      readonly end: LocalDate;
      readonly insured?: boolean | undefined;
    })
  /** A named event: accepted, started, plan-agreed, diagnosed, ended, study-completed … */
  | (Known & {
      readonly type: 'event';
      readonly name: string;
      readonly on: LocalDate;
      readonly attributes?: Attributes | undefined;
    })
  /** Money the person earned, or any other amount or count a tariff adds up, on a day. Decimal text. */
  | (Known & {
      readonly type: 'amount';
      readonly name: string;
      readonly on: LocalDate;
      readonly value: string;
      /** ISO 4217, where it is money; another currency than the tariff's is refused. */
      readonly currency?: string | undefined;
    })
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
    })
  /** The provider claims a fee itself, where a tariff asks for that (others are claimed by the hub). No fee: every one. */
  | (Known & {
      readonly type: 'claim';
      readonly on: LocalDate;
      readonly fee?: string | undefined;
      /** Kinds of evidence handed in. */
      readonly evidence?: readonly string[] | undefined;
    });

/** What is locked when a provider accepts: pricing reads these, never what they become later. */
export interface LockedTerms {
  /** Values the contract or the client's decision fixed, by the tariff's term names; decimal text or a code. */
  readonly values: Readonly<Record<string, string>>;
  /** Attributes of the person at the lock: group, index, age, unemployedSince, area … */
  readonly attributes: Readonly<Record<string, string>>;
  /** `programme`: the fees of the contract itself are priced, not those of one person. Absent: `person`. */
  readonly subject?: 'person' | 'programme' | undefined;
}

/** The day a price is asked for, and the moment whose knowledge counts. */
export interface AsOf {
  /** The whole day counts. */
  readonly day: LocalDate;
  /** RFC 3339; facts known later are left out. None: everything known. */
  readonly knownBy?: string | undefined;
}
