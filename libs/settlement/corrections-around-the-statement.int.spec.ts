import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SettlementWorld, type TestPerson } from '#libs/testing/settlement-world.js';
import { answerDispute, disputeClaim, rejectClaim } from './handlers/decide-claim.handler.js';
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
    await world.atWork(person);
    return person;
  }
  const claims = (person: TestPerson) =>
    world.database.asOwner<{ id: string; feeId: string; state: string; asked: bigint }>(
      `select id, fee_id as "feeId", state, asked_minor as asked from settlement.claim where referral_id = $1 and state <> 'CANCELLED' order by number`,
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

  it('given one person rejects what takes back, then the month after its statement it is a recovery, which two decide', async () => {
    const person = await working(world.person());
    await world.setDay('2018-09-02');
    await world.certifyAll('2018-09-02');
    await world.tell(person.jobReversed());
    await world.drain();
    const reversal = (await claims(person)).at(-1)!;
    expect(reversal).toMatchObject({ state: 'IN_VALIDATION', asked: -61300n });
    await world.as(world.managerOne, (tx, now) =>
      rejectClaim(
        tx,
        world.ports,
        world.managerOne,
        { claimId: reversal.id, code: 'JOB_STANDS', reason: 'It stands.' },
        now,
      ),
    );
    await world.drain();
    const recoveries = () =>
      world.database.asOwner(`select state from settlement.recovery where referral_id = $1`, [person.referralId]);
    expect(await recoveries()).toEqual([]);
    await world.openDay('2018-10-01');
    await world.openDay('2018-10-02');
    expect(await recoveries()).toEqual([{ state: 'PROPOSED' }]);
  });

  it('given a rejected fee fell meanwhile, when the dispute about it is upheld, then nothing is left to approve', async () => {
    const person = await working(world.person());
    const fee = (await claims(person)).at(-1)!;
    const said = { claimId: fee.id, reason: 'So it is.' };
    await world.as(world.managerOne, (tx, now) =>
      rejectClaim(tx, world.ports, world.managerOne, { ...said, code: 'JOB_UNKNOWN' }, now),
    );
    await world.tell(person.jobReversed());
    await world.drain();
    await world.as(world.finance, (tx, now) => disputeClaim(tx, world.ports, world.finance, said, now));
    await world.as(world.managerOne, (tx, now) =>
      answerDispute(
        tx,
        world.ports,
        world.managerOne,
        { claimId: fee.id, upheld: true, answer: 'You are right.' },
        now,
      ),
    );
    await world.drain();
    expect((await claims(person)).map(({ feeId }) => feeId)).not.toContain(fee.feeId);
  });

  it('given a recovery was written off, when the fee is due again, then it is not paid a second time', async () => {
    const person = await working(world.person({ rival: true }));
    await world.certifyAll('2018-10-02');
    await world.openDay('2018-11-01');
    expect(await payables(world.rivalId)).toEqual([92400n]);
    await world.tell(person.jobReversed());
    await world.drain();
    const [recovery] = await world.database.asOwner<{ id: string }>(
      `select id from settlement.recovery where provider_id = $1`,
      [world.rivalId],
    );
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
    // The next milestones have come meanwhile; they are other fees.
    expect((await claims(person)).map(({ feeId, state }) => `${feeId} ${state}`)).toEqual([
      'registration CERTIFIED',
      'sustainment-13 CERTIFIED',
      'sustainment-26 IN_VALIDATION',
    ]);
  });
});
