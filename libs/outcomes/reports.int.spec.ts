import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform/postgres/index.js';
import { ATTEMPTS, OutcomesWorld } from '#tests/support/outcomes-world.js';
import { correctJob } from './handlers/correct-job.handler.js';
import { reportJobEnd } from './handlers/report-job-end.handler.js';

let world: OutcomesWorld;
beforeAll(async () => {
  world = await OutcomesWorld.start();
});
beforeEach(() => world.begin());
afterAll(() => world.stop());

describe('a report', () => {
  it('is verified by the register’s yes', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(nationalId)]);
    const outcome = await world.report(world.adviser, referralId);
    expect(outcome.state).toBe('EVIDENCE_PENDING');
    await world.work();
    expect(await world.outcomesOf(personId)).toMatchObject([
      { state: 'VERIFIED', method: 'REGISTER_ANSWER', referral_id: referralId },
    ]);
    expect(await world.published(outcome.id)).toEqual([
      'outcome.reported',
      'outcome.evidence-requested',
      'outcome.verified',
    ]);
  });

  it('is not known to the register of a day on which nobody had told it yet', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(nationalId, { startedOn: '2018-05-28', enteredOn: '2018-06-04' })]);
    await world.report(world.adviser, referralId, { startedOn: '2018-05-28' });
    await world.work();
    expect(await world.outcomesOf(personId)).toMatchObject([
      { state: 'EVIDENCE_PENDING', rung: 2, evidence_reason: 'REGISTER_UNKNOWN' },
    ]);
    await world.openDay('2018-06-07');
    await world.take('poll-register');
    expect(await world.take('ask-register-for-outcome')).toEqual([]);
    await world.openDay('2018-06-08');
    await world.take('poll-register');
    await world.work();
    expect(await world.outcomesOf(personId)).toMatchObject([{ state: 'VERIFIED', method: 'REGISTER_ANSWER' }]);
  });

  it('survives a register that fails, and waits for one that is silent', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(nationalId)]);
    await world.behave('failing', 1);
    const failing = await world.report(world.adviser, referralId);
    await world.work();
    expect(await world.outcomesOf(personId)).toMatchObject([{ state: 'VERIFIED' }]);

    const second = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(second.nationalId)]);
    await world.behave('slow', ATTEMPTS);
    const slow = await world.report(world.adviser, second.referralId);
    await world.work();
    expect(await world.outcomesOf(second.personId)).toMatchObject([
      { state: 'EVIDENCE_PENDING', rung: 2, evidence_reason: 'REGISTER_UNREACHABLE' },
    ]);
    await world.openDay('2018-06-02');
    await world.take('poll-register');
    await world.work();
    expect(await world.outcomesOf(second.personId)).toMatchObject([{ state: 'VERIFIED' }]);
    expect(failing.id).not.toBe(slow.id);
  });

  it('does not take what is not an answer for one', async () => {
    const { personId, referralId } = await world.accepted(world.adviser);
    await world.behave('garbled', ATTEMPTS);
    await world.report(world.adviser, referralId);
    await world.work();
    expect(await world.outcomesOf(personId)).toMatchObject([
      { state: 'EVIDENCE_PENDING', evidence_reason: 'REGISTER_UNREACHABLE' },
    ]);
  });

  it('spares a register that is out of order: the breaker opens and no more questions arrive', async () => {
    await world.behave('failing');
    for (let n = 0; n < 3; n += 1) {
      const { referralId } = await world.accepted(world.adviser);
      await world.report(world.adviser, referralId);
    }
    await world.work();
    const asked = world.register.asked;
    const { personId, referralId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(nationalId)]);
    await world.report(world.adviser, referralId);
    await world.work();
    expect(world.register.asked).toBe(asked);
    expect(await world.outcomesOf(personId)).toMatchObject([
      { state: 'EVIDENCE_PENDING', evidence_reason: 'REGISTER_UNREACHABLE' },
    ]);
  });

  it('that a wrong register denies is proven when its feed says better', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(nationalId)]);
    await world.behave('wrong', 1);
    await world.report(world.adviser, referralId);
    await world.work();
    expect(await world.outcomesOf(personId)).toMatchObject([{ state: 'NOT_VERIFIED', reason: 'REGISTER_SAYS_NO' }]);
    await world.openDay('2018-06-02');
    await world.work();
    expect(await world.outcomesOf(personId)).toMatchObject([
      { state: 'VERIFIED', method: 'REGISTER_FEED', origin: 'REPORTED' },
    ]);
  });

  it('of another provider’s referral finds no referral', async () => {
    const { referralId } = await world.accepted(world.other);
    await expect(world.report(world.adviser, referralId)).rejects.toMatchObject({ code: 'outcome.referral-not-found' });
    await expect(world.report(world.adviser, newId())).rejects.toMatchObject({ code: 'outcome.referral-not-found' });
  });

  it('of a job that is reported already is refused', async () => {
    const { referralId } = await world.accepted(world.adviser);
    await world.report(world.adviser, referralId);
    await expect(world.report(world.adviser, referralId)).rejects.toMatchObject({ code: 'outcome.already-reported' });
  });

  it('keeps what was said before it was corrected', async () => {
    const { referralId } = await world.accepted(world.adviser);
    const outcome = await world.report(world.adviser, referralId);
    await world.today('2018-06-03');
    await world.database.unitOfWork.transaction(world.adviser, (tx, now) =>
      correctJob(
        tx,
        world.adviser,
        world.services,
        { outcomeId: outcome.id, startedOn: '2018-05-07', weeklyHours: '30', reason: 'Mistyped.' },
        now,
      ),
    );
    await world.database.unitOfWork.transaction(world.adviser, (tx, now) =>
      reportJobEnd(tx, world.adviser, world.services, { outcomeId: outcome.id, endedOn: '2018-06-02' }, now),
    );
    const history = await world.database.asOwner(
      `select version, type, data->'spell'->>'startedOn' as started, data->'spell'->>'endedOn' as ended, recorded_at::date::text as recorded, reason
       from outcomes.history where outcome_id = $1 order by version`,
      [outcome.id],
    );
    expect(history).toMatchObject([
      {
        version: 1,
        type: 'liaison.outcome.reported.v1',
        started: '2018-05-02',
        recorded: '2018-06-01',
        reason: null,
      },
      { version: 2, type: 'liaison.outcome.evidence-requested.v1' },
      {
        version: 3,
        type: 'liaison.outcome.corrected.v1',
        started: '2018-05-07',
        recorded: '2018-06-03',
        reason: 'Mistyped.',
      },
      { version: 4, type: 'liaison.outcome.evidence-requested.v1' },
      { version: 5, type: 'liaison.outcome.ended.v1', ended: '2018-06-02' },
    ]);
  });

  it('is taken back when its referral was entered in error', async () => {
    const referral = await world.accepted(world.adviser);
    const { personId, referralId, nationalId } = referral;
    await world.tell('jobs', [world.job(nationalId)]);
    const outcome = await world.report(world.adviser, referralId);
    await world.work();
    await world.tellEnteredInError(referral, world.adviser);
    expect(await world.outcomesOf(personId)).toMatchObject([{ state: 'REVERSED' }]);
    expect((await world.published(outcome.id)).at(-1)).toBe('outcome.reversed');
  });
});

