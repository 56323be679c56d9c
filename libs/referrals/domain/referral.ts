import {
  addWorkingDays,
  areTerms,
  assertNever,
  fail,
  CODE_LENGTH_MAX,
  HubError,
  isCode,
  ok,
  TERMS_RULE,
  type LocalDate,
  type Result,
  type Term,
  type WorkingCalendar,
} from '#libs/kernel/index.js';
import type { EventTypes, PublishedEvent } from '../contract/events.generated.js';
import type { ReferralId, ReferralState } from '../contract/referral.js';
import { MOVES, type Mover } from './referral.states.js';

/** The authority's profiling and the counsellor's decision on it. The reason stays here; events carry the rest. */
export interface Assessment {
  readonly group: string | null;
  /** Digits and a point. */
  readonly index: string | null;
  readonly source: string;
  readonly assessedAt: string;
  readonly reason: string;
}

/** A contract the person may choose. */
export interface Offer {
  readonly contractId: string;
  readonly providerId: string;
  /** The lot of the contract; none of offers made before the hub kept it. */
  readonly lotCode?: string;
}

/** What is locked when the provider accepts; re-assessment changes later periods only. */
export interface LockedPrice {
  readonly tariffId: string;
  readonly tariffVersion: string;
  readonly terms: readonly Term[];
  readonly area: string | null;
  /** Null where it was accepted before the hub kept it. */
  readonly lotCode: string | null;
  readonly group: string | null;
  readonly index: string | null;
}

export interface Referral {
  readonly id: ReferralId;
  readonly state: ReferralState;
  readonly version: number;
  readonly personId: string;
  readonly authorityId: string;
  readonly service: string;
  readonly assessment: Assessment;
  readonly unemployedSince: LocalDate | null;
  readonly terms: readonly Term[];
  readonly offers: readonly Offer[];
  /** Providers that were asked already: never asked again for this referral. */
  readonly askedProviderIds: readonly string[];
  readonly attempt: number;
  readonly chooseBy: LocalDate | null;
  readonly contractId: string | null;
  readonly providerId: string | null;
  readonly chosenBy: 'PERSON' | 'DEFAULT_RULE' | null;
  readonly answerBy: LocalDate | null;
  readonly remindOn: LocalDate | null;
  readonly acceptedOn: LocalDate | null;
  readonly startedOn: LocalDate | null;
  readonly endedOn: LocalDate | null;
  readonly reasonCode: string | null;
  readonly price: LockedPrice | null;
}

export type ReferralCommand =
  | {
      readonly type: 'DraftReferral';
      readonly id: ReferralId;
      readonly personId: string;
      readonly authorityId: string;
      readonly service: string;
      readonly assessment: Assessment;
      readonly unemployedSince: LocalDate | null;
      readonly terms: readonly Term[];
    }
  | { readonly type: 'OpenChoice'; readonly offers: readonly Offer[]; readonly chooseBy: LocalDate }
  | {
      readonly type: 'ChooseProvider';
      readonly contractId: string;
      readonly chosenBy: 'PERSON' | 'DEFAULT_RULE';
      readonly calendar: WorkingCalendar;
    }
  | { readonly type: 'RemindProvider' }
  | { readonly type: 'AcceptReferral'; readonly price: Omit<LockedPrice, 'group' | 'index'> }
  | { readonly type: 'DeclineReferral'; readonly code: string }
  | { readonly type: 'ExpireReferral' }
  /** `offers`: those that have room. */
  | { readonly type: 'ReofferReferral'; readonly offers: readonly Offer[]; readonly chooseBy: LocalDate }
  | { readonly type: 'StartReferral'; readonly startedOn: LocalDate }
  | { readonly type: 'CompleteReferral'; readonly completedOn: LocalDate }
  | { readonly type: 'EndReferralEarly'; readonly endedOn: LocalDate; readonly code: string }
  | { readonly type: 'RequestCancellation'; readonly calendar: WorkingCalendar }
  | { readonly type: 'ConfirmCancellation' }
  | { readonly type: 'WithdrawUnconfirmed' }
  | { readonly type: 'MarkEnteredInError' }
  | { readonly type: 'CorrectAssessment'; readonly assessment: Assessment; readonly appliesFrom: LocalDate };

