import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SettlementWorld, type TestPerson } from '#libs/testing/settlement-world.js';
import { loadTariff, TariffCatalogue } from '#libs/tariffs/index.js';
import { approveClaims } from './handlers/approve-claims.handler.js';
import {
  confirmVersionChange,
  proposeVersionChange,
  type ProposeVersionChange,
} from './handlers/change-version.handler.js';
import { decideRecovery } from './handlers/decide-recovery.handler.js';
import { setCommitmentAmounts } from './outbound/engagements.store.js';
import { listVersionChanges } from './outbound/version-changes.store.js';

const folder = fileURLToPath(new URL('../../schemas/tariffs', import.meta.url));
const schema = JSON.parse(readFileSync(`${folder}/tariff.schema.json`, 'utf8')) as object;
const text = readFileSync(`${folder}/jobpath-ie.2015.yaml`, 'utf8');

/**
 * The version that ships until 2018, then one that pays 100 more for 13 weeks and 11 less for the registration, then one that pays 200 more
 * for 13 weeks than the first. Of vouchers, one that may be of 3000, and the one before, which may not.
 */
const catalogue = new TariffCatalogue([
  loadTariff(text.replace('validFrom: 2015-07-01', 'validFrom: 2015-07-01\nvalidTo: 2018-12-31'), 'a.yaml', schema),
  loadTariff(
    text
      .replace("version: '2015'", "version: '2019'")
      .replace('validFrom: 2015-07-01', 'validFrom: 2019-01-01\nvalidTo: 2020-12-31')
      .replace('registrationFee: 311', 'registrationFee: 300')
      .replace('weeksFee13: 613', 'weeksFee13: 713'),
    'b.yaml',
    schema,
  ),
  loadTariff(
    text
      .replace("version: '2015'", "version: '2021'")
      .replace('validFrom: 2015-07-01', 'validFrom: 2021-01-01')
      .replace('weeksFee13: 613', 'weeksFee13: 813'),
    'c.yaml',
    schema,
  ),
  ...['V2012', 'V2016'].map((version) => {
    const file = `avgs-de.${version}.yaml`;
    return loadTariff(readFileSync(`${folder}/${file}`, 'utf8'), file, schema);
  }),
]);

interface Row {
  readonly kind: string;
  readonly feeId: string;
  readonly version: string;
  readonly state: string;
  readonly asked: bigint;
  readonly why: string;
}