describe('the same job reported by two providers', () => {
  it('belongs to the first proof; the other hears nothing of it', async () => {
    const first = await world.accepted(world.adviser);
    const second = await world.accepted(world.other, first);
    await world.tell('jobs', [world.job(first.nationalId)]);
    const a = await world.report(world.adviser, first.referralId);
    const b = await world.report(world.other, second.referralId);
    await world.work();
    expect(await world.outcomesOf(first.personId)).toMatchObject([
      { id: a.id, state: 'VERIFIED' },
      { id: b.id, state: 'NOT_VERIFIED', reason: 'DUPLICATE' },
    ]);
    const told = JSON.stringify(
      await world.database.asOwner(`select data from outcomes.history where outcome_id = $1`, [b.id]),
    );
    expect(told).toContain('DUPLICATE');
    for (const secret of [a.id, world.adviser.organisationId, first.referralId]) expect(told).not.toContain(secret);
  });

  it('is the second one’s after all when the first was never meant', async () => {
    const first = await world.accepted(world.adviser);
    const second = await world.accepted(world.other, first);
    await world.tell('jobs', [world.job(first.nationalId)]);
    await world.report(world.adviser, first.referralId);
    const b = await world.report(world.other, second.referralId);
    await world.work();
    await world.tellEnteredInError(first, world.adviser);
    await world.work();
    expect(await world.outcomesOf(first.personId)).toMatchObject([
      { state: 'REVERSED' },
      { id: b.id, state: 'VERIFIED', reason: null },
    ]);
  });

  it('is proven once, also when both answers come at the same moment', async () => {
    const first = await world.accepted(world.adviser);
    const second = await world.accepted(world.other, first);
    await world.tell('jobs', [world.job(first.nationalId)]);
    await world.report(world.adviser, first.referralId);
    await world.report(world.other, second.referralId);
    const questions = await world.take('ask-register-for-outcome');
    expect(questions).toHaveLength(2);
    await Promise.all(questions.map(({ run }) => run()));
    expect((await world.outcomesOf(first.personId)).map(({ state }) => state)).toEqual(['VERIFIED', 'NOT_VERIFIED']);
  });
});
