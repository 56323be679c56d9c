import type { LocalDate } from '#libs/kernel/index.js';

/** What is locked when a provider accepts a referral; re-assessment changes none of it unless the tariff says so. */
export interface LockedTerms {
  /** `programme`: the fees of the contract itself are priced, not those of one person. Absent: `person`. */
  readonly subject?: 'person' | 'programme';
  readonly contract?: string;
  readonly tariffId: string;
  readonly tariffVersion: string;
  readonly service?: string;
  /** The day the provider accepted: `accepted` in the language. */
  readonly acceptedOn: LocalDate;
  /** Values that the contract or the referral fixes: voucher value, bid price. Exact text. */
  readonly terms: Readonly<Record<string, string>>;
  readonly group?: string | null;
  /** Exact text, for example `"0.8"`. */
  readonly index?: string | null;
  readonly bandSource?: string | null;
  readonly assessedAt?: string | null;
  readonly area?: string | null;
  readonly unemployedSince?: LocalDate | null;
  /** Other days that rules count from: voucher issued, contract begun. */
  readonly anchors?: Readonly<Record<string, LocalDate>>;
}

/** The two times of a question: what holds on `on`, by what was known at `knownAt` (absent: by all that is given). */
export interface AsOf {
  /** Business day; the whole day counts. */
  readonly on: LocalDate;
  /** A day (its whole) or an RFC 3339 instant in UTC. */
  readonly knownAt?: string;
}
