import { describe, expect, it } from '@jest/globals';
import { addDays, localDate, type LocalDate } from '#libs/kernel/index.js';
import type { OutcomeId } from '../contract/outcome.js';
import type { ReferralView } from './attribution.js';
import { evolve } from './evolve.js';
import { begin, decide, decideNew, twinOf, type NewOutcome, type Outcome, type OutcomeCommand } from './outcome.js';
import type { Spell } from './spell.js';

const today = localDate('2018-06-01');
const at = new Date('2018-06-01T09:00:00Z');
const referral: ReferralView = {
  referralId: 'referral-1',
  personId: 'person-1',
  authorityId: 'authority-1',
  providerId: 'provider-1',
  state: 'STARTED',
  acceptedOn: localDate('2018-02-01'),
  endedOn: null,
};
const spell: Spell = {
  startedOn: localDate('2018-05-02'),
  endedOn: null,
  contractType: 'OPEN_ENDED',
  contractMonths: null,
  weeklyHours: '35',
  normalHoursShare: null,
  insured: true,
  employerRef: 'IE4711',
};
const report = (more: Partial<Extract<NewOutcome, { type: 'ReportJob' }>> = {}): NewOutcome => ({
  type: 'ReportJob',
  id: 'outcome-1' as OutcomeId,
  referral,
  providerId: 'provider-1',
  spell,
  employerName: 'Example Ltd',
  vacancyId: null,
  ...more,
});
const reportOf = (changed: Partial<Spell>) => decideNew(report({ spell: { ...spell, ...changed } }), today);
const detect = (more: Partial<Extract<NewOutcome, { type: 'DetectJob' }>> = {}): NewOutcome => ({
  type: 'DetectJob',
  id: 'outcome-2' as OutcomeId,
  personId: 'person-1',
  authorityId: 'authority-1',
  referral,
  spell,
  employerName: null,
  registerRef: 'R-1',
  twin: 'NONE',
  ...more,
});

type Change = Exclude<OutcomeCommand, NewOutcome>;

/** Given a first word and what followed. */
function given(first: NewOutcome, ...commands: Change[]): Outcome {
  const begun = decideNew(first, today);
  if (!begun.ok) throw begun.error;
  const start = begun.value.reduce((outcome, event) => evolve(outcome, event, at), begin(first));
  return commands.reduce((outcome, command) => after(outcome, command), start);
}
function after(outcome: Outcome, command: Change, on: LocalDate = today): Outcome {
  const decided = decide(outcome, command, on);
  if (!decided.ok) throw decided.error;
  return decided.value.reduce((state, event) => evolve(state, event, at), outcome);
}
const types = (decision: ReturnType<typeof decide>) =>
  decision.ok
    ? decision.value.map((event) => event.type.slice('liaison.outcome.'.length, -'.v1'.length))
    : decision.error.code;

const answer = (more: Partial<Extract<Change, { type: 'RecordVerification' }>>): Change => ({
  type: 'RecordVerification',
  about: spell,
  rung: 1,
  answer: 'YES',
  reason: 'REGISTER_UNKNOWN',
  asOf: today,
  twin: 'NONE',
  ...more,
});

