import type { ReferralState } from '../contract/referral.js';
import type { ReferralCommand } from './referral.js';

/** Who may make the move: the authority that refers, the provider that is asked or works, or the hub itself (the clock). */
export type Mover = 'AUTHORITY' | 'PROVIDER' | 'HUB';

export interface Move {
  readonly from: readonly ReferralState[];
  readonly by: readonly Mover[];
  /** Said when the move is refused: the rule in one sentence. */
  readonly rule: string;
}

/** The whole state machine, aligned with FHIR Task: what is not here cannot happen. */
export const MOVES: Readonly<Record<Exclude<ReferralCommand['type'], 'DraftReferral'>, Move>> = {
  OpenChoice: { from: ['DRAFT'], by: ['AUTHORITY'], rule: 'A choice is opened for a draft.' },
  ChooseProvider: {
    from: ['CHOICE_OPEN'],
    by: ['AUTHORITY', 'HUB'],
    rule: 'A provider is chosen while the choice is open.',
  },
  RemindProvider: { from: ['REQUESTED'], by: ['HUB'], rule: 'A reminder goes to a provider that has not answered.' },
  AcceptReferral: {
    from: ['REQUESTED'],
    by: ['PROVIDER'],
    rule: 'Only the provider that was asked can accept, while it is asked.',
  },
  DeclineReferral: {
    from: ['REQUESTED'],
    by: ['PROVIDER'],
    rule: 'Only the provider that was asked can decline, while it is asked.',
  },
  ExpireReferral: {
    from: ['REQUESTED'],
    by: ['HUB'],
    rule: 'A referral expires when its last day for an answer has passed.',
  },
  ReofferReferral: {
    from: ['DECLINED', 'EXPIRED'],
    by: ['AUTHORITY', 'HUB'],
    rule: 'A referral that was declined or not answered is offered again.',
  },
  StartReferral: { from: ['ACCEPTED'], by: ['PROVIDER'], rule: 'The service starts after acceptance.' },
  CompleteReferral: { from: ['STARTED'], by: ['PROVIDER'], rule: 'A service that started can be completed.' },
  EndReferralEarly: {
    from: ['ACCEPTED', 'STARTED'],
    by: ['AUTHORITY'],
    rule: 'The authority ends a service that was accepted or started.',
  },
  RequestCancellation: {
    from: ['DRAFT', 'CHOICE_OPEN', 'REQUESTED', 'ACCEPTED'],
    by: ['AUTHORITY'],
    rule: 'The authority takes a referral back before the service starts.',
  },
  ConfirmCancellation: {
    from: ['CANCEL_REQUESTED'],
    by: ['PROVIDER'],
    rule: 'The provider confirms a cancellation it was told of.',
  },
  WithdrawUnconfirmed: {
    from: ['CANCEL_REQUESTED'],
    by: ['HUB'],
    rule: 'A cancellation that the provider did not confirm in time takes effect.',
  },
  MarkEnteredInError: {
    from: [
      'DRAFT',
      'CHOICE_OPEN',
      'REQUESTED',
      'ACCEPTED',
      'STARTED',
      'COMPLETED',
      'DECLINED',
      'EXPIRED',
      'ENDED_EARLY',
      'CANCEL_REQUESTED',
      'WITHDRAWN',
    ],
    by: ['AUTHORITY'],
    rule: 'The authority marks a wrong or duplicate referral, once.',
  },
  CorrectAssessment: {
    from: ['ACCEPTED', 'STARTED'],
    by: ['AUTHORITY'],
    rule: 'The authority corrects an assessment for later periods while the service runs.',
  },
};
