import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Envelope } from '#libs/kernel/index.js';
import type { NewEvent } from '#libs/platform/events/event-log.js';
import { newId } from '#libs/platform/postgres/index.js';
import { camt053 } from '#libs/testing/bank-files.js';
import { SettlementWorld, type TestPerson } from '#libs/testing/settlement-world.js';
import { approveClaims } from './handlers/approve-claims.handler.js';
import { certifyClaims } from './handlers/certify-claims.handler.js';
import {
  answerDispute,
  disputeClaim,
  rejectClaim,
  resubmitClaim,
  returnClaim,
} from './handlers/decide-claim.handler.js';
import { answerRecovery, decideRecovery } from './handlers/decide-recovery.handler.js';
import { importBankFile } from './handlers/import-bank-file.handler.js';
import { matchUnmatchedItem, undoMatch } from './handlers/match-item.handler.js';
import { confirmPayeeAccount, proposePayeeAccount } from './handlers/payee-accounts.handler.js';
import { programmeSummary } from './handlers/programme-summary.handler.js';
import { settlementSubscription } from './inbound/settlement-subscription.js';
import { listItems } from './outbound/bank.store.js';
import { listClaims } from './outbound/claims.store.js';
import { factsKnownAt } from './outbound/engagements.store.js';
import { listStatements } from './outbound/statements.store.js';

interface ClaimRow {
  readonly id: string;
  readonly feeId: string;
  readonly state: string;
  readonly kind: string;
  readonly askedMinor: bigint;
  readonly dueOn: string;
}