/** An event and the day it takes effect in the authority's time zone. */
export type ReferralEvent = PublishedEvent & { readonly effectiveOn: LocalDate };

/** Working days a provider has for its answer; the reminder goes out at half of them. */
export const ANSWER_WORKING_DAYS = 5;
const REMINDER_WORKING_DAYS = 3;
const OFFERS_MAX = 20;

export interface Circumstances {
  readonly mover: Mover;
  /** The organisation that acts; null for the hub itself. */
  readonly organisationId: string | null;
  /** Today in the authority's time zone. */
  readonly today: LocalDate;
}

type Decision = Result<ReferralEvent, HubError>;

/** Prepares a referral. Everything after it goes through `decide`. */
export function draft(command: Extract<ReferralCommand, { type: 'DraftReferral' }>, today: LocalDate): Decision {
  if (!isCode(command.service)) {
    return refuse(
      'referral.service',
      `A referral names the service, in 1 to ${CODE_LENGTH_MAX} characters.`,
      'service',
    );
  }
  if (!areTerms(command.terms)) return refuse('referral.terms', TERMS_RULE, 'terms');
  if (command.unemployedSince !== null && command.unemployedSince > today) {
    return refuse('referral.unemployed-since', 'The unemployment cannot begin in the future.', 'unemployedSince');
  }
  const { id, personId, authorityId, service } = command;
  return ok({
    type: 'liaison.referral.drafted.v1',
    effectiveOn: today,
    data: { referralId: id, personId, authorityId, service },
  });
}

/**
 * Decides a command on a referral: the event that happened, or why it cannot. Errors: `referral.illegal-move` (with the states and
 * the rule), `referral.not-yours`, and one for each rule of a command, naming its field.
 */
export function decide(
  referral: Referral,
  command: Exclude<ReferralCommand, { type: 'DraftReferral' }>,
  by: Circumstances,
): Decision {
  const move = MOVES[command.type];
  if (!move.by.includes(by.mover) || (by.mover === 'PROVIDER' && by.organisationId !== referral.providerId)) {
    return refuse('referral.not-yours', `${move.rule} It is not for a ${by.mover.toLowerCase()} of this kind to do.`);
  }
  if (!move.from.includes(referral.state)) {
    return fail(
      new HubError('referral.illegal-move', `${move.rule} This referral is ${referral.state}.`, {
        facts: { command: command.type, state: referral.state, allowedFrom: move.from },
      }),
    );
  }
  return decideMove(referral, command, by.today);
}

