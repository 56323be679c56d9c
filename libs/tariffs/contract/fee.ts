import type { LocalDate, Money } from '#libs/kernel/index.js';

export type VatMode = 'inclusive' | 'exclusive' | 'exempt' | 'not-stated';

export interface Span {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** From when and until when the fee may be claimed, both days included; absent where the tariff sets no limit. */
export interface ClaimWindow {
  readonly from?: LocalDate;
  readonly until?: LocalDate;
}

interface FeeBase {
  readonly feeId: string;
  /** Which of a repeating fee's payments; absent where there is one only. */
  readonly occurrence?: string;
  /** `recover`: the amount is to be paid back by the payee; it is never negative. */
  readonly direction: 'pay' | 'recover';
  /** Where the rule stands, for example `jobpath-ie@2015 fees.sustainment-26`. */
  readonly rule: string;
  /** In plain words, with the arithmetic: `26 of 26 weeks reached on 9 July 2017: 737.00`. */
  readonly why: string;
}

export interface DueFee extends FeeBase {
  readonly kind: 'due';
  readonly amount: Money;
  /** The last day of the qualifying span, or the day of the event. */
  readonly on: LocalDate;
  readonly claimWindow?: ClaimWindow;
  readonly vatMode: VatMode;
  /** Who is paid: `provider`, unless the tariff says otherwise. */
  readonly payee: string;
  /** Where several share it. The shares add up to `amount`. */
  readonly shares?: readonly { readonly payee: string; readonly amount: Money }[];
  /** Ids of the facts the answer rests on (spell ids for spells; facts without an id by type, name and day). */
  readonly factsUsed: readonly string[];
}

/** Nothing is due yet. `earliest` is the first day on which the answer can change by itself; absent: only a new fact changes it. */
export interface NotYetFee extends FeeBase {
  readonly kind: 'not-yet';
  readonly earliest?: LocalDate;
  readonly claimWindow?: ClaimWindow;
}

/** By what is known, this will not become due. */
export interface NeverFee extends FeeBase {
  readonly kind: 'never';
}

/** A register has to answer before the fee can be decided; the answer comes back as a fact. Ask on `earliest` or later. */
export interface NeedsFee extends FeeBase {
  readonly kind: 'needs';
  readonly question: string;
  readonly span: Span;
  readonly earliest: LocalDate;
}

/** Earned or not, nobody can say how much: a value is missing that the tariff, the contract or a fact has to state. */
export interface UnknownFee extends FeeBase {
  readonly kind: 'unknown';
  readonly missing: readonly string[];
}

/** What pricing says of one occurrence of one fee. */
export type Fee = DueFee | NotYetFee | NeverFee | NeedsFee | UnknownFee;
