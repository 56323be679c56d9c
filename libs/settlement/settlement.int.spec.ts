import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SettlementWorld, type TestPerson } from '#libs/testing/settlement-world.js';
import { approveClaims } from './handlers/approve-claims.handler.js';
import { certifyClaims } from './handlers/certify-claims.handler.js';

interface ClaimRow {
  readonly id: string;
  readonly feeId: string;
  readonly state: string;
  readonly kind: string;
  readonly askedMinor: bigint;
}

describe('settlement, from an accepted referral to what is owed', () => {
  let world: SettlementWorld;
  beforeAll(async () => {
    world = await SettlementWorld.start();
  });
  afterAll(() => world.stop());

  const claims = (person: TestPerson) =>
    world.database.asOwner<ClaimRow>(
      `select id, fee_id as "feeId", state, kind, asked_minor as "askedMinor", findings from settlement.claim where referral_id = $1 order by id`,
      [person.referralId],
    );
  it('given a plan and a verified job, then claims arise, whatever came first', async () => {
    await world.setDay('2018-03-01');
    const person = world.person();
    await world.tell(person.planAgreed('2018-02-05'), person.jobVerified('2018-02-12'));
    await world.drain();
    expect(await claims(person)).toEqual([]);
    await world.tell(person.accepted('2018-02-01'));
    await world.drain();
    expect(await claims(person)).toMatchObject([{ feeId: 'registration', state: 'IN_VALIDATION', askedMinor: 31100n }]);

    await world.openDay('2018-05-13');
    await world.answerAll('YES');
    expect(await claims(person)).toMatchObject([
      { feeId: 'registration' },
      { feeId: 'sustainment-13', state: 'IN_VALIDATION' },
    ]);

    const batch = await world.as(world.managerOne, (tx, now) =>
      approveClaims(tx, world.ports, world.managerOne, { dueUntil: '2018-05-13' }, now),
    );
    const certify = (who: typeof world.managerOne) =>
      world.as(who, (tx, now) =>
        certifyClaims(tx, world.ports, who, { batchId: batch.id, count: batch.count, sumMinor: batch.sumMinor }, now),
      );
    await expect(certify(world.managerOne)).rejects.toMatchObject({ code: 'settlement.same-person' });
    await expect(certify(world.managerTwo)).resolves.toMatchObject({
      state: 'CERTIFIED',
      count: 2,
      sumMinor: 92400n,
      fellOut: [],
    });
    await world.drain();
    expect(await world.balance(`provider-payable:${world.providerId}`)).toBe(-92400n);

    await world.tell(person.jobCorrected('2018-02-12', '2018-04-30'));
    await world.drain();
    expect((await claims(person)).at(-1)).toMatchObject({
      kind: 'REVERSAL',
      askedMinor: -61300n,
      state: 'IN_VALIDATION',
    });
    await world.certifyAll('2018-05-20');
    await world.openDay('2018-06-01');
    const statements = await world.database.asOwner(`select * from settlement.provider_statement`);
    expect(statements).toMatchObject([{ month: '2018-05', net_minor: 31100n }]);
    expect(await world.database.asOwner(`select * from settlement.payable`)).toMatchObject([
      { state: 'OPEN', amount_minor: 31100n },
    ]);
  });
});
