import type { LocalDate } from '#libs/kernel/index.js';

/** What an attribute, a term or a decision can be. Numbers are exact text (`"0.8"`), days `YYYY-MM-DD`. */
export type Scalar = string | boolean;

/** A day, or an RFC 3339 instant in UTC (`2018-03-01T08:00:00.000Z`). A day stands for its beginning. */
export type KnownSince = string;

interface FactBase {
  /**
   * What the fact is about. Of several versions with one id the one known last counts, as of the day of knowledge that is asked
   * for. Without an id a fact stands for itself, and the same fact told twice counts once.
   */
  readonly id?: string;
  /** Absent: known from the beginning. */
  readonly knownSince?: KnownSince;
  /** Who said so: a register, a provider, an officer. */
  readonly source?: string;
  /** This version takes the fact back. */
  readonly retracted?: boolean;
}

/** Something happened on one day. */
export interface HappenedFact extends FactBase {
  readonly type: 'referral-accepted' | 're-referred' | 'started' | 'plan-agreed' | 'ended';
  readonly effectiveOn: LocalDate;
  readonly attributes?: Readonly<Record<string, Scalar>>;
}

/** Something happened that a tariff names itself: `diagnosis-done`, `account-delivered`, `irregularity-sanctioned`. */
export interface EventFact extends FactBase {
  readonly type: 'event';
  readonly name: string;
  readonly effectiveOn: LocalDate;
  readonly attributes?: Readonly<Record<string, Scalar>>;
}

/**
 * Something lasted: a job, an absence, a benefit, a suspension. The spell's identity is `spellId`; two sources that report the
 * same days count once. Kinds are open text; the common ones are listed so that tariffs and capabilities agree on them.
 */
export interface SpellFact extends FactBase {
  readonly type: 'spell';
  readonly spellId: string;
  readonly kind: SpellKind | (string & {});
  readonly from: LocalDate;
  /** The last day; null while it lasts. */
  readonly to: LocalDate | null;
  /** Exact text, for example `"19.5"`. */
  readonly weeklyHours?: string;
  readonly contractType?: ContractType | (string & {});
  /** Length agreed at the beginning, in months; absent for open-ended contracts. */
  readonly contractMonths?: string;
  readonly normalHoursShare?: string;
  /** Subject to social insurance. */
  readonly insured?: boolean;
  readonly employerRef?: string;
  /** The day it was first reported: claim windows count from it. */
  readonly reportedOn?: LocalDate;
  readonly attributes?: Readonly<Record<string, Scalar>>;
}

export type SpellKind =
  'employment' | 'self-employment' | 'study' | 'traineeship' | 'unemployment' | 'live-register' | 'benefit' | 'absence';

export type ContractType = 'open-ended' | 'fixed-term' | 'apprenticeship' | 'self-employed';

/** Money that the person earned or received: `wages`, `holiday-pay`, `benefit`. It counts on the day it is effective. */
export interface EarningsFact extends FactBase {
  readonly type: 'earnings';
  readonly name: string;
  readonly effectiveOn: LocalDate;
  /** Exact text, for example `"612.50"`. */
  readonly amount: string;
  readonly currency: string;
}

/** A number without currency: outcomes of a cohort, hours attended, a success rate, a contribution. */
export interface MeasureFact extends FactBase {
  readonly type: 'measure';
  readonly name: string;
  readonly effectiveOn: LocalDate;
  readonly value: string;
}

/** Somebody decided or found something that holds from a day on: band, index, voucher value, eligibility. */
export interface DecidedFact extends FactBase {
  readonly type: 'decided';
  readonly name: string;
  readonly value: Scalar;
  readonly effectiveOn: LocalDate;
  readonly reason?: string;
}

/** A register answered one question about one span as of one day. The answer with the latest `asOf` counts. */
export interface VerificationFact extends FactBase {
  readonly type: 'verification-answered';
  readonly question: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly asOf: LocalDate;
  readonly answer: 'yes' | 'no' | 'unknown';
}

/** The provider claims a fee itself (most fees are claimed by the hub). Without a fee it claims every one. */
export interface ClaimedFact extends FactBase {
  readonly type: 'claimed';
  readonly effectiveOn: LocalDate;
  readonly feeId?: string;
  readonly occurrence?: string;
  /** Kinds of evidence handed in. */
  readonly evidence?: readonly string[];
}

/** All that pricing can be told. Plain JSON: it can be stored, hashed and sent as it is. */
export type Fact =
  HappenedFact | EventFact | SpellFact | EarningsFact | MeasureFact | DecidedFact | VerificationFact | ClaimedFact;