describe('running referrals under another version of their tariff', () => {
  let world: SettlementWorld;
  let stated: TestPerson;
  let open: TestPerson;
  beforeAll(async () => {
    world = await SettlementWorld.start(catalogue);
    await world.setDay('2018-05-20');
    stated = await working(world.person());
    await world.certifyAll('2018-05-20');
    await world.openDay('2018-06-01');
    open = await working(world.person({ rival: true }));
  });
  afterAll(() => world.stop());

  /** Plan agreed, and thirteen weeks of a job behind on 13 May 2018. */
  async function working(person: TestPerson): Promise<TestPerson> {
    await world.atWork(person);
    return person;
  }
  const claims = (person: TestPerson): Promise<Row[]> =>
    world.database.asOwner<Row>(
      `select kind, fee_id as "feeId", tariff_version as version, state, asked_minor as asked, why from settlement.claim
       where referral_id = $1 and state <> 'CANCELLED' order by number`,
      [person.referralId],
    );
  const propose = (who: typeof world.managerOne, more: Partial<ProposeVersionChange> = {}) =>
    world.as(who, (tx, now) =>
      proposeVersionChange(
        tx,
        world.ports,
        who,
        { tariffId: 'jobpath-ie', fromVersion: '2015', toVersion: '2019', reason: 'Agreed on 2 May.', ...more },
        now,
      ),
    );
  const decide = (who: typeof world.managerOne, versionChangeId: string, confirm = true) =>
    world.as(who, (tx, now) => confirmVersionChange(tx, world.ports, who, { versionChangeId, confirm }, now));

  it.each([
    [{ toVersion: '2020' }, 'tariff.no-version'],
    [{ toVersion: '2015' }, 'version-change.nothing-to-move'],
    [{ fromVersion: '2019', toVersion: '2015' }, 'version-change.nothing-to-move'],
    [{ contractId: 'x' }, 'version-change.contract'],
    [{ reason: ' ' }, 'version-change.reason'],
  ])('refuses %j', async (more, code) => {
    await expect(propose(world.managerOne, more)).rejects.toMatchObject({ code });
  });

  it('is a person’s decision, of the authority alone', async () => {
    await expect(propose({ ...world.managerOne, kind: 'client' })).rejects.toMatchObject({
      code: 'settlement.person-required',
    });
    await expect(propose(world.finance)).rejects.toMatchObject({ code: 'settlement.role-required' });
  });

  it('can be withdrawn, and changes nothing then', async () => {
    const before = await claims(stated);
    const { id } = await propose(world.managerOne, { contractId: world.contractId });
    await expect(propose(world.managerTwo, { contractId: world.contractId })).rejects.toMatchObject({
      code: 'version-change.proposed-before',
    });
    expect(await decide(world.managerOne, id, false)).toMatchObject({ state: 'WITHDRAWN' });
    await expect(decide(world.managerTwo, id)).rejects.toMatchObject({ code: 'version-change.illegal-move' });
    await world.drain();
    expect(await claims(stated)).toEqual(before);
  });

  it('given two people confirm it, then differences only are claimed and asked back, and name both versions', async () => {
    const { id } = await propose(world.managerOne);
    await expect(decide(world.managerOne, id)).rejects.toMatchObject({ code: 'settlement.same-person' });
    const committed = async (): Promise<bigint> => {
      const rows = await world.database.asOwner<{ amount: bigint }>(
        `select amount_minor as amount from settlement.commitment where referral_id = $1`,
        [stated.referralId],
      );
      return rows[0]!.amount;
    };
    const before = await committed();
    await decide(world.managerTwo, id);
    await world.drain();
    expect(await committed()).toBe(before + 100_00n - 11_00n);
    expect(await claims(stated)).toMatchObject([
      { kind: 'FEE', feeId: 'registration', version: '2015', state: 'CERTIFIED', asked: 31100n },
      { kind: 'FEE', feeId: 'sustainment-13', version: '2015', state: 'CERTIFIED', asked: 61300n },
      {
        kind: 'ADJUSTMENT',
        feeId: 'sustainment-13',
        version: '2019',
        asked: 10000n,
        why: expect.stringMatching(/^By version 2019 instead of 2015: /) as unknown,
      },
    ]);
    const recoveries = await world.database.asOwner<{ amount: bigint; state: string; why: string }>(
      `select amount_minor as amount, state, reason as why from settlement.recovery where referral_id = $1`,
      [stated.referralId],
    );
    expect(recoveries).toEqual([
      { amount: 1100n, state: 'PROPOSED', why: expect.stringMatching(/^By version 2019 instead of 2015: /) as unknown },
    ]);
    const changes = await world.as(world.managerTwo, (tx) => listVersionChanges(tx, { after: null, limit: 10 }));
    expect(changes.map(({ state, referrals }) => [state, referrals])).toEqual([
      ['CONFIRMED', 2],
      ['WITHDRAWN', null],
    ]);
    expect(await world.as(world.finance, (tx) => listVersionChanges(tx, { after: null, limit: 10 }))).toEqual([]);
  });

  it('replaces what nobody has certified yet by what the new version pays', async () => {
    expect(await claims(open)).toMatchObject([
      { kind: 'FEE', feeId: 'registration', version: '2019', asked: 30000n },
      { kind: 'FEE', feeId: 'sustainment-13', version: '2019', asked: 71300n },
    ]);
  });

  it('posts the difference when it is certified, and the books stand as if the new version had priced it', async () => {
    const before = await world.balance(`programme-cost:jobpath-ie:sustainment-13`);
    await world.certifyAll('2018-06-01');
    const own = (await claims(stated)).filter(({ feeId }) => feeId === 'sustainment-13');
    expect(own.map(({ state }) => state)).toEqual(['CERTIFIED', 'CERTIFIED']);
    expect(await world.balance(`programme-cost:jobpath-ie:sustainment-13`)).toBe(before + 10000n + 71300n);
  });

  describe('given what the second version added is certified and stated', () => {
    const recoveries = (person: TestPerson) =>
      world.database.asOwner<{ id: string; amount: bigint; why: string }>(
        `select id, amount_minor as amount, reason as why from settlement.recovery
         where referral_id = $1 and state = 'PROPOSED' order by id`,
        [person.referralId],
      );
    const change = async (fromVersion: string, toVersion: string): Promise<void> => {
      const { id } = await propose(world.managerOne, { fromVersion, toVersion });
      await decide(world.managerTwo, id);
      await world.drain();
    };
    const named = (one: string, other: string): unknown =>
      expect.stringMatching(new RegExp(`^By version ${one} instead of ${other}: `));
    beforeAll(() => world.openDay('2018-07-01'));

    it('when the referrals go back to the first version, then what is asked back names the second one', async () => {
      await change('2019', '2015');
      expect(await recoveries(stated)).toMatchObject([{ amount: 10000n, why: named('2015', '2019') }]);
      expect(await recoveries(open)).toMatchObject([{ amount: 10000n, why: named('2015', '2019') }]);
      expect((await claims(open)).at(-1)).toMatchObject({
        ...{ kind: 'ADJUSTMENT', feeId: 'registration', version: '2015', asked: 1100n, why: named('2015', '2019') },
      });
    });

    it('when they go on to a third version, then each addition names the version that what stands was priced by', async () => {
      const [{ id: recoveryId } = { id: '' }] = await recoveries(stated);
      await world.setDay('2018-07-20');
      for (const who of [world.managerOne, world.managerTwo])
        await world.as(who, (tx, now) =>
          decideRecovery(tx, world.ports, who, { recoveryId, decision: 'RECOVER' }, now),
        );
      await change('2015', '2021');
      expect((await claims(stated)).at(-1)).toMatchObject({
        ...{ kind: 'ADJUSTMENT', feeId: 'sustainment-13', version: '2021', asked: 20000n, why: named('2021', '2015') },
      });
      expect((await claims(open)).at(-1)).toMatchObject({
        ...{ kind: 'ADJUSTMENT', feeId: 'sustainment-13', version: '2021', asked: 10000n, why: named('2021', '2019') },
      });
      expect(await recoveries(open)).toEqual([]);
    });
  });

  describe('given a claim that is approved', () => {
    let person: TestPerson;
    beforeAll(async () => {
      person = world.person({ rival: true });
      await world.tell(person.accepted('2018-02-01', ['jobpath-ie', '2021']), person.planAgreed('2018-02-05'));
      await world.drain();
      await world.as(world.managerOne, (tx, now) =>
        approveClaims(tx, world.ports, world.managerOne, { dueUntil: '2018-07-20' }, now),
      );
      const { id } = await propose(world.managerOne, { fromVersion: '2021', toVersion: '2015' });
      await decide(world.managerTwo, id);
      await world.drain();
    });

    it('when another version pays the same for it, then it stays approved, and is of that version from now on', async () => {
      expect(await claims(person)).toMatchObject([{ feeId: 'registration', version: '2015', state: 'APPROVED' }]);
      const history = await world.database.asOwner<{ body: object }>(
        `select h.body from settlement.history h join settlement.claim c on c.id = h.subject_id
         where c.referral_id = $1 and h.type = 'ClaimRepriced'`,
        [person.referralId],
      );
      expect(history).toMatchObject([{ body: { tariffVersion: '2015', insteadOf: '2021' } }]);
    });
  });

  it('never leaves less in a commitment than is drawn from it', async () => {
    const amounts = [{ referralId: stated.referralId, amountMinor: 1n }];
    await world.as(world.managerOne, (tx) => setCommitmentAmounts(tx, amounts));
    const [row] = await world.database.asOwner<{ amount: bigint; drawn: bigint }>(
      `select amount_minor as amount, drawn_minor as drawn from settlement.commitment where referral_id = $1`,
      [stated.referralId],
    );
    expect(row!.amount).toBe(row!.drawn);
    expect(row!.drawn).toBeGreaterThan(1n);
  });

  describe('given a referral whose agreed terms the other version refuses', () => {
    const voucher = async (value: string, provider: { readonly rival?: boolean } = {}): Promise<TestPerson> => {
      const person = world.person(provider);
      const accepted = person.accepted('2018-02-01', ['avgs-de', 'V2016']);
      const terms = [{ name: 'voucherValue', value }];
      const assessment = { group: 'raised', index: null, source: 'PROFILING', assessedAt: '2018-02-01T08:00:00Z' };
      await world.tell({ ...accepted, data: { ...(accepted.data as object), terms, assessment } });
      return person;
    };
    const change = { tariffId: 'avgs-de', fromVersion: 'V2016', toVersion: 'V2012' };
    const versions = async (...persons: readonly TestPerson[]): Promise<string[]> => {
      const rows = await world.database.asOwner<{ version: string }>(
        `select tariff_version as version from settlement.engagement where referral_id = any($1::uuid[]) order by referral_id`,
        [persons.map(({ referralId }) => referralId)],
      );
      return rows.map(({ version }) => version);
    };
    const refusal = {
      code: 'version-change.terms',
      message:
        'avgs-de V2012 refuses what was agreed for 1 of 2 referrals; the first: voucherValue: 3000 is above the ceiling of 2500.',
    };

    it('when the change is proposed or confirmed, then it is refused with their number and the first reason', async () => {
      const fits = await voucher('2500');
      await world.drain();
      const { id } = await propose(world.managerOne, change);
      const other = await voucher('3000');
      await world.drain();
      await expect(decide(world.managerTwo, id)).rejects.toMatchObject(refusal);
      await decide(world.managerOne, id, false);
      await expect(propose(world.managerOne, change)).rejects.toMatchObject(refusal);
      expect(await versions(fits, other)).toEqual(['V2016', 'V2016']);
    });

    it('when it is accepted while the change is confirmed, then it stays, and what fits moves', async () => {
      const [rival, contractId] = [true, world.rivalContractId];
      const moving = await voucher('2500', { rival });
      await world.drain();
      const { id } = await propose(world.managerOne, { ...change, contractId });
      const staying = await voucher('3000', { rival });
      await decide(world.managerTwo, id);
      await world.drain();
      expect(await versions(moving, staying)).toEqual(['V2012', 'V2016']);
    });
  });
});