describe('a provider reports a job', () => {
  it('opens the first rung of evidence at once when the job has begun', () => {
    expect(types(decideNew(report(), today))).toEqual(['reported', 'evidence-requested']);
    expect(given(report())).toMatchObject({
      state: 'EVIDENCE_PENDING',
      rung: 1,
      origin: 'REPORTED',
      reporterId: 'provider-1',
    });
  });

  it('waits with the evidence until a job that is about to begin has begun', () => {
    const soon = addDays(today, 10);
    const outcome = given(report({ spell: { ...spell, startedOn: soon } }));
    expect(outcome.state).toBe('REPORTED');
    expect(types(decide(outcome, { type: 'RequestEvidence' }, addDays(soon, -1)))).toEqual([]);
    expect(after(outcome, { type: 'RequestEvidence' }, soon).state).toBe('EVIDENCE_PENDING');
  });

  it.each([
    [
      'a spell that ends before it starts',
      { endedOn: localDate('2018-05-01') },
      'outcome.ends-before-start',
      'endedOn',
    ],
    ['an end that has not come', { endedOn: localDate('2018-06-02') }, 'outcome.end-ahead', 'endedOn'],
    ['a start in the far future', { startedOn: localDate('2018-07-03') }, 'outcome.start-far-ahead', 'startedOn'],
    ['negative hours', { weeklyHours: '-35' }, 'outcome.hours', 'weeklyHours'],
    ['no hours', { weeklyHours: '0' }, 'outcome.hours', 'weeklyHours'],
    ['more hours than a week has', { weeklyHours: '168.5' }, 'outcome.hours', 'weeklyHours'],
    ['hours that are no number', { weeklyHours: '35,5' }, 'outcome.hours', 'weeklyHours'],
    ['a share of nothing', { normalHoursShare: '0' }, 'outcome.hours-share', 'normalHoursShare'],
    ['a share above the whole', { normalHoursShare: '1.01' }, 'outcome.hours-share', 'normalHoursShare'],
    ['an open-ended contract of a length', { contractMonths: 6 }, 'outcome.contract-months', 'contractMonths'],
    ['a fixed term without a length', { contractType: 'FIXED_TERM' }, 'outcome.contract-months', 'contractMonths'],
    [
      'a length nobody agrees',
      { contractType: 'FIXED_TERM', contractMonths: 601 },
      'outcome.contract-months',
      'contractMonths',
    ],
    [
      'a part of a month',
      { contractType: 'FIXED_TERM', contractMonths: 2.5 },
      'outcome.contract-months',
      'contractMonths',
    ],
    ['an employer without a number', { employerRef: '' }, 'outcome.employer', 'employerNumber'],
    ['a job before the referral', { startedOn: localDate('2018-01-31') }, 'outcome.before-referral', 'startedOn'],
  ] as const)('is refused for %s, naming the field', (_what, changed, code, field) => {
    expect(reportOf(changed)).toMatchObject({ ok: false, error: { code, field } });
  });

  it('is refused for a lifetime nobody has', () => {
    const old = { ...referral, acceptedOn: localDate('1900-01-01') };
    const long = { ...spell, startedOn: localDate('1950-01-01') };
    expect(decideNew(report({ referral: old, spell: long }), today)).toMatchObject({
      error: { code: 'outcome.too-long' },
    });
  });

  it('does not find a referral of another provider, or one that is no more', () => {
    const notFound = { ok: false, error: { code: 'outcome.referral-not-found', field: 'referralId' } };
    expect(decideNew(report({ providerId: 'provider-2' }), today)).toMatchObject(notFound);
    expect(decideNew(report({ referral: { ...referral, state: 'ENTERED_IN_ERROR' } }), today)).toMatchObject(notFound);
    expect(decideNew(report({ referral: { ...referral, state: 'WITHDRAWN' } }), today)).toMatchObject(notFound);
  });
});

describe('the register answers', () => {
  it('yes: verified, with source and method, up to the day of its knowledge', () => {
    const decision = decide(given(report()), answer({}), today);
    expect(decision).toMatchObject({
      value: [{ type: 'liaison.outcome.verified.v1', data: { verifiedUntil: today } }],
    });
    expect(given(report(), answer({}))).toMatchObject({
      state: 'VERIFIED',
      verification: { source: 'REGISTER', method: 'REGISTER_ANSWER', answeredAt: at },
    });
  });

  it('no: not verified, with the reason', () => {
    expect(given(report(), answer({ answer: 'NO' }))).toMatchObject({
      state: 'NOT_VERIFIED',
      verification: { source: 'REGISTER', reason: 'REGISTER_SAYS_NO' },
    });
  });

  it('unknown: the next rung opens and the reason is kept; the same answer again is no news', () => {
    const pending = given(report(), answer({ answer: 'UNKNOWN', reason: 'REGISTER_UNREACHABLE' }));
    expect(pending).toMatchObject({ state: 'EVIDENCE_PENDING', rung: 2, evidenceReason: 'REGISTER_UNREACHABLE' });
    expect(decide(pending, answer({ answer: 'UNKNOWN' }), today)).toEqual({ ok: true, value: [] });
    expect(after(pending, answer({})).state).toBe('VERIFIED');
    expect(after(pending, answer({ rung: 2 })).verification).toMatchObject({ source: 'EMPLOYER' });
  });

  it('unknown on the last rung: no evidence', () => {
    const unknown = (rung: number) => answer({ rung, answer: 'UNKNOWN' });
    expect(given(report(), unknown(1), unknown(2), unknown(3), unknown(4))).toMatchObject({
      state: 'NOT_VERIFIED',
      verification: { source: 'DOCUMENT', reason: 'NO_EVIDENCE' },
    });
  });

  it('too late, about a job that was corrected since, or on a rung that is not open: no answer', () => {
    const corrected = { ...spell, weeklyHours: '20' };
    expect(decide(given(report()), answer({ about: corrected }), today)).toEqual({ ok: true, value: [] });
    expect(decide(given(report()), answer({ rung: 2 }), today)).toEqual({ ok: true, value: [] });
    expect(decide(given(report(), answer({})), answer({ answer: 'NO' }), today)).toEqual({ ok: true, value: [] });
  });

  it('never in time: the report lapses', () => {
    const pending = given(report());
    expect(after(pending, { type: 'LapseOutcome' }, addDays(today, 180)).state).toBe('EVIDENCE_PENDING');
    expect(after(pending, { type: 'LapseOutcome' }, addDays(today, 181)).state).toBe('LAPSED');
  });
});

