import { assertNever } from '#libs/kernel/index.js';
import type { Referral, ReferralCommand, ReferralEvent } from './referral.js';

/** What stands after a draft was made. What events leave out (reasons, terms) comes from the command that made it. */
export function begin(command: Extract<ReferralCommand, { type: 'DraftReferral' }>): Referral {
  return {
    id: command.id,
    state: 'DRAFT',
    version: 1,
    personId: command.personId,
    authorityId: command.authorityId,
    service: command.service,
    assessment: command.assessment,
    unemployedSince: command.unemployedSince,
    terms: command.terms,
    offers: [],
    askedProviderIds: [],
    attempt: 0,
    chooseBy: null,
    contractId: null,
    providerId: null,
    chosenBy: null,
    answerBy: null,
    remindOn: null,
    acceptedOn: null,
    startedOn: null,
    endedOn: null,
    reasonCode: null,
    price: null,
  };
}

/** The state after an event. Pure and total: what happened, happened. */
export function evolve(referral: Referral, event: ReferralEvent): Referral {
  const next = { ...referral, version: referral.version + 1 };
  switch (event.type) {
    case 'liaison.referral.drafted.v1':
      return referral;
    case 'liaison.referral.choice-opened.v1':
      return {
        ...next,
        state: 'CHOICE_OPEN',
        attempt: event.data.attempt,
        chooseBy: event.data.chooseBy,
        ...NOBODY_ASKED,
      };
    case 'liaison.referral.requested.v1':
      return {
        ...next,
        state: 'REQUESTED',
        contractId: event.data.contractId,
        providerId: event.data.providerId,
        chosenBy: event.data.chosenBy,
        answerBy: event.data.answerBy,
        askedProviderIds: [...referral.askedProviderIds, event.data.providerId],
      };
    case 'liaison.referral.answer-due-soon.v1':
      return { ...next, remindOn: null };
    case 'liaison.referral.accepted.v1':
      return {
        ...next,
        state: 'ACCEPTED',
        acceptedOn: event.data.acceptedOn,
        answerBy: null,
        remindOn: null,
        price: {
          tariffId: event.data.tariffId,
          tariffVersion: event.data.tariffVersion,
          terms: event.data.terms,
          area: event.data.area,
          lotCode: event.data.lotCode ?? null,
          group: event.data.assessment.group,
          index: event.data.assessment.index,
        },
      };
    case 'liaison.referral.declined.v1':
      return { ...next, state: 'DECLINED', reasonCode: event.data.code, answerBy: null, remindOn: null };
    case 'liaison.referral.expired.v1':
      return { ...next, state: 'EXPIRED', answerBy: null, remindOn: null };
    case 'liaison.referral.started.v1':
      return { ...next, state: 'STARTED', startedOn: event.data.startedOn };
    case 'liaison.referral.completed.v1':
      return { ...next, state: 'COMPLETED', endedOn: event.data.completedOn };
    case 'liaison.referral.ended-early.v1':
      return { ...next, state: 'ENDED_EARLY', endedOn: event.data.endedOn, reasonCode: event.data.code };
    case 'liaison.referral.cancellation-requested.v1':
      return { ...next, state: 'CANCEL_REQUESTED', answerBy: event.data.answerBy ?? null, remindOn: null };
    case 'liaison.referral.withdrawn.v1':
      return { ...next, state: 'WITHDRAWN', answerBy: null };
    case 'liaison.referral.entered-in-error.v1':
      return { ...next, state: 'ENTERED_IN_ERROR', answerBy: null, remindOn: null };
    case 'liaison.referral.reassessed.v1':
      return { ...next, assessment: { ...referral.assessment, ...event.data.assessment } };
    default:
      return assertNever(event);
  }
}

const NOBODY_ASKED = {
  contractId: null,
  providerId: null,
  chosenBy: null,
  answerBy: null,
  remindOn: null,
  reasonCode: null,
} as const;
