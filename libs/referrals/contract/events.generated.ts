// Generated from schemas/events by `npm run generate`. Do not edit.

import type { LocalDate } from '#libs/kernel/index.js';

/**
 * The provider takes the person on; the price is locked.
 */
export interface ReferralAccepted {
  referralId: string;
  personId: string;
  authorityId: string;
  contractId: string;
  providerId: string;
  service: string;
  acceptedOn: LocalDate;
  tariffId: string;
  tariffVersion: string;
  /**
   * @maxItems 100
   */
  terms: {
    name: string;
    value: string;
  }[];
  assessment: {
    group: string | null;
    index: string | null;
    source: string;
    assessedAt: string;
  };
  area: string | null;
  /**
   * The lot of the contract that the referral is for.
   */
  lotCode?: string | null;
  unemployedSince: LocalDate | null;
}

/**
 * Half of the answer clock has passed without an answer.
 */
export interface ReferralAnswerDueSoon {
  referralId: string;
  personId: string;
  authorityId: string;
  providerId: string;
  answerBy: LocalDate;
}

/**
 * The authority takes the referral back before the start; the provider is to confirm.
 */
export interface ReferralCancellationRequested {
  referralId: string;
  personId: string;
  authorityId: string;
  providerId: string;
  answerBy?: LocalDate;
}

/**
 * The person may choose among these contracts' providers until the day named.
 */
export interface ReferralChoiceOpened {
  referralId: string;
  personId: string;
  authorityId: string;
  /**
   * @maxItems 100
   */
  contractIds: string[];
  chooseBy: LocalDate;
  attempt: number;
}

/**
 * The service ended as planned.
 */
export interface ReferralCompleted {
  referralId: string;
  personId: string;
  authorityId: string;
  providerId: string;
  completedOn: LocalDate;
}

/**
 * The provider does not take the person on.
 */
export interface ReferralDeclined {
  referralId: string;
  personId: string;
  authorityId: string;
  providerId: string;
  code: string;
}

/**
 * A counsellor prepares a referral.
 */
export interface ReferralDrafted {
  referralId: string;
  personId: string;
  authorityId: string;
  service: string;
}

/**
 * The service ended before its time.
 */
export interface ReferralEndedEarly {
  referralId: string;
  personId: string;
  authorityId: string;
  providerId: string;
  endedOn: LocalDate;
  code: string;
}

/**
 * Wrong person or duplicate: every feed, access right and fee stops.
 */
export interface ReferralEnteredInError {
  referralId: string;
  personId: string;
  authorityId: string;
  providerId: string | null;
}

/**
 * Nobody answered in time.
 */
export interface ReferralExpired {
  referralId: string;
  personId: string;
  authorityId: string;
  providerId: string;
}

/**
 * A band or index was corrected for later periods.
 */
export interface ReferralReassessed {
  referralId: string;
  personId: string;
  authorityId: string;
  assessment: {
    group: string | null;
    index: string | null;
    source: string;
    assessedAt: string;
  };
  appliesFrom: LocalDate;
}

/**
 * A provider was chosen and is asked; the answer clock runs.
 */
export interface ReferralRequested {
  referralId: string;
  personId: string;
  authorityId: string;
  contractId: string;
  providerId: string;
  chosenBy: 'PERSON' | 'DEFAULT_RULE';
  answerBy: LocalDate;
  attempt: number;
}

/**
 * The first qualifying meeting took place.
 */
export interface ReferralStarted {
  referralId: string;
  personId: string;
  authorityId: string;
  providerId: string;
  startedOn: LocalDate;
}

/**
 * The provider confirmed; nobody works for it any more.
 */
export interface ReferralWithdrawn {
  referralId: string;
  personId: string;
  authorityId: string;
  providerId: string | null;
}

/** Data of each event type that this capability publishes. */
export interface EventTypes {
  'liaison.referral.accepted.v1': ReferralAccepted;
  'liaison.referral.answer-due-soon.v1': ReferralAnswerDueSoon;
  'liaison.referral.cancellation-requested.v1': ReferralCancellationRequested;
  'liaison.referral.choice-opened.v1': ReferralChoiceOpened;
  'liaison.referral.completed.v1': ReferralCompleted;
  'liaison.referral.declined.v1': ReferralDeclined;
  'liaison.referral.drafted.v1': ReferralDrafted;
  'liaison.referral.ended-early.v1': ReferralEndedEarly;
  'liaison.referral.entered-in-error.v1': ReferralEnteredInError;
  'liaison.referral.expired.v1': ReferralExpired;
  'liaison.referral.reassessed.v1': ReferralReassessed;
  'liaison.referral.requested.v1': ReferralRequested;
  'liaison.referral.started.v1': ReferralStarted;
  'liaison.referral.withdrawn.v1': ReferralWithdrawn;
}

/** One of its events: the type literal decides the shape of the data. */
export type PublishedEvent = { [Type in keyof EventTypes]: { readonly type: Type; readonly data: EventTypes[Type] } }[keyof EventTypes];