describe('the same job reported by two providers', () => {
  const first = given(report(), answer({}));
  const second = given(
    report({
      id: 'outcome-9' as OutcomeId,
      providerId: 'provider-2',
      referral: { ...referral, referralId: 'r-2', providerId: 'provider-2' },
    }),
  );

  it('belongs to the first proof; the second one hears DUPLICATE and nothing of the other', () => {
    expect(twinOf(second, [first, second])).toBe(first);
    const decision = decide(second, answer({ twin: 'PROVEN' }), today);
    expect(decision).toMatchObject({ value: [{ data: { reason: 'DUPLICATE', source: 'HUB' } }] });
    const told = JSON.stringify(decision);
    for (const other of ['outcome-1', 'provider-1', 'referral-1"']) expect(told).not.toContain(other);
  });

  it('is another job with another employer or another start', () => {
    expect(twinOf({ ...second, spell: { ...spell, employerRef: 'IE4712' } }, [first])).toBeUndefined();
    expect(twinOf({ ...second, spell: { ...spell, startedOn: localDate('2018-05-03') } }, [first])).toBeUndefined();
    expect(twinOf(second, [{ ...first, state: 'EVIDENCE_PENDING' }])).toBeUndefined();
  });
});

describe('the provider changes what it said', () => {
  it('reports the end; the proof stays', () => {
    const ended = given(report(), answer({}), {
      type: 'ReportJobEnd',
      providerId: 'provider-1',
      endedOn: localDate('2018-05-20'),
    });
    expect(ended).toMatchObject({ state: 'VERIFIED', spell: { endedOn: '2018-05-20' }, reportedEnd: '2018-05-20' });
    const again = (endedOn: string) =>
      decide(ended, { type: 'ReportJobEnd', providerId: 'provider-1', endedOn: localDate(endedOn) }, today);
    expect(again('2018-05-20')).toEqual({ ok: true, value: [] });
    expect(again('2018-05-21')).toMatchObject({ error: { code: 'outcome.already-ended', field: 'endedOn' } });
  });

  it('corrects the job: it is proven no longer until somebody says so again', () => {
    const correct: Change = {
      type: 'CorrectJob',
      providerId: 'provider-1',
      acceptedOn: localDate('2018-05-01'),
      startedOn: localDate('2018-05-03'),
      endedOn: null,
      weeklyHours: '30',
    };
    expect(types(decide(given(report(), answer({})), correct, today))).toEqual(['corrected', 'evidence-requested']);
    const corrected = given(report(), answer({}), correct);
    expect(corrected).toMatchObject({
      state: 'EVIDENCE_PENDING',
      rung: 1,
      verification: null,
      spell: { startedOn: '2018-05-03' },
    });
    expect(decide(corrected, correct, today)).toEqual({ ok: true, value: [] });
    expect(decide(corrected, { ...correct, weeklyHours: '-1' }, today)).toMatchObject({
      error: { field: 'weeklyHours' },
    });
    expect(decide(corrected, { ...correct, startedOn: localDate('2018-04-30') }, today)).toMatchObject({
      error: { code: 'outcome.before-referral', field: 'startedOn' },
    });
  });

  it('only what it reported itself, and only while it stands', () => {
    const end: Change = { type: 'ReportJobEnd', providerId: 'provider-2', endedOn: today };
    expect(decide(given(report()), end, today)).toMatchObject({ error: { code: 'outcome.not-yours' } });
    const reversed = given(report(), { type: 'ReverseOutcome', reason: 'REFERRAL_ENTERED_IN_ERROR' });
    expect(decide(reversed, { ...end, providerId: 'provider-1' }, today)).toMatchObject({
      error: { code: 'outcome.illegal-move', facts: { state: 'REVERSED', command: 'ReportJobEnd' } },
    });
    expect(types(decide(reversed, { type: 'ReverseOutcome', reason: 'AGAIN' }, today))).toEqual([]);
  });

  it('leaves to the register what the register knows', () => {
    const linked = { ...given(report(), answer({})), registerRef: 'R-1' };
    expect(
      decide(
        linked,
        {
          type: 'CorrectJob',
          providerId: 'provider-1',
          acceptedOn: null,
          startedOn: today,
          endedOn: null,
          weeklyHours: '1',
        },
        today,
      ),
    ).toMatchObject({ error: { code: 'outcome.register-knows' } });
  });
});

