import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate, type LocalDate, type WorkingCalendar } from '#libs/kernel/index.js';
import { REFERRAL_STATES, type ReferralId, type ReferralState } from '../contract/referral.js';
import { checkAssessment } from './assessment.js';
import { begin, evolve } from './evolve.js';
import { decide, draft, type Circumstances, type Referral, type ReferralCommand } from './referral.js';
import { MOVES } from './referral.states.js';

const day = localDate;
const calendar: WorkingCalendar = { holidays: new Set() };
const AUTHORITY = 'authority';
const PROVIDER = 'provider-1';
const OTHER = 'provider-2';

const draftCommand = {
  type: 'DraftReferral' as const,
  id: '0190a0a0-0000-7000-8000-000000000001' as ReferralId,
  personId: 'person',
  authorityId: AUTHORITY,
  service: 'job-coaching',
  assessment: {
    group: null,
    index: '0.8',
    source: 'profiling',
    assessedAt: '2018-02-01T00:00:00Z',
    reason: 'interview',
  },
  unemployedSince: day('2017-01-01'),
  terms: [],
};
const offers = [
  { contractId: 'contract-1', providerId: PROVIDER },
  { contractId: 'contract-2', providerId: OTHER },
];
const authority = (today: string): Circumstances => ({
  mover: 'AUTHORITY',
  organisationId: AUTHORITY,
  today: day(today),
});
const provider = (today: string, organisationId = PROVIDER): Circumstances => ({
  mover: 'PROVIDER',
  organisationId,
  today: day(today),
});
const hub = (today: string): Circumstances => ({ mover: 'HUB', organisationId: null, today: day(today) });
const price = { tariffId: 'jobpath-ie', tariffVersion: '2015', terms: [], area: null, lotCode: 'A' };

type Step = readonly [Exclude<ReferralCommand, { type: 'DraftReferral' }>, Circumstances];
const OPEN: Step = [{ type: 'OpenChoice', offers, chooseBy: day('2018-03-09') }, authority('2018-03-01')];
const CHOSEN: Step = [
  { type: 'ChooseProvider', contractId: 'contract-1', chosenBy: 'PERSON', calendar },
  authority('2018-03-01'),
];
const ACCEPTED: Step = [{ type: 'AcceptReferral', price }, provider('2018-03-05')];
const STARTED: Step = [{ type: 'StartReferral', startedOn: day('2018-03-12') }, provider('2018-03-12')];

/** Given these steps, the referral that stands. */
function given(...steps: readonly Step[]): Referral {
  return steps.reduce((referral, [command, by]) => {
    const decision = decide(referral, command, by);
    if (!decision.ok) throw decision.error;
    // What events leave out is set by the handler together with the state.
    return {
      ...evolve(referral, decision.value),
      ...(command.type === 'OpenChoice' ? { offers: command.offers } : {}),
    };
  }, begin(draftCommand));
}

describe('a referral that goes well', () => {
  it('goes from draft through choice, request, acceptance and start to completion', () => {
    const referral = given(OPEN, CHOSEN, ACCEPTED, STARTED, [
      { type: 'CompleteReferral', completedOn: day('2019-03-11') },
      provider('2019-03-11'),
    ]);
    expect(referral).toMatchObject({ state: 'COMPLETED', startedOn: '2018-03-12', endedOn: '2019-03-11', version: 6 });
  });

  it('gives the provider five working days from the request', () => {
    expect(given(OPEN, CHOSEN)).toMatchObject({ state: 'REQUESTED', providerId: PROVIDER, answerBy: '2018-03-08' });
  });

  it('locks tariff, version, terms, lot and what was decided about the person at acceptance; a correction changes nothing of it', () => {
    const locked = { ...price, group: null, index: '0.8' };
    expect(given(OPEN, CHOSEN, ACCEPTED).price).toEqual(locked);
    const corrected = given(OPEN, CHOSEN, ACCEPTED, [
      {
        type: 'CorrectAssessment',
        assessment: { ...draftCommand.assessment, index: '0.2' },
        appliesFrom: day('2018-04-01'),
      },
      authority('2018-03-20'),
    ]);
    expect([corrected.price, corrected.assessment.index]).toEqual([locked, '0.2']);
  });

  it('is not assessed in the future', () => {
    const now = new Date('2018-03-20T09:00:00Z');
    const assessed = (assessedAt: string) => () => checkAssessment({ ...draftCommand.assessment, assessedAt }, now);
    expect(assessed('2018-03-20T10:00:00+01:00')).not.toThrow();
    expect(assessed('2018-03-20T09:00:01Z')).toThrow('An assessment is not made in the future');
  });
});