describe('settlement, from an accepted referral to what is owed', () => {
  let world: SettlementWorld;
  beforeAll(async () => {
    world = await SettlementWorld.start();
  });
  afterAll(() => world.stop());

  const claims = (person: TestPerson) =>
    world.database.asOwner<ClaimRow>(
      `select id, fee_id as "feeId", state, kind, asked_minor as "askedMinor", due_on as "dueOn", findings, approved_by as "approvedBy"
       from settlement.claim where referral_id = $1 and state <> 'CANCELLED' order by number`,
      [person.referralId],
    );
  const commitment = async (person: TestPerson) =>
    (
      await world.database.asOwner<{ state: string; amount: bigint; drawn: bigint }>(
        `select state, amount_minor as amount, drawn_minor as drawn from settlement.commitment where referral_id = $1`,
        [person.referralId],
      )
    )[0];
  const approve = (who: typeof world.managerOne, command: Parameters<typeof approveClaims>[3]) =>
    world.as(who, (tx, now) => approveClaims(tx, world.ports, who, command, now));
  const certify = (who: typeof world.managerOne, batch: { id: string; count: number; sumMinor: bigint }) =>
    world.as(who, (tx, now) =>
      certifyClaims(tx, world.ports, who, { batchId: batch.id, count: batch.count, sumMinor: batch.sumMinor }, now),
    );
  const reservedMinor = async () => {
    const none = () => Promise.resolve(0);
    const figures = {
      referrals: { people: none, accepted: none, byState: () => Promise.resolve([]) },
      outcomes: { byKind: () => Promise.resolve([]) },
    };
    const { reserved } = await world.as(world.managerOne, (tx) =>
      programmeSummary(tx, world.ports, figures, world.managerOne),
    );
    return reserved[0]?.amountMinor ?? 0n;
  };
  /** Plan agreed, and thirteen weeks of a job behind on 13 May 2018. */
  const working = async (options: Parameters<typeof world.person>[0] = {}) => {
    const person = world.person(options);
    await world.tell(person.accepted('2018-02-01'), person.planAgreed('2018-02-05'), person.jobVerified('2018-02-12'));
    await world.drain();
    await world.answerAll('YES');
    return person;
  };

  it('given facts that came before the acceptance, then they are priced when it comes, on their day and no earlier', async () => {
    await world.setDay('2018-05-12');
    const person = world.person();
    await world.tell(person.jobVerified('2018-02-12'), person.planAgreed('2018-02-05'));
    await world.drain();
    expect(await claims(person)).toEqual([]);
    await world.tell(person.accepted('2018-02-01'));
    await world.drain();
    expect(await claims(person)).toMatchObject([{ feeId: 'registration', state: 'IN_VALIDATION', askedMinor: 31100n }]);
    expect(await commitment(person)).toEqual({ state: 'APPROVED', amount: 371800n, drawn: 0n });
    await world.openDay('2018-05-13');
    expect(await claims(person)).toHaveLength(1);
    await world.answerAll('YES');
    expect(await claims(person)).toMatchObject([
      { feeId: 'registration' },
      { feeId: 'sustainment-13', askedMinor: 61300n, dueOn: '2018-05-13' },
    ]);
  });

  it('given the register says no, then the fee is not claimed; unknown, then it is asked and not decided', async () => {
    const person = world.person();
    await world.tell(person.accepted('2018-02-01'), person.jobVerified('2018-02-12'));
    await world.drain();
    await world.answerAll('UNKNOWN');
    expect(await claims(person)).toEqual([]);
    const [asked] = await world.database.asOwner<{ count: number }>(
      `select count(*)::int as count from settlement.question where referral_id = $1`,
      [person.referralId],
    );
    expect(asked).toEqual({ count: 1 });
  });

  it('given one person approved, when the same one or a provider certifies, then that is refused; another manager makes it owed', async () => {
    const person = await working();
    const before = await world.balance(`provider-payable:${world.providerId}`);
    const ids = (await claims(person)).map((claim) => claim.id);
    const batch = await approve(world.managerOne, { claimIds: ids, dueUntil: '2018-05-13' });
    expect(batch).toMatchObject({ state: 'APPROVED', count: 2, sumMinor: 92400n, fellOut: [] });
    await expect(certify(world.managerOne, batch)).rejects.toMatchObject({ code: 'settlement.same-person' });
    await expect(certify(world.finance, batch)).rejects.toMatchObject({ code: 'settlement.role-required' });
    await expect(certify({ ...world.managerTwo, kind: 'client' }, batch)).rejects.toMatchObject({
      code: 'settlement.person-required',
    });
    await expect(certify(world.managerTwo, { ...batch, sumMinor: 1n })).rejects.toMatchObject({
      code: 'claim-batch.differs',
      field: 'input.sumMinor',
    });
    await expect(certify(world.managerTwo, batch)).resolves.toMatchObject({ state: 'CERTIFIED', fellOut: [] });
    await expect(certify(world.managerTwo, batch)).rejects.toMatchObject({ code: 'claim-batch.illegal-move' });
    expect(await world.balance(`provider-payable:${world.providerId}`)).toBe(before - 92400n);
    expect(await commitment(person)).toMatchObject({ drawn: 92400n });
    await world.drain();
    expect(await world.published('liaison.claim.certified.v1')).toHaveLength(2);
  });

  it('given a batch is approved, when the facts of a claim change, then it falls out and the rest is certified', async () => {
    const [stays, goes] = [await working(), await working()];
    const ids = [...(await claims(stays)), ...(await claims(goes))].map((claim) => claim.id);
    const batch = await approve(world.managerOne, { claimIds: ids, dueUntil: '2018-05-13' });
    await world.tell(goes.jobCorrected('2018-02-12', '2018-04-30'));
    await world.drain();
    const certified = await certify(world.managerTwo, batch);
    expect(certified.fellOut).toHaveLength(1);
    expect(await claims(stays)).toMatchObject([{ state: 'CERTIFIED' }, { state: 'CERTIFIED' }]);
    expect(await claims(goes)).toMatchObject([{ feeId: 'registration', state: 'CERTIFIED' }]);
  });

  it('given a certified claim on no statement, when its job is taken back, then a reversal stops it', async () => {
    const person = await working();
    await certify(
      world.managerTwo,
      await approve(world.managerOne, {
        claimIds: (await claims(person)).map((each) => each.id),
        dueUntil: '2018-05-13',
      }),
    );
    await world.tell(person.evidenceRequested());
    await world.drain();
    expect(await claims(person)).toHaveLength(2);
    await world.tell(person.jobReversed());
    await world.drain();
    const reversal = (await claims(person)).at(-1)!;
    expect(reversal).toMatchObject({ kind: 'REVERSAL', askedMinor: -61300n, state: 'IN_VALIDATION' });
    await certify(
      world.managerTwo,
      await approve(world.managerOne, { claimIds: [reversal.id], dueUntil: '2018-05-13' }),
    );
    expect(await commitment(person)).toMatchObject({ drawn: 31100n });
  });

  it('given the referral was for the wrong person, then nothing of it is owed any more', async () => {
    const person = await working();
    await world.tell(person.enteredInError());
    await world.drain();
    expect(await claims(person)).toEqual([]);
    expect(await commitment(person)).toMatchObject({ state: 'CANCELLED' });
    await world.tell(person.jobEnded('2018-02-12', '2018-12-31'));
    await world.drain();
    expect(await claims(person)).toEqual([]);
  });

  it('given two providers claim one job, then both wait as exceptions, and one that is rejected stays so', async () => {
    const mine = await working();
    const theirs = await working({ rival: true, personId: mine.ids.personId });
    const held = { feeId: 'sustainment-13', state: 'BLOCKED', findings: [{ code: 'SAME_JOB_CLAIMED_TWICE' }] };
    expect((await claims(mine)).at(-1)).toMatchObject(held);
    expect((await claims(theirs)).at(-1)).toMatchObject(held);
    const claimId = (await claims(theirs)).at(-1)!.id;
    await world.as(world.managerOne, (tx, now) =>
      rejectClaim(
        tx,
        world.ports,
        world.managerOne,
        { claimId, code: 'SAME_JOB', reason: 'The other one found it.' },
        now,
      ),
    );
    await world.openDay('2018-05-14');
    expect((await claims(theirs)).map((claim) => claim.state)).toEqual(['IN_VALIDATION', 'REJECTED']);
    const [, first] = await claims(mine);
    await expect(approve(world.managerOne, { claimIds: [first!.id], dueUntil: '2018-05-14' })).resolves.toMatchObject({
      count: 1,
    });
  });

  it('given a person was referred twice at the same time under one contract, then both plans wait as exceptions; after another it is none', async () => {
    const first = world.person();
    const second = world.person({ personId: first.ids.personId });
    const third = world.person({ personId: first.ids.personId });
    await world.tell(first.accepted('2018-02-01'), first.planAgreed('2018-02-05'));
    await world.drain();
    expect(await claims(first)).toMatchObject([{ state: 'IN_VALIDATION' }]);
    await world.tell(second.accepted('2018-02-10'), second.planAgreed('2018-02-12'));
    await world.drain();
    const held = [{ state: 'BLOCKED', findings: [{ code: 'REFERRED_TWICE' }] }];
    expect([await claims(first), await claims(second)]).toMatchObject([held, held]);
    await world.tell(first.ended('2018-02-20'), second.ended('2018-03-01'));
    await world.drain();
    await world.tell(third.accepted('2018-03-01'), third.planAgreed('2018-03-05'));
    await world.drain();
    expect(await claims(third)).toMatchObject([{ state: 'IN_VALIDATION', findings: [] }]);
  });

  it('given a register knows a job and no referral, then it counts for the referral that was open when it began', async () => {
    const person = world.person();
    await world.tell(person.accepted('2018-02-01'), person.jobDetectedAndVerified('2018-02-12'));
    await world.drain();
    await world.answerAll('YES');
    expect(await claims(person)).toMatchObject([{ feeId: 'sustainment-13' }]);
  });

  it('given the provider disputes, then nothing is paid until it is answered; a returned claim comes back by the provider', async () => {
    const person = await working();
    const [claim] = await claims(person);
    const move = (who: typeof world.managerOne, handle: typeof disputeClaim, command: object) =>
      world.as(who, (tx, now) => handle(tx, world.ports, who, { claimId: claim!.id, ...command } as never, now));
    const said = { reason: 'The plan was agreed a week earlier.' };
    await expect(move(world.rivalFinance, disputeClaim, said)).rejects.toMatchObject({ code: 'claim.not-found' });
    await move(world.finance, disputeClaim, said);
    await expect(approve(world.managerOne, { claimIds: [claim!.id], dueUntil: '2018-05-14' })).rejects.toMatchObject({
      code: 'claim.illegal-move',
    });
    await move(world.managerOne, answerDispute as never, { upheld: false, answer: 'The plan is of that day.' });
    await move(world.managerOne, returnClaim as never, { code: 'PLAN', reason: 'The plan is not signed.' });
    await move(world.finance, resubmitClaim as never, { note: 'Signed now.' });
    expect((await claims(person))[0]).toMatchObject({ state: 'IN_VALIDATION' });
  });

  it('given a job was corrected after it was stated, then a recovery is heard, decided by two and kept back next month', async () => {
    await world.setDay('2018-05-20');
    const corrected = await working();
    await world.certifyAll('2018-05-20');
    await world.openDay('2018-06-01');
    const [statement] = await world.as(world.finance, (tx) => listStatements(tx, { after: null, limit: 1 }));
    const statedMinor = statement!.lines.reduce((sum, line) => sum + line.amountMinor, 0n);
    expect(statement).toMatchObject({ month: '2018-05', netMinor: statedMinor, carriedForwardMinor: 0n });

    await world.tell(corrected.jobCorrected('2018-02-12', '2018-04-30'));
    await world.drain();
    const [proposed] = await world.database.asOwner<{ id: string; state: string; amount: bigint }>(
      `select id, state, amount_minor as amount from settlement.recovery where referral_id = $1`,
      [corrected.referralId],
    );
    expect(proposed).toMatchObject({ state: 'PROPOSED', amount: 61300n });
    const recoveryId = proposed!.id;
    const decide = (who: typeof world.managerOne) =>
      world.as(who, (tx, now) => decideRecovery(tx, world.ports, who, { recoveryId, decision: 'RECOVER' }, now));
    await expect(decide(world.managerOne)).rejects.toMatchObject({ code: 'recovery.answer-awaited' });
    await world.as(world.finance, (tx, now) =>
      answerRecovery(tx, world.ports, world.finance, { recoveryId, accepted: true, answer: 'We agree.' }, now),
    );
    await decide(world.managerOne);
    await expect(decide(world.managerOne)).rejects.toMatchObject({ code: 'settlement.same-person' });
    await expect(decide(world.managerTwo)).resolves.toMatchObject({ state: 'DUE' });
    expect(await world.balance(`recovery-receivable:${world.providerId}`)).toBe(61300n);

    await working();
    await world.certifyAll('2018-06-20');
    await world.openDay('2018-07-01');
    const next = await world.as(world.finance, (tx) => listStatements(tx, { after: statement!.id, limit: 1 }));
    expect(next[0]?.lines.map((line) => [line.kind, line.amountMinor])).toEqual([
      ['FEE', 31100n],
      ['FEE', 61300n],
      ['OFFSET', -46200n],
    ]);
    expect(await world.balance(`recovery-receivable:${world.providerId}`)).toBe(61300n - 46200n);

    const iban = 'IE64IRCE92050112345678';
    const own = await world.as(world.managerOne, (tx, now) =>
      proposePayeeAccount(tx, world.ports, world.managerOne, { iban, holder: 'Intreo' }, now),
    );
    await world.as(world.managerTwo, (tx, now) =>
      confirmPayeeAccount(tx, world.ports, world.managerTwo, { accountId: own.id }, now),
    );
    const lines = [{ amountMinor: 15100n, bankReference: 'B-1', text: 'Repayment' }];
    const content = camt053({ id: 'STMT-1', iban, day: '2018-07-01', openingMinor: 0n, lines });
    await world.as(world.managerOne, (tx, now) =>
      importBankFile(tx, world.ports, world.managerOne, { name: 'a.xml', content }, now),
    );
    const [item] = await world.as(world.managerOne, (tx) => listItems(tx, { open: true, after: null, limit: 10 }));
    const repaid = () =>
      world.as(world.managerOne, (tx, now) =>
        matchUnmatchedItem(tx, world.ports, world.managerOne, { itemId: item!.id, recoveryId, reason: 'Repaid.' }, now),
      );
    const balances = async () => [
      await world.balance(`recovery-receivable:${world.providerId}`),
      await world.balance('suspense'),
    ];
    await repaid();
    expect(await balances()).toEqual([0n, 0n]);
    await world.as(world.managerTwo, (tx, now) =>
      undoMatch(tx, world.ports, world.managerTwo, { itemId: item!.id, reason: 'It was for another one.' }, now),
    );
    expect(await balances()).toEqual([15100n, -15100n]);
    await repaid();
    expect(await balances()).toEqual([0n, 0n]);
  });

  it('shows a provider its own claims and statements and nothing of another one; what was known when is one query', async () => {
    const person = await working({ rival: true });
    const page = { states: null, contractId: null, onlyExceptions: false, after: null, limit: 1_000 };
    const providers = async (who: typeof world.managerOne) =>
      new Set((await world.as(who, (tx) => listClaims(tx, page))).map((claim) => claim.providerId));
    expect(await providers(world.rivalFinance)).toEqual(new Set([world.rivalId]));
    expect(await providers(world.finance)).toEqual(new Set([world.providerId]));
    expect(await providers(world.managerOne)).toEqual(new Set([world.providerId, world.rivalId]));
    const stranger = { ...world.finance, organisationId: newId<'Organisation'>() };
    expect(await providers(stranger)).toEqual(new Set());
    await world.openDay('2018-07-02');
    await world.tell(person.jobCorrected('2018-02-12', '2018-04-30'));
    await world.drain();
    const known = await world.database.unitOfWork.transaction({ kind: 'operator', actorId: 'test' }, (tx) =>
      factsKnownAt(tx, person.ids.personId, new Date('2018-07-01T12:00:00Z')),
    );
    const job = known.find((fact) => fact.body.kind === 'SPELL')?.body;
    expect(job).toMatchObject({ spell: { endedOn: null } });
  });

  it('given an acceptance and a plan are handled at the same moment, then one of them sees the other', async () => {
    const reactions = settlementSubscription(world.ports).reactions;
    const handle = (event: NewEvent): Promise<void> =>
      world.database.unitOfWork.transaction({ kind: 'reaction', actorId: 'race' }, async (tx, now) => {
        const envelope: Envelope = {
          ...event,
          specversion: '1.0',
          id: newId(),
          source: '/test',
          time: now.toISOString(),
          datacontenttype: 'application/json',
        };
        await reactions.find((reaction) => reaction.types.includes(event.type))?.handle(tx, envelope, now);
      });
    const persons = Array.from({ length: 8 }, () => world.person());
    for (const person of persons) {
      await Promise.all([handle(person.accepted('2018-02-01')), handle(person.planAgreed('2018-02-05'))]);
      expect(await claims(person)).toHaveLength(1);
    }
  });

  it('property: the order in which things become known does not matter for the claims that stand', async () => {
    await world.setDay('2018-09-01');
    const subset = fc.shuffledSubarray(['accepted', 'plan', 'job', 'ended'] as const, { minLength: 4 });
    await fc.assert(
      fc.asyncProperty(subset, async (order) => {
        const person = world.person();
        const told = {
          accepted: [person.accepted('2018-02-01')],
          plan: [person.planAgreed('2018-02-05')],
          // Order holds within one outcome: it is told, then corrected.
          job: [person.jobVerified('2018-02-12'), person.jobCorrected('2018-02-12', '2018-05-20')],
          ended: [person.ended('2018-02-20')],
        };
        for (const name of order) {
          await world.tell(...told[name]);
          await world.drain();
          await world.answerAll('YES');
        }
        expect((await claims(person)).map((claim) => [claim.feeId, claim.askedMinor, claim.dueOn]).sort()).toEqual([
          ['registration', 31100n, '2018-02-05'],
          ['sustainment-13', 61300n, '2018-05-13'],
        ]);
      }),
      { numRuns: 12 },
    );
  });

  it.each([
    ['for more than three months in the four years before', '2016-01-01', '2016-12-31', 'former', []],
    ['for three months', '2016-01-01', '2016-03-31', 'former', [125000n]],
    ['longer ago than four years', '2013-01-01', '2014-02-28', 'former', [125000n]],
    ['never, but for another', '2016-01-01', '2016-12-31', 'other', [125000n]],
  ] as const)(
    'given a tariff that looks back and an employer the person worked for %s, then it pays so',
    async (_when, startedOn, endedOn, employer, asked) => {
      await world.setDay('2018-06-01');
      const person = world.person();
      const before = world.person({ personId: person.ids.personId });
      await world.tell(
        before.jobDetectedAndVerified(startedOn, endedOn, employer),
        person.accepted('2018-02-01', ['avgs-de', 'V2016']),
        person.jobVerified('2018-03-01', null, 'former'),
      );
      await world.drain();
      expect((await claims(person)).map(({ askedMinor }) => askedMinor)).toEqual(asked);
    },
  );

  it('given the service ended, then budget is kept as long as something can become due, and a late fact opens it again', async () => {
    await world.setDay('2018-09-01');
    const [idle, works] = [world.person(), world.person()];
    for (const person of [idle, works]) {
      await world.tell(person.accepted('2018-02-01'), person.planAgreed('2018-02-05'), person.ended('2018-08-20'));
    }
    await world.tell(works.jobVerified('2018-08-06'));
    await world.drain();
    const states = async () => [(await commitment(idle))?.state, (await commitment(works))?.state];
    await world.openDay('2018-11-18');
    await world.answerAll('YES');
    expect(await states()).toEqual(['APPROVED', 'APPROVED']);
    const before = await reservedMinor();
    await world.openDay('2018-11-19');
    expect(await states()).toEqual(['SETTLED', 'APPROVED']);
    // The plan's fee is claimed and not certified yet: that much is still needed.
    expect(before - (await reservedMinor())).toBe(371800n - 31100n);
    await world.tell(idle.jobVerified('2018-11-12'));
    await world.drain();
    expect(await states()).toEqual(['APPROVED', 'APPROVED']);
    await world.tell(idle.jobReversed());
    await world.drain();
    expect(await states()).toEqual(['SETTLED', 'APPROVED']);
    for (const day of ['2018-12-31', '2019-03-31', '2019-06-30', '2019-12-31']) {
      await world.openDay(day);
      await world.answerAll('YES');
    }
    expect(await states()).toEqual(['SETTLED', 'SETTLED']);
    expect(await claims(works)).toHaveLength(5);
  });
});