function decideMove(
  referral: Referral,
  command: Exclude<ReferralCommand, { type: 'DraftReferral' }>,
  today: LocalDate,
): Decision {
  switch (command.type) {
    case 'OpenChoice':
      return openChoice(referral, command.offers, command.chooseBy, today);
    case 'ReofferReferral':
      return openChoice(referral, remainingOffers({ ...referral, offers: command.offers }), command.chooseBy, today);
    case 'ChooseProvider':
      return chooseProvider(referral, command, today);
    case 'RemindProvider':
      return happened(referral, 'liaison.referral.answer-due-soon.v1', today, {
        providerId: asked(referral),
        answerBy: referral.answerBy ?? today,
      });
    case 'AcceptReferral':
      return accept(referral, command.price, today);
    case 'DeclineReferral':
      return happened(referral, 'liaison.referral.declined.v1', today, {
        providerId: asked(referral),
        code: command.code,
      });
    case 'ExpireReferral':
      if (referral.answerBy === null || today <= referral.answerBy) {
        return refuse('referral.not-due', 'The last day for an answer has not passed.');
      }
      return happened(referral, 'liaison.referral.expired.v1', today, { providerId: asked(referral) });
    case 'StartReferral':
      return (
        dayRefused(command.startedOn, today, 'startedOn', referral.acceptedOn) ??
        happened(referral, 'liaison.referral.started.v1', command.startedOn, {
          providerId: asked(referral),
          startedOn: command.startedOn,
        })
      );
    case 'CompleteReferral':
      return (
        dayRefused(command.completedOn, today, 'completedOn', referral.startedOn) ??
        happened(referral, 'liaison.referral.completed.v1', command.completedOn, {
          providerId: asked(referral),
          completedOn: command.completedOn,
        })
      );
    case 'EndReferralEarly':
      return (
        dayRefused(command.endedOn, today, 'endedOn', referral.startedOn ?? referral.acceptedOn) ??
        happened(referral, 'liaison.referral.ended-early.v1', command.endedOn, {
          providerId: asked(referral),
          endedOn: command.endedOn,
          code: command.code,
        })
      );
    case 'RequestCancellation':
      return requestCancellation(referral, command.calendar, today);
    case 'WithdrawUnconfirmed':
      return withdrawUnconfirmed(referral, today);
    case 'ConfirmCancellation':
      return happened(referral, 'liaison.referral.withdrawn.v1', today, { providerId: referral.providerId });
    case 'MarkEnteredInError':
      return happened(referral, 'liaison.referral.entered-in-error.v1', today, { providerId: referral.providerId });
    case 'CorrectAssessment':
      return correctAssessment(referral, command.assessment, command.appliesFrom, today);
    default:
      return assertNever(command);
  }
}

function requestCancellation(referral: Referral, calendar: WorkingCalendar, today: LocalDate): Decision {
  if (referral.providerId === null)
    return happened(referral, 'liaison.referral.withdrawn.v1', today, { providerId: null });
  return happened(referral, 'liaison.referral.cancellation-requested.v1', today, {
    providerId: referral.providerId,
    answerBy: addWorkingDays(calendar, today, ANSWER_WORKING_DAYS),
  });
}

function withdrawUnconfirmed(referral: Referral, today: LocalDate): Decision {
  if (referral.answerBy === null || today <= referral.answerBy)
    return refuse('referral.not-due', 'The last day to confirm has not passed.');
  return happened(referral, 'liaison.referral.withdrawn.v1', today, { providerId: referral.providerId });
}

function openChoice(referral: Referral, offers: readonly Offer[], chooseBy: LocalDate, today: LocalDate): Decision {
  if (offers.length === 0)
    return refuse(
      'referral.nobody-left',
      'There is no provider left that was not asked yet and has room.',
      'contractIds',
    );
  if (offers.length > OFFERS_MAX)
    return refuse('referral.offers', `At most ${OFFERS_MAX} contracts to choose from.`, 'contractIds');
  if (new Set(offers.map((offer) => offer.contractId)).size !== offers.length)
    return refuse('referral.offers', 'A contract is offered once.', 'contractIds');
  if (chooseBy < today)
    return refuse('referral.choose-by', 'The last day for a choice has passed already.', 'chooseBy');
  const contractIds = offers.map((offer) => offer.contractId);
  return happened(referral, 'liaison.referral.choice-opened.v1', today, {
    contractIds,
    chooseBy,
    attempt: referral.attempt + 1,
  });
}

/** Offers to providers that were not asked yet. */
export const remainingOffers = (referral: Referral): readonly Offer[] =>
  referral.offers.filter((offer) => !referral.askedProviderIds.includes(offer.providerId));

/** The lot of the contract that was chosen, if any was and the hub kept it. */
export const lotCodeOf = (referral: Referral): string | null =>
  referral.offers.find(({ contractId }) => contractId === referral.contractId)?.lotCode ?? null;