describe('a referral nobody answers', () => {
  const EXPIRED: Step = [{ type: 'ExpireReferral' }, hub('2018-03-09')];
  it('does not expire on its last day, but on the day after', () => {
    expect(decide(given(OPEN, CHOSEN), { type: 'ExpireReferral' }, hub('2018-03-08'))).toMatchObject({
      error: { code: 'referral.not-due' },
    });
    expect(given(OPEN, CHOSEN, EXPIRED).state).toBe('EXPIRED');
  });
  it('is offered again to those who were not asked, and to nobody twice', () => {
    const again = given(OPEN, CHOSEN, EXPIRED, [
      { type: 'ReofferReferral', offers, chooseBy: day('2018-03-16') },
      hub('2018-03-09'),
    ]);
    expect(again).toMatchObject({ state: 'CHOICE_OPEN', attempt: 2, providerId: null });
    const toFirst = {
      type: 'ChooseProvider' as const,
      contractId: 'contract-1',
      chosenBy: 'PERSON' as const,
      calendar,
    };
    expect(decide(again, toFirst, authority('2018-03-12'))).toMatchObject({
      error: { code: 'referral.not-offered', field: 'contractId' },
    });
  });
  it('cannot be accepted after its last day', () => {
    expect(decide(given(OPEN, CHOSEN), { type: 'AcceptReferral', price }, provider('2018-03-09'))).toMatchObject({
      error: { code: 'referral.answer-late' },
    });
  });
});

describe('a choice', () => {
  const choose = (chosenBy: 'PERSON' | 'DEFAULT_RULE', today: string) =>
    decide(given(OPEN), { type: 'ChooseProvider', contractId: 'contract-1', chosenBy, calendar }, authority(today));
  it.each([
    ['PERSON', '2018-03-09', null],
    ['PERSON', '2018-03-10', 'referral.choice-late'],
    ['DEFAULT_RULE', '2018-03-09', 'referral.choice-open'],
    ['DEFAULT_RULE', '2018-03-10', null],
  ] as const)('is the person’s until its last day, then the default rule’s: %s on %s', (chosenBy, today, code) => {
    expect(choose(chosenBy, today)).toMatchObject(code === null ? { ok: true } : { error: { code } });
  });
  it('offers a contract once', () => {
    const twice = [...offers, ...offers.slice(0, 1)];
    const command = { type: 'OpenChoice' as const, offers: twice, chooseBy: day('2018-03-09') };
    expect(decide(given(), command, authority('2018-03-01'))).toMatchObject({
      error: { code: 'referral.offers', field: 'contractIds' },
    });
  });
});

describe('taking a referral back', () => {
  it('is two-sided once a provider was asked', () => {
    const asked = given(OPEN, CHOSEN, [{ type: 'RequestCancellation', calendar }, authority('2018-03-02')]);
    expect(asked.state).toBe('CANCEL_REQUESTED');
    const confirmed = decide(asked, { type: 'ConfirmCancellation' }, provider('2018-03-02'));
    expect(confirmed).toMatchObject({ ok: true, value: { type: 'liaison.referral.withdrawn.v1' } });
  });
  it('takes effect without the provider the day after its last day to confirm, and not before', () => {
    const asked = given(OPEN, CHOSEN, [{ type: 'RequestCancellation', calendar }, authority('2018-03-02')]);
    expect(asked.answerBy).toBe('2018-03-09');
    expect(decide(asked, { type: 'WithdrawUnconfirmed' }, hub('2018-03-09'))).toMatchObject({
      error: { code: 'referral.not-due' },
    });
    expect(decide(asked, { type: 'WithdrawUnconfirmed' }, hub('2018-03-10'))).toMatchObject({
      ok: true,
      value: { type: 'liaison.referral.withdrawn.v1', data: { providerId: PROVIDER } },
    });
    expect(decide(asked, { type: 'WithdrawUnconfirmed' }, authority('2018-03-10'))).toMatchObject({
      error: { code: 'referral.not-yours' },
    });
  });
  it('is immediate while nobody was asked', () => {
    expect(given(OPEN, [{ type: 'RequestCancellation', calendar }, authority('2018-03-02')]).state).toBe('WITHDRAWN');
  });
  it('is refused after the start', () => {
    const refused = decide(
      given(OPEN, CHOSEN, ACCEPTED, STARTED),
      { type: 'RequestCancellation', calendar },
      authority('2018-03-20'),
    );
    expect(refused).toMatchObject({
      error: { code: 'referral.illegal-move', facts: { state: 'STARTED', command: 'RequestCancellation' } },
    });
  });
});

