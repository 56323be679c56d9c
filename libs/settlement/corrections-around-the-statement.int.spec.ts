import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SettlementWorld, type TestPerson } from '#libs/testing/settlement-world.js';
import { answerRecovery, decideRecovery } from './handlers/decide-recovery.handler.js';
import type { RecoveryDecision } from './domain/recovery.js';

/** What was certified turns out wrong: before the month is stated, and long after it, when nobody gives the money back. */
describe('corrections around the statement of a month', () => {
  let world: SettlementWorld;
  beforeAll(async () => {
    world = await SettlementWorld.start();
    await world.setDay('2018-05-20');
  });
  afterAll(() => world.stop());

  async function working(person: TestPerson): Promise<TestPerson> {
    await world.tell(person.accepted('2018-02-01'), person.planAgreed('2018-02-05'), person.jobVerified('2018-02-12'));
    await world.drain();
    await world.answerAll('YES');
    return person;
  }
  const claims = (person: TestPerson) =>
    world.database.asOwner<{ feeId: string; state: string; asked: bigint }>(
      `select fee_id as "feeId", state, asked_minor as asked from settlement.claim where referral_id = $1 and state <> 'CANCELLED' order by number`,
      [person.referralId],
    );
  const payables = async (providerId: string) =>
    (
      await world.database.asOwner<{ amount: bigint }>(
        `select amount_minor as amount from settlement.payable where provider_id = $1 order by id`,
        [providerId],
      )
    ).map(({ amount }) => amount);

  it('given a certified fee is about to be taken back when the month ends, then it is stated with what takes it back, not before', async () => {
    const person = await working(world.person());
    await world.certifyAll('2018-05-20');
    await world.tell(person.jobReversed());
    await world.drain();
    expect(await claims(person)).toMatchObject([
      { state: 'CERTIFIED', asked: 31100n },
      { state: 'CERTIFIED', asked: 61300n },
      { state: 'IN_VALIDATION', asked: -61300n },
    ]);
    await world.openDay('2018-06-01');
    expect(await payables(world.providerId)).toEqual([31100n]);
    await world.certifyAll('2018-06-01');
    await world.openDay('2018-07-01');
    expect(await payables(world.providerId)).toEqual([31100n]);
    const [statement] = await world.database.asOwner<{ carried: bigint }>(
      `select carried_forward_minor as carried from settlement.provider_statement where month = '2018-06'`,
    );
    expect(statement).toEqual({ carried: 0n });
  });

  it('given the taking back was certified on the first of the next month, then both are stated in that one', async () => {
    const person = await working(world.person());
    await world.certifyAll('2018-07-01');
    await world.tell(person.jobReversed());
    await world.drain();
    await world.setDay('2018-08-01');
    await world.certifyAll('2018-08-01');
    await world.openDay('2018-08-01');
    expect(await payables(world.providerId)).toEqual([31100n, 31100n]);
    await world.openDay('2018-09-01');
    expect(await payables(world.providerId)).toEqual([31100n, 31100n]);
  });

  it('given a recovery was written off, when the fee is due again, then it is not paid a second time', async () => {
    const person = await working(world.person({ rival: true }));
    await world.certifyAll('2018-09-01');
    await world.openDay('2018-10-01');
    expect(await payables(world.rivalId)).toEqual([92400n]);
    await world.tell(person.jobReversed());
    await world.drain();
    const [recovery] = await world.database.asOwner<{ id: string }>(`select id from settlement.recovery`);
    const recoveryId = recovery!.id;
    await world.as(world.rivalFinance, (tx, now) =>
      answerRecovery(tx, world.ports, world.rivalFinance, { recoveryId, accepted: false, answer: 'Spent.' }, now),
    );
    const decide = async (decision: RecoveryDecision): Promise<void> => {
      for (const who of [world.managerOne, world.managerTwo])
        await world.as(who, (tx, now) => decideRecovery(tx, world.ports, who, { recoveryId, decision }, now));
    };
    await decide('RECOVER');
    await decide('WRITE_OFF');
    await world.tell(person.jobVerified('2018-02-12'));
    await world.drain();
    await world.answerAll('YES');
    // The next milestone has come meanwhile; it is another fee.
    expect((await claims(person)).map(({ feeId, state }) => `${feeId} ${state}`)).toEqual([
      'registration CERTIFIED',
      'sustainment-13 CERTIFIED',
      'sustainment-26 IN_VALIDATION',
    ]);
  });
});
