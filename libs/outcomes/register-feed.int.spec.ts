import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '#libs/kernel/index.js';
import { newId } from '#libs/platform/postgres/index.js';
import { OutcomesWorld } from '#tests/support/outcomes-world.js';

let world: OutcomesWorld;
beforeAll(async () => {
  world = await OutcomesWorld.start();
});
beforeEach(() => world.begin());
afterAll(() => world.stop());

describe('the feed of a register', () => {
  it('detects, ends, corrects and takes back, for the referral whose time it falls into', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser);
    const changes = [
      world.job(nationalId, { enteredOn: '2018-06-01' }),
      world.job(nationalId, { enteredOn: '2018-06-02', revision: 2, endedOn: '2018-05-30' }),
      world.job(nationalId, { enteredOn: '2018-06-03', revision: 3, endedOn: '2018-05-30', startedOn: '2018-05-04' }),
      world.job(nationalId, { enteredOn: '2018-06-04', revision: 4, withdrawn: true }),
    ];
    await world.tell('jobs', changes);
    const states = [];
    for (const day of ['2018-06-01', '2018-06-02', '2018-06-03', '2018-06-04']) {
      await world.openDay(day);
      await world.work();
      states.push(
        (await world.outcomesOf(personId)).map(({ state, started_on, ended_on }) => [state, started_on, ended_on]),
      );
    }
    expect(states).toEqual([
      [['VERIFIED', '2018-05-02', null]],
      [['VERIFIED', '2018-05-02', '2018-05-30']],
      [['VERIFIED', '2018-05-04', '2018-05-30']],
      [['REVERSED', '2018-05-04', '2018-05-30']],
    ]);
    const [outcome] = await world.outcomesOf(personId);
    expect(outcome?.referral_id).toBe(referralId);
    expect(await world.published(outcome!.id)).toEqual([
      'outcome.detected',
      'outcome.verified',
      'outcome.ended',
      'outcome.corrected',
      'outcome.verified',
      'outcome.reversed',
    ]);
  });

  it('read twice, at the same time and from a page that came before, changes nothing', async () => {
    const { personId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(nationalId)]);
    const poll = () => world.poll(localDate('2018-06-05'));
    await Promise.all([poll(), poll(), poll()]);
    await world.readAgain(personId);
    await poll();
    const outcomes = await world.outcomesOf(personId);
    expect(outcomes).toMatchObject([{ state: 'VERIFIED', register_ref: `R-${nationalId}` }]);
    expect(await world.published(outcomes[0]!.id)).toEqual(['outcome.detected', 'outcome.verified']);
  });

  it('ends the same in whatever order its changes are taken', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([1, 2, 3], { minLength: 3 }), fc.boolean(), async (order, withdrawn) => {
        const { personId, nationalId } = await world.accepted(world.adviser);
        const revision = (n: number) =>
          world.job(nationalId, { revision: n, endedOn: `2018-05-2${String(n)}`, withdrawn: withdrawn && n === 3 });
        for (const n of order) {
          // One change at a time, as if each came on a page of its own.
          await world.tell('jobs', [revision(n)]);
          await world.readAgain(personId);
        }
        const standing = (await world.outcomesOf(personId)).filter(({ state }) => state !== 'REVERSED');
        expect(standing.map(({ ended_on }) => ended_on)).toEqual(withdrawn ? [] : ['2018-05-23']);
      }),
      { numRuns: 12 },
    );
  });

  it('proves a report, and a report joins what it detected', async () => {
    const first = await world.accepted(world.adviser);
    const second = await world.accepted(world.adviser);
    await world.behave('unknown');
    await world.report(world.adviser, first.referralId);
    await world.work();
    await world.behave('normal');
    await world.tell('jobs', [world.job(first.nationalId), world.job(second.nationalId)]);
    await world.openDay('2018-06-02');
    await world.work();
    expect(await world.outcomesOf(first.personId)).toMatchObject([
      { origin: 'REPORTED', state: 'VERIFIED', method: 'REGISTER_FEED' },
    ]);
    const joined = await world.report(world.adviser, second.referralId, { normalHoursShare: '0.9' });
    expect(joined).toMatchObject({ origin: 'DETECTED', state: 'VERIFIED', reporterId: world.adviser.organisationId });
    expect(await world.outcomesOf(second.personId)).toHaveLength(1);
  });

  it('gives way to the report of a provider whose referral was not known when it came', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser, undefined, false);
    await world.tell('jobs', [world.job(nationalId)]);
    await world.openDay('2018-06-02');
    await world.work();
    expect(await world.outcomesOf(personId)).toMatchObject([{ origin: 'DETECTED', referral_id: null }]);
    const reported = await world.report(world.adviser, referralId);
    await world.work();
    expect(await world.outcomesOf(personId)).toMatchObject([
      { state: 'REVERSED' },
      { id: reported.id, state: 'VERIFIED', register_ref: `R-${nationalId}` },
    ]);
    await world.tell('jobs', [world.job(nationalId, { revision: 2, enteredOn: '2018-06-03', endedOn: '2018-05-31' })]);
    await world.openDay('2018-06-03');
    await world.work();
    expect((await world.outcomesOf(personId))[1]).toMatchObject({ id: reported.id, ended_on: '2018-05-31' });
  });

  it('before its referral was heard of is attributed when it is', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser, undefined, false);
    await world.tell('jobs', [world.job(nationalId)]);
    await world.openDay('2018-06-02');
    await world.work();
    await world.tellAccepted({ referralId, personId, nationalId }, world.adviser);
    const [outcome] = await world.outcomesOf(personId);
    expect(outcome).toMatchObject({ origin: 'DETECTED', state: 'VERIFIED', referral_id: referralId });
  });

  it('of somebody who comes on record later is read then', async () => {
    await world.tell('jobs', [
      world.job('IE-LATER', { startedOn: '2015-03-02', endedOn: '2015-08-31', enteredOn: '2015-03-10' }),
    ]);
    await world.openDay('2018-06-02');
    await world.work();
    const personId = await world.person('IE-LATER');
    await world.publish('liaison.person.registered.v1', personId, {
      personId,
      authorityId: world.authorityId,
      municipalityId: newId(),
    });
    await world.work();
    expect(await world.outcomesOf(personId)).toMatchObject([
      { state: 'VERIFIED', referral_id: null, ended_on: '2015-08-31' },
    ]);
  });

  it('passes over a job that cannot be, and notes it', async () => {
    const { personId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [
      world.job(nationalId, { ref: `X-${nationalId}`, endedOn: '2018-04-30' }),
      world.job(nationalId),
    ]);
    await world.openDay('2018-06-02');
    await world.work();
    expect(await world.outcomesOf(personId)).toHaveLength(1);
    expect(
      await world.database.asOwner(`select code, field from outcomes.register_refused where register_ref = $1`, [
        `X-${nationalId}`,
      ]),
    ).toEqual([{ code: 'outcome.ends-before-start', field: 'endedOn' }]);
  });

  it('that was told of the wrong person is taken back there', async () => {
    const wrong = await world.accepted(world.adviser);
    const right = await world.accepted(world.adviser);
    const ref = `M-${wrong.nationalId}`;
    await world.tell('jobs', [world.job(wrong.nationalId, { ref })]);
    await world.openDay('2018-06-02');
    await world.work();
    await world.tell('jobs', [world.job(right.nationalId, { ref, revision: 2 })]);
    await world.openDay('2018-06-03');
    await world.work();
    expect(await world.outcomesOf(wrong.personId)).toMatchObject([{ state: 'REVERSED' }]);
    expect(await world.outcomesOf(right.personId)).toMatchObject([{ state: 'VERIFIED', register_ref: ref }]);
    await world.tell('jobs', [world.job('IE-NOBODY', { ref, revision: 3 })]);
    await world.openDay('2018-06-04');
    await world.work();
    expect(await world.outcomesOf(right.personId)).toMatchObject([{ state: 'REVERSED' }]);
  });

  it('belongs to the right referral after the wrong one was entered in error', async () => {
    const wrong = await world.accepted(world.adviser);
    const right = await world.accepted(world.other, wrong, false);
    await world.tell('jobs', [world.job(wrong.nationalId)]);
    await world.openDay('2018-06-02');
    await world.work();
    await world.tellAccepted(right, world.other);
    await world.tellEnteredInError(wrong, world.adviser);
    expect(await world.outcomesOf(wrong.personId)).toMatchObject([
      { state: 'REVERSED', referral_id: wrong.referralId },
      { state: 'VERIFIED', referral_id: right.referralId },
    ]);
  });
});