describe('who may do what', () => {
  it('lets only the provider that was asked answer', () => {
    expect(decide(given(OPEN, CHOSEN), { type: 'AcceptReferral', price }, provider('2018-03-05', OTHER))).toMatchObject(
      {
        error: { code: 'referral.not-yours' },
      },
    );
    expect(decide(given(OPEN, CHOSEN), { type: 'AcceptReferral', price }, authority('2018-03-05'))).toMatchObject({
      error: { code: 'referral.not-yours' },
    });
  });
});

describe('days', () => {
  it('refuses a start in the future and one before acceptance, naming the field', () => {
    const start = (startedOn: LocalDate) =>
      decide(given(OPEN, CHOSEN, ACCEPTED), { type: 'StartReferral', startedOn }, provider('2018-03-12'));
    expect(start(day('2018-03-13'))).toMatchObject({ error: { code: 'referral.future', field: 'startedOn' } });
    expect(start(day('2018-03-04'))).toMatchObject({ error: { code: 'referral.too-early', field: 'startedOn' } });
  });
  it('corrects an assessment only for periods after the lock', () => {
    const correct = (appliesFrom: LocalDate) =>
      decide(
        given(OPEN, CHOSEN, ACCEPTED),
        { type: 'CorrectAssessment', assessment: draftCommand.assessment, appliesFrom },
        authority('2018-03-20'),
      );
    expect(correct(day('2018-03-05'))).toMatchObject({ error: { code: 'referral.applies-from' } });
    expect(correct(day('2018-04-01'))).toMatchObject({ ok: true });
  });
  it('refuses a draft whose unemployment begins in the future', () => {
    expect(draft({ ...draftCommand, unemployedSince: day('2018-03-02') }, day('2018-03-01'))).toMatchObject({
      error: { field: 'unemployedSince' },
    });
  });
});

describe('the state table', () => {
  const example: Readonly<
    Record<Exclude<ReferralCommand['type'], 'DraftReferral'>, Exclude<ReferralCommand, { type: 'DraftReferral' }>>
  > = {
    OpenChoice: OPEN[0],
    ChooseProvider: CHOSEN[0],
    RemindProvider: { type: 'RemindProvider' },
    AcceptReferral: ACCEPTED[0],
    DeclineReferral: { type: 'DeclineReferral', code: 'NO_CAPACITY' },
    ExpireReferral: { type: 'ExpireReferral' },
    ReofferReferral: { type: 'ReofferReferral', offers, chooseBy: day('2018-03-16') },
    StartReferral: STARTED[0],
    CompleteReferral: { type: 'CompleteReferral', completedOn: day('2018-03-12') },
    EndReferralEarly: { type: 'EndReferralEarly', endedOn: day('2018-03-12'), code: 'MOVED' },
    RequestCancellation: { type: 'RequestCancellation', calendar },
    ConfirmCancellation: { type: 'ConfirmCancellation' },
    WithdrawUnconfirmed: { type: 'WithdrawUnconfirmed' },
    MarkEnteredInError: { type: 'MarkEnteredInError' },
    CorrectAssessment: {
      type: 'CorrectAssessment',
      assessment: draftCommand.assessment,
      appliesFrom: day('2018-04-01'),
    },
  };

  it('refuses every move from every state that it does not list, naming state and rule', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(example)),
        fc.constantFrom(...REFERRAL_STATES),
        (command, state: ReferralState) => {
          const move = MOVES[command.type];
          const by =
            move.by[0] === 'PROVIDER'
              ? provider('2018-03-12')
              : move.by[0] === 'HUB'
                ? hub('2018-03-12')
                : authority('2018-03-12');
          const referral: Referral = { ...given(OPEN, CHOSEN), state };
          const decision = decide(referral, command, by);
          if (move.from.includes(state)) {
            expect(decision.ok ? undefined : decision.error.code).not.toBe('referral.illegal-move');
          } else {
            expect(decision).toMatchObject({ ok: false, error: { code: 'referral.illegal-move', facts: { state } } });
            expect(decision.ok ? '' : decision.error.message).toContain(move.rule);
          }
        },
      ),
    );
  });

  it('lets nothing follow an entry in error', () => {
    for (const move of Object.values(MOVES)) expect(move.from).not.toContain('ENTERED_IN_ERROR');
  });
});