function chooseProvider(
  referral: Referral,
  { contractId, chosenBy, calendar }: Extract<ReferralCommand, { type: 'ChooseProvider' }>,
  today: LocalDate,
): Decision {
  const offer = remainingOffers(referral).find((candidate) => candidate.contractId === contractId);
  if (offer === undefined)
    return refuse('referral.not-offered', 'This contract is not among those to choose from.', 'contractId');
  const chooseBy = referral.chooseBy ?? today;
  if (chosenBy === 'PERSON' && today > chooseBy)
    return refuse('referral.choice-late', `The person could choose until ${chooseBy}: the default rule decides now.`);
  if (chosenBy === 'DEFAULT_RULE' && today <= chooseBy)
    return refuse(
      'referral.choice-open',
      `The person may choose until ${chooseBy}: the default rule decides after that.`,
      'chosenBy',
    );
  const answerBy = addWorkingDays(calendar, today, ANSWER_WORKING_DAYS);
  return happened(referral, 'liaison.referral.requested.v1', today, {
    contractId,
    providerId: offer.providerId,
    chosenBy,
    answerBy,
    attempt: referral.attempt,
  });
}

/** The day half of the answer clock has passed. */
export const reminderDay = (calendar: WorkingCalendar, requestedOn: LocalDate): LocalDate =>
  addWorkingDays(calendar, requestedOn, REMINDER_WORKING_DAYS);

function accept(referral: Referral, price: Omit<LockedPrice, 'group' | 'index'>, today: LocalDate): Decision {
  if (referral.answerBy !== null && today > referral.answerBy) {
    return refuse('referral.answer-late', `The last day for an answer was ${referral.answerBy}.`);
  }
  return happened(referral, 'liaison.referral.accepted.v1', today, {
    contractId: referral.contractId ?? '',
    providerId: asked(referral),
    service: referral.service,
    acceptedOn: today,
    tariffId: price.tariffId,
    tariffVersion: price.tariffVersion,
    terms: [...price.terms],
    assessment: publicAssessment(referral.assessment),
    area: price.area,
    lotCode: price.lotCode,
    unemployedSince: referral.unemployedSince,
  });
}

function correctAssessment(
  referral: Referral,
  assessment: Assessment,
  appliesFrom: LocalDate,
  today: LocalDate,
): Decision {
  if (referral.acceptedOn !== null && appliesFrom <= referral.acceptedOn) {
    return refuse(
      'referral.applies-from',
      'A correction applies to later periods: after the day the price was locked.',
      'appliesFrom',
    );
  }
  return happened(referral, 'liaison.referral.reassessed.v1', today, {
    assessment: publicAssessment(assessment),
    appliesFrom,
  });
}

/** The reason is data of its own category: it is stored, never published. */
const publicAssessment = ({ group, index, source, assessedAt }: Assessment): Omit<Assessment, 'reason'> => ({
  group,
  index,
  source,
  assessedAt,
});

function dayRefused(
  day: LocalDate,
  today: LocalDate,
  field: string,
  notBefore: LocalDate | null,
): Decision | undefined {
  if (day > today) return refuse('referral.future', 'This day has not come yet.', field);
  if (notBefore !== null && day < notBefore)
    return refuse('referral.too-early', `The earliest possible day is ${notBefore}.`, field);
  return undefined;
}

/** The provider of a state that has one; the state table lets no other state come here. */
function asked(referral: Referral): string {
  if (referral.providerId === null) throw new Error(`A referral that is ${referral.state} has no provider.`);
  return referral.providerId;
}

type Subject = 'referralId' | 'personId' | 'authorityId';

function happened<Type extends keyof EventTypes>(
  referral: Referral,
  type: Type,
  effectiveOn: LocalDate,
  more: Omit<EventTypes[Type], Subject>,
): Decision {
  const { id, personId, authorityId } = referral;
  return ok({
    type,
    effectiveOn,
    data: { referralId: id, personId, authorityId, ...more },
  } as unknown as ReferralEvent);
}

const refuse = (code: string, message: string, field?: string): Decision =>
  fail(new HubError(code, message, field === undefined ? {} : { field }));