describe('a register feed', () => {
  it('detects a job, which needs no other proof', () => {
    expect(given(detect())).toMatchObject({
      state: 'VERIFIED',
      origin: 'DETECTED',
      verification: { method: 'REGISTER_FEED' },
    });
    expect(given(detect({ twin: 'PROVEN' }))).toMatchObject({
      state: 'NOT_VERIFIED',
      verification: { reason: 'DUPLICATE' },
    });
  });

  it('proves a report, ends it, corrects it', () => {
    const apply = (changed: Partial<Spell>): Change => ({
      type: 'ApplyRegisterSpell',
      spell: { ...spell, ...changed },
      twin: 'NONE',
    });
    expect(types(decide(given(report()), apply({}), today))).toEqual(['verified']);
    const proven = given(report(), apply({}));
    expect(types(decide(proven, apply({}), today))).toEqual([]);
    expect(types(decide(proven, apply({ weeklyHours: '35.0' }), today))).toEqual([]);
    expect(types(decide(proven, apply({ endedOn: localDate('2018-05-20') }), today))).toEqual(['ended']);
    expect(types(decide(proven, apply({ startedOn: localDate('2018-05-04') }), today))).toEqual([
      'corrected',
      'verified',
    ]);
    expect(after(proven, apply({ startedOn: localDate('2018-05-04') })).state).toBe('VERIFIED');
  });

  it('keeps the end a provider told while the register has none, and takes the register’s when it has', () => {
    const ended = given(
      detect(),
      { type: 'JoinReport', referral, providerId: 'provider-1', spell, vacancyId: null },
      {
        type: 'ReportJobEnd',
        providerId: 'provider-1',
        endedOn: localDate('2018-05-20'),
      },
    );
    const apply = (endedOn: LocalDate | null): Change => ({
      type: 'ApplyRegisterSpell',
      spell: { ...spell, endedOn },
      twin: 'NONE',
    });
    expect(after(ended, apply(null)).spell.endedOn).toBe('2018-05-20');
    expect(after(ended, apply(localDate('2018-05-25'))).spell.endedOn).toBe('2018-05-25');
    expect(after(after(ended, apply(localDate('2018-05-25'))), apply(null)).spell.endedOn).toBe('2018-05-20');
  });

  it('is joined by the report of the provider, once', () => {
    const join: Change = {
      type: 'JoinReport',
      referral,
      providerId: 'provider-1',
      spell: { ...spell, normalHoursShare: '0.9' },
      vacancyId: 'vacancy-1',
    };
    const told = decide(given(detect({ referral: null })), join, today);
    expect(told.ok && told.value[0]).toMatchObject({
      type: 'liaison.outcome.reported.v1',
      data: { vacancyId: 'vacancy-1' },
    });
    const joined = given(detect({ referral: null }), join);
    expect(joined).toMatchObject({
      state: 'VERIFIED',
      origin: 'DETECTED',
      referralId: 'referral-1',
      reporterId: 'provider-1',
      spell: { normalHoursShare: '0.9' },
    });
    expect(decide(joined, join, today)).toMatchObject({ error: { code: 'outcome.already-reported' } });
  });

  it('is attributed when the referral becomes known later', () => {
    expect(given(detect({ referral: null }), { type: 'Attribute', referral }).referralId).toBe('referral-1');
    expect(
      types(decide(given(detect()), { type: 'Attribute', referral: { ...referral, referralId: 'referral-2' } }, today)),
    ).toEqual([]);
  });
});
