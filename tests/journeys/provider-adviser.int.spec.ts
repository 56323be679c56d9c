import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GraphqlClient } from '#libs/testing/client.js';
import { command, openProgramme, referPerson, succeed, type Programme } from '../support/programme.js';
import { startTestHub, type TestHub } from '../support/test-hub.js';

interface Seen {
  readonly id: string;
  readonly state: string;
  readonly personName: string | null;
  readonly answerBy: string | null;
  readonly chosenBy: string | null;
  readonly price: { readonly tariffId: string; readonly tariffVersion: string } | null;
}

describe('a provider’s adviser', () => {
  let hub: TestHub;
  let programme: Programme;
  beforeAll(async () => {
    hub = await startTestHub();
    programme = await openProgramme(hub);
  }, 60_000);
  afterAll(() => hub.stop());

  const inbox = async (client: GraphqlClient, args = ''): Promise<readonly Seen[]> =>
    (
      await client.ask<{ referrals: { edges: { node: Seen }[] } }>(
        `{ referrals(first: 50${args}) { edges { node { id state personName answerBy chosenBy price { tariffId tariffVersion } } } } }`,
      )
    ).referrals.edges.map(({ node }) => node);
  const read = async (client: GraphqlClient, id: string): Promise<Seen | null> =>
    (
      await client.ask<{ referral: Seen | null }>(
        `query ($id: ID!) { referral(id: $id) { id state personName answerBy chosenBy price { tariffId tariffVersion } } }`,
        { id },
      )
    ).referral;
  const adviser = (): GraphqlClient => programme.provider.adviser;

  it('sees the organisations it has to do with, and no others', async () => {
    const names = async (client: GraphqlClient): Promise<readonly string[]> =>
      (
        await client.ask<{ organisations: { edges: { node: { name: string } }[] } }>(
          `{ organisations(first: 50) { edges { node { name } } } }`,
        )
      ).organisations.edges.map(({ node }) => node.name);
    const all = await names(programme.manager);
    const own = await names(adviser());
    expect(own).toContain('Bridge to Work');
    expect(own.length).toBeLessThan(all.length);
    expect(own).not.toContain('City of Cork');
    expect(await names(programme.municipality.worker)).toEqual(
      expect.arrayContaining(['City of Cork', 'Department of Work, Ireland']),
    );
    expect(await names(programme.municipality.worker)).not.toContain('Bridge to Work');
  });

  it('is told which field is no id, in every mutation', async () => {
    for (const [name, input] of [
      ['acceptReferral', { referralId: 'abc' }],
      ['completeReferral', { referralId: 'a\0', completedOn: '2018-03-01' }],
    ] as const)
      expect(await command(adviser(), name, 'Referral', input)).toMatchObject({
        __typename: 'Refusal',
        code: 'id.invalid',
        field: 'referralId',
      });
    expect(await adviser().send(`{ referral(id: "a\\u0000") { id } }`)).not.toMatchObject({
      errors: [{ extensions: { code: 'INTERNAL' } }],
    });
  });

  it('begins with an empty inbox', async () => {
    expect(await inbox(adviser())).toEqual([]);
  });

  it('finds new referrals, newest first, with the name and the last day for an answer, page by page', async () => {
    const first = await referPerson(programme, 'IE-4001');
    const second = await referPerson(programme, 'IE-4002');
    expect(await inbox(adviser(), ', states: [REQUESTED]')).toMatchObject([
      { id: second.referralId, state: 'REQUESTED', personName: 'Aoife Byrne IE-4002', answerBy: '2018-03-08' },
      { id: first.referralId },
    ]);
    const page = await adviser().ask<{
      referrals: { edges: { cursor: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    }>(`{ referrals(first: 1) { edges { cursor } pageInfo { hasNextPage endCursor } } }`);
    expect(page.referrals.pageInfo.hasNextPage).toBe(true);
    expect(await inbox(adviser(), `, after: "${page.referrals.pageInfo.endCursor}"`)).toMatchObject([
      { id: first.referralId },
    ]);
  });

  it('takes the person on: the price is locked, and a second answer is refused with the state and the rule', async () => {
    const [second, first] = await inbox(adviser());
    const accepted = await succeed(
      adviser(),
      'acceptReferral',
      'Referral',
      { referralId: first?.id, ownReference: 'A-1' },
      'state price { tariffId tariffVersion }',
    );
    expect(accepted).toMatchObject({ state: 'ACCEPTED', price: { tariffId: 'jobpath-ie', tariffVersion: '2015' } });
    expect(await command(adviser(), 'acceptReferral', 'Referral', { referralId: first?.id })).toMatchObject({
      code: 'referral.illegal-move',
      message: expect.stringContaining('ACCEPTED') as unknown as string,
    });
    await succeed(adviser(), 'declineReferral', 'Referral', { referralId: second?.id, code: 'NO_CAPACITY' });
    // What was declined is gone for the provider that declined it.
    expect(await read(adviser(), second?.id ?? '')).toBeNull();
  });

  it('is told the field and the rule when a day cannot be', async () => {
    const [referral] = await inbox(adviser(), ', states: [ACCEPTED]');
    const start = (startedOn: string): Promise<object> =>
      command(adviser(), 'startReferral', 'Referral', { referralId: referral?.id, startedOn });
    expect(await start('2018-03-02')).toMatchObject({ code: 'referral.future', field: 'startedOn' });
    expect(await start('2018-02-28')).toMatchObject({ code: 'referral.too-early', field: 'startedOn' });
    await expect(start('2018-02-30')).rejects.toThrow(/a day that exists/);
    expect(await start('2018-03-01')).toMatchObject({ __typename: 'Referral' });
  });

  it('reports a job, which the register then confirms', async () => {
    const [referral] = await inbox(adviser(), ', states: [STARTED]');
    await hub.day('2018-03-12T09:00:00Z');
    const job = {
      referralId: referral?.id,
      startedOn: '2018-03-05',
      contractType: 'OPEN_ENDED',
      weeklyHours: '38',
      insured: true,
      employerNumber: 'IE-777',
      employerName: 'Harbour Logistics',
    };
    expect(await command(adviser(), 'reportJob', 'Outcome', { ...job, weeklyHours: '-3' })).toMatchObject({
      __typename: 'Refusal',
    });
    expect(await command(adviser(), 'reportJob', 'Outcome', { ...job, endedOn: '2018-03-01' })).toMatchObject({
      __typename: 'Refusal',
    });
    const reported = await succeed(adviser(), 'reportJob', 'Outcome', job, 'id state');
    await fetch(`${hub.register.url('ie')}/control/jobs`, {
      method: 'POST',
      body: JSON.stringify([
        {
          ...{
            ref: 'r1',
            revision: 1,
            nationalId: 'IE-4001',
            enteredOn: '2018-03-12',
            withdrawn: false,
            startedOn: '2018-03-05',
            endedOn: null,
          },
          ...{
            contractType: 'OPEN_ENDED',
            contractMonths: null,
            weeklyHours: '38',
            normalHoursShare: null,
            insured: true,
          },
          ...{ employerNumber: 'IE-777', employerName: 'Harbour Logistics' },
        },
      ]),
    });
    await hub.day('2018-03-26T09:00:00Z');
    const { outcome } = await adviser().ask<{ outcome: { state: string } }>(
      `query ($id: ID!) { outcome(id: $id) { state } }`,
      { id: reported.id },
    );
    expect(outcome.state).toBe('VERIFIED');
  });

  it('loses an unanswered referral after five working days; it goes to the next provider, by the default rule when nobody chooses', async () => {
    const { provider, otherProvider, counsellor } = programme;
    const { referralId } = await referPerson(programme, 'IE-4003', [provider.contractId, otherProvider.contractId]);
    expect((await read(adviser(), referralId))?.answerBy).toBe('2018-04-02');
    await hub.day('2018-04-02T09:00:00Z');
    expect((await read(adviser(), referralId))?.state).toBe('REQUESTED');
    await hub.day('2018-04-03T09:00:00Z');
    expect(await read(adviser(), referralId)).toBeNull();
    expect((await read(counsellor, referralId))?.state).toBe('CHOICE_OPEN');
    await hub.day('2018-04-12T09:00:00Z');
    expect(await read(otherProvider.adviser, referralId)).toMatchObject({
      state: 'REQUESTED',
      chosenBy: 'DEFAULT_RULE',
    });
    expect(await command(adviser(), 'acceptReferral', 'Referral', { referralId })).toMatchObject({
      code: 'referral.not-found',
    });
  });

  it('is a stranger to what others were asked', async () => {
    const { referralId } = await referPerson(programme, 'IE-4004', [programme.otherProvider.contractId]);
    expect(await read(adviser(), referralId)).toBeNull();
    for (const [name, type, input] of [
      ['acceptReferral', 'Referral', { referralId }],
      ['startReferral', 'Referral', { referralId, startedOn: '2018-04-12' }],
      ['agreePlan', 'Plan', { referralId, agreedOn: '2018-04-12', goals: ['x'] }],
    ] as const) {
      const select = type === 'Plan' ? 'version' : 'id';
      expect(await command(adviser(), name, type, input, select)).toMatchObject({ code: 'referral.not-found' });
    }
  });

  it('confirms a cancellation, and sees nothing of it any more; what was entered in error is gone at once', async () => {
    const { counsellor } = programme;
    const cancelled = await referPerson(programme, 'IE-4005');
    await succeed(counsellor, 'requestCancellation', 'Referral', {
      referralId: cancelled.referralId,
      reason: 'The person moved away.',
    });
    expect((await read(adviser(), cancelled.referralId))?.state).toBe('CANCEL_REQUESTED');
    await succeed(adviser(), 'confirmCancellation', 'Referral', { referralId: cancelled.referralId });
    expect(await read(adviser(), cancelled.referralId)).toBeNull();
    const wrong = await referPerson(programme, 'IE-4006');
    await succeed(adviser(), 'acceptReferral', 'Referral', { referralId: wrong.referralId });
    await succeed(counsellor, 'markEnteredInError', 'Referral', {
      referralId: wrong.referralId,
      reason: 'Another person was meant.',
    });
    expect(await read(adviser(), wrong.referralId)).toBeNull();
    await hub.settled();
    const { claims } = await programme.manager.ask<{ claims: { edges: { node: { referralId: string } }[] } }>(
      `{ claims(first: 100) { edges { node { referralId } } } }`,
    );
    expect(claims.edges.filter(({ node }) => node.referralId === wrong.referralId)).toEqual([]);
  });

  it('sends an answer again after its right has ended: the same referral, no name, and a refused look in the log', async () => {
    const { counsellor } = programme;
    const { referralId, personId } = await referPerson(programme, 'IE-4007');
    const key = 'accept-4007';
    const accept = (): Promise<Record<string, unknown>> =>
      command(
        adviser(),
        'acceptReferral',
        'Referral',
        { referralId },
        'id state personId personName price { tariffId }',
        key,
      );
    const first = await accept();
    expect(first).toMatchObject({ state: 'ACCEPTED', personName: 'Aoife Byrne IE-4007' });
    expect(await accept()).toEqual(first);
    const reason = 'Not Aoife Byrne.';
    await succeed(counsellor, 'markEnteredInError', 'Referral', { referralId, reason });
    expect(await accept()).toEqual({ ...first, personName: null, price: null });
    const { accessLog } = await counsellor.ask<{ accessLog: { edges: { node: { outcome: string } }[] } }>(
      `query ($personId: ID!) { accessLog(personId: $personId, first: 100) { edges { node { outcome operation } } } }`,
      { personId },
    );
    const looks = accessLog.edges.map(({ node }) => node);
    expect(
      looks.filter((look) => Object.values(look).includes('acceptReferral')).map(({ outcome }) => outcome),
    ).toEqual(
      // Newest first.
      ['REFUSED', 'SHOWN', 'SHOWN'],
    );
  });

  it('is told that a reference of its own is another person’s, and accepts with another one', async () => {
    const { referralId } = await referPerson(programme, 'IE-4008');
    const accept = (ownReference: string): Promise<object> =>
      command(adviser(), 'acceptReferral', 'Referral', { referralId, ownReference });
    expect(await accept(' A-1 ')).toMatchObject({ code: 'person.own-reference-taken', field: 'ownReference' });
    expect(await accept('A-8')).toMatchObject({ __typename: 'Referral' });
  });

  it('agrees plans at one moment: each is a version', async () => {
    const { referralId } = await referPerson(programme, 'IE-4009');
    await succeed(adviser(), 'acceptReferral', 'Referral', { referralId });
    const blank = { referralId, agreedOn: '2018-04-12', goals: [''] };
    expect(await command(adviser(), 'agreePlan', 'Plan', blank, 'version')).toMatchObject({ code: 'text.blank' });
    const plans = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        command(
          adviser(),
          'agreePlan',
          'Plan',
          { referralId, agreedOn: '2018-04-12', goals: [`Goal ${index}`] },
          'version',
        ),
      ),
    );
    expect(plans.map(({ version }) => Number(version)).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('leaves nothing about a person in what is kept of its answers', async () => {
    const kept = await hub.database.asOwner<{ answer: unknown }>(`select answer from platform.idempotency`);
    const text = JSON.stringify(kept);
    expect(text).toContain('ACCEPTED');
    expect(text).not.toMatch(/Aoife|Byrne|IE-40|1985|Harbour/);
  });

  it('is counted once among those that were accepted, whatever is taken back: each has its commitment', async () => {
    const { counsellor, manager } = programme;
    const takeBack = async (nationalId: string, accepted: boolean) => {
      const { referralId } = await referPerson(programme, nationalId);
      if (accepted) await succeed(adviser(), 'acceptReferral', 'Referral', { referralId });
      await succeed(counsellor, 'requestCancellation', 'Referral', { referralId, reason: 'Work was found.' });
      return referralId;
    };
    const figures = async () => {
      await hub.settled();
      const { programmeSummary } = await manager.ask<{
        programmeSummary: { referralsAccepted: number; commitmentsByState: { count: number }[] };
      }>(`{ programmeSummary { referralsAccepted commitmentsByState { count } } }`);
      return [
        programmeSummary.referralsAccepted,
        programmeSummary.commitmentsByState.reduce((sum, { count }) => sum + count, 0),
      ];
    };
    const [before = 0] = await figures();
    const referralIds = [
      await takeBack('IE-4017', true),
      await takeBack('IE-4018', false),
      await takeBack('IE-4019', true),
    ];
    expect(await figures()).toEqual([before + 2, before + 2]);
    for (const referralId of referralIds.slice(0, 2))
      await succeed(adviser(), 'confirmCancellation', 'Referral', { referralId });
    const { referralId: wrong } = await referPerson(programme, 'IE-4020');
    await succeed(counsellor, 'markEnteredInError', 'Referral', { referralId: wrong, reason: 'A duplicate.' });
    expect(await figures()).toEqual([before + 2, before + 2]);
  });
});
