import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GraphqlClient } from '#libs/testing/client.js';
import { command, openProgramme, referPerson, succeed, type Programme } from '../support/programme.js';
import { startTestHub, type TestHub } from '../support/test-hub.js';

describe('a counsellor', () => {
  let hub: TestHub;
  let programme: Programme;
  beforeAll(async () => {
    hub = await startTestHub();
    programme = await openProgramme(hub);
  }, 60_000);
  afterAll(() => hub.stop());

  const person = (nationalId: string, more: object = {}): object => ({
    nationalId,
    givenName: 'Cian',
    familyName: 'Walsh',
    birthDate: '1979-11-30',
    municipalityId: programme.municipality.id,
    ...more,
  });
  const states = async (filter: string): Promise<readonly { id: string; answerBy: string | null }[]> =>
    (
      await programme.counsellor.ask<{ referrals: { edges: { node: { id: string; answerBy: string | null } }[] } }>(
        `{ referrals(first: 100, states: [${filter}]) { edges { node { id answerBy } } } }`,
      )
    ).referrals.edges.map(({ node }) => node);

  it('puts a person on record once, and is told the field and the rule when something is wrong', async () => {
    const { counsellor } = programme;
    expect(await command(counsellor, 'registerPerson', 'Person', person('IE-6001'))).toMatchObject({
      __typename: 'Person',
    });
    expect(await command(counsellor, 'registerPerson', 'Person', person('IE-6001'))).toMatchObject({
      code: 'person.exists',
      field: 'nationalId',
    });
    expect(
      await command(counsellor, 'registerPerson', 'Person', person('IE-6002', { birthDate: '2030-01-01' })),
    ).toMatchObject({
      field: 'birthDate',
    });
    const wrong = person('IE-6002', { municipalityId: programme.provider.id });
    expect(await command(counsellor, 'registerPerson', 'Person', wrong)).toMatchObject({ code: 'person.municipality' });
  });

  it('offers nothing at a price that the tariff forbids: above its ceiling, for an unknown group, by an unknown term', async () => {
    const { counsellor, manager, provider } = programme;
    const german = await succeed(manager, 'concludeContract', 'Contract', {
      number: 'DE-1',
      providerId: provider.id,
      tariffId: 'avgs-de',
      terms: [],
      validFrom: '2018-01-01',
      lots: [{ code: 'A', area: 'Munster' }],
    });
    const assessment = { source: 'profiling', assessedAt: '2018-02-20T10:00:00Z', reason: 'Interview.' };
    const wrong: readonly (readonly [string, object, object[]])[] = [
      ['terms.ceiling', { group: 'standard' }, [{ name: 'voucherValue', value: '9999' }]],
      ['terms.value', { group: 'martian' }, []],
      ['terms.unknown', { group: 'standard' }, [{ name: 'nope', value: '1' }]],
    ];
    for (const [number, [code, decided, terms]] of wrong.entries()) {
      const registered = await succeed(counsellor, 'registerPerson', 'Person', person(`IE-61${String(number)}0`));
      const { id: referralId } = await succeed(counsellor, 'draftReferral', 'Referral', {
        ...{ personId: registered.id, service: 'placement', terms },
        assessment: { ...assessment, ...decided },
      });
      const choice = { referralId, contractIds: [german.id], chooseBy: '2018-03-09' };
      expect(await command(counsellor, 'openChoice', 'Referral', choice)).toMatchObject({ code });
    }
  });

  it('cannot be confused by two contracts of one number, or a lot without room', async () => {
    const { manager, provider } = programme;
    const contract = {
      ...{ providerId: provider.id, tariffId: 'jobpath-ie', terms: [], validFrom: '2018-01-01' },
      ...{ number: 'IE-1', lots: [{ code: 'A', area: 'Munster', capacity: 5 }] },
    };
    expect(await command(manager, 'concludeContract', 'Contract', contract)).toMatchObject({ code: 'contract.number' });
    expect(
      await command(manager, 'concludeContract', 'Contract', {
        ...contract,
        number: 'IE-99',
        lots: [{ code: 'A', area: 'Munster', capacity: 0 }],
      }),
    ).toMatchObject({ code: 'contract.lots' });
  });

  it('concludes no contract by which nobody could be paid, and says which term and which rule', async () => {
    const { manager, provider } = programme;
    const contract = { number: 'DE-2', providerId: provider.id, tariffId: 'avgs-de', validFrom: '2018-01-01' };
    const lots = [{ code: 'A', area: 'Munster' }];
    const term = (name: string, value: string) => ({ name, value });
    const wrong: readonly (readonly [string, string, object])[] = [
      ['terms.unknown', 'terms', { terms: [term('voucher', '2000')] }],
      ['terms.floor', 'terms', { terms: [term('voucherValue', '10')] }],
      ['contract.terms', 'terms', { terms: [term('voucherValue', '2000'), term('voucherValue', '2500')] }],
      ['contract.tariff', 'tariffId', { tariffId: 'avgs-fr' }],
      ['contract.tariff', 'tariffId', { validFrom: '1990-01-01' }],
      // It pays employers alone.
      ['contract.tariff', 'tariffId', { tariffId: 'garanzia-giovani-it', validFrom: '2016-03-01' }],
    ];
    for (const [code, field, change] of wrong) {
      expect(
        await command(manager, 'concludeContract', 'Contract', { ...contract, lots, terms: [], ...change }),
      ).toMatchObject({ code, field });
    }
  });

  it('puts nobody on record twice for a space or a small letter', async () => {
    const { counsellor } = programme;
    await succeed(counsellor, 'registerPerson', 'Person', person('IE-6200A'));
    expect(await command(counsellor, 'registerPerson', 'Person', person(' ie-6200 a'))).toMatchObject({
      code: 'person.exists',
      field: 'nationalId',
    });
  });

  it('lets the person choose among the contracts offered, and nobody else', async () => {
    const { counsellor, provider, otherProvider } = programme;
    const registered = await succeed(counsellor, 'registerPerson', 'Person', person('IE-6003'));
    const assessment = { source: 'profiling', assessedAt: '2018-02-20T10:00:00Z', reason: 'Interview.' };
    const draft = { personId: registered.id, service: 'job-coaching', assessment, terms: [] };
    expect(
      await command(counsellor, 'draftReferral', 'Referral', { ...draft, assessment: { ...assessment, index: '1.2' } }),
    ).toMatchObject({
      code: 'assessment.invalid',
      field: 'assessment.index',
    });
    const { id: referralId } = await succeed(counsellor, 'draftReferral', 'Referral', draft);
    await succeed(counsellor, 'openChoice', 'Referral', {
      referralId,
      contractIds: [provider.contractId],
      chooseBy: '2018-03-09',
    });
    const other = { referralId, contractId: otherProvider.contractId, chosenBy: 'PERSON' };
    expect(await command(counsellor, 'chooseProvider', 'Referral', other)).toMatchObject({
      code: 'referral.not-offered',
      field: 'contractId',
    });
    await succeed(counsellor, 'chooseProvider', 'Referral', {
      referralId,
      contractId: provider.contractId,
      chosenBy: 'PERSON',
    });
  });

  it('finds those that wait for an answer, and those nobody answered without having to chase them', async () => {
    const waiting = await states('REQUESTED');
    expect(waiting).toMatchObject([{ answerBy: '2018-03-08' }]);
    await hub.day('2018-03-09T09:00:00Z');
    expect(await states('REQUESTED')).toEqual([]);
    expect(await states('EXPIRED')).toMatchObject([{ id: waiting[0]?.id }]);
    expect(
      await command(programme.counsellor, 'reofferReferral', 'Referral', { referralId: waiting[0]?.id }),
    ).toMatchObject({ code: 'referral.nobody-left' });
  });

  it('takes a referral back before the start, which the provider confirms; after the start it cannot', async () => {
    const { counsellor, provider } = programme;
    const { referralId } = await referPerson(programme, 'IE-6004');
    const back = (): Promise<{ code?: string; state?: string }> =>
      command(
        counsellor,
        'requestCancellation',
        'Referral',
        { referralId, reason: 'The person asks for it.' },
        'state',
      );
    expect(await back()).toMatchObject({ state: 'CANCEL_REQUESTED' });
    expect(await back()).toMatchObject({ code: 'referral.illegal-move' });
    await succeed(provider.adviser, 'confirmCancellation', 'Referral', { referralId });
    const begun = await referPerson(programme, 'IE-6005');
    await succeed(provider.adviser, 'acceptReferral', 'Referral', { referralId: begun.referralId });
    await succeed(provider.adviser, 'startReferral', 'Referral', {
      referralId: begun.referralId,
      startedOn: '2018-03-09',
    });
    const late = { referralId: begun.referralId, reason: 'Too late.' };
    expect(await command(counsellor, 'requestCancellation', 'Referral', late)).toMatchObject({
      code: 'referral.illegal-move',
    });
    await hub.day('2018-03-20T09:00:00Z');
    const ended = { referralId: begun.referralId, endedOn: '2018-03-19', code: 'MOVED' };
    expect(await succeed(counsellor, 'endReferralEarly', 'Referral', ended, 'state')).toMatchObject({
      state: 'ENDED_EARLY',
    });
  });

  it('corrects an assessment for later periods, never for what is locked', async () => {
    const { counsellor, provider } = programme;
    const { referralId } = await referPerson(programme, 'IE-6006');
    await succeed(provider.adviser, 'acceptReferral', 'Referral', { referralId });
    const assessment = {
      index: '0.4',
      source: 'review',
      assessedAt: '2018-03-20T08:00:00Z',
      reason: 'Overlooked experience.',
    };
    const correct = (appliesFrom: string): Promise<object> =>
      command(counsellor, 'correctAssessment', 'Referral', { referralId, assessment, appliesFrom });
    expect(await correct('2018-03-20')).toMatchObject({ code: 'referral.applies-from', field: 'appliesFrom' });
    expect(await correct('2018-04-01')).toMatchObject({ __typename: 'Referral' });
  });

  it('has a cancellation that no provider confirms take effect after five working days', async () => {
    const { counsellor, provider } = programme;
    const { referralId } = await referPerson(programme, 'IE-6007');
    await succeed(provider.adviser, 'acceptReferral', 'Referral', { referralId });
    const back = { referralId, reason: 'The person asks for it.' };
    expect(await succeed(counsellor, 'requestCancellation', 'Referral', back, 'state answerBy')).toMatchObject({
      state: 'CANCEL_REQUESTED',
      answerBy: '2018-03-27',
    });
    const seen = async (client: GraphqlClient): Promise<string | undefined> =>
      (
        await client.ask<{ referral: { state: string } | null }>(`query ($id: ID!) { referral(id: $id) { state } }`, {
          id: referralId,
        })
      ).referral?.state;
    await hub.day('2018-03-27T09:00:00Z');
    expect(await seen(provider.adviser)).toBe('CANCEL_REQUESTED');
    await hub.day('2018-03-28T09:00:00Z');
    expect(await seen(counsellor)).toBe('WITHDRAWN');
    expect(await seen(provider.adviser)).toBeUndefined();
  });

  it('offers nobody twice, leaves the choice to the person in its time, and asks nobody whose contract has ended', async () => {
    const { counsellor, manager, provider } = programme;
    const ending = await succeed(manager, 'concludeContract', 'Contract', {
      number: 'IE-ending',
      providerId: provider.id,
      tariffId: 'jobpath-ie',
      terms: [],
      validFrom: '2018-01-01',
      validTo: '2018-03-29',
      lots: [{ code: 'A', area: 'Munster' }],
    });
    const { id: personId } = await succeed(counsellor, 'registerPerson', 'Person', person('IE-6008'));
    const draft = async (): Promise<string> => {
      const assessment = { source: 'profiling', assessedAt: '2018-02-20T10:00:00Z', reason: 'Interview.' };
      const input = { personId, service: 'job-coaching', assessment, terms: [] };
      return (await succeed(counsellor, 'draftReferral', 'Referral', input)).id;
    };
    const open = (referralId: string, contractIds: readonly string[]): Promise<object> =>
      command(counsellor, 'openChoice', 'Referral', { referralId, contractIds, chooseBy: '2018-04-30' });
    const choose = (referralId: string, chosenBy = 'PERSON'): Promise<object> =>
      command(counsellor, 'chooseProvider', 'Referral', { referralId, contractId: ending.id, chosenBy });
    const [asked, waiting] = [await draft(), await draft()];
    expect(await open(asked, [ending.id, ending.id])).toMatchObject({ code: 'referral.offers', field: 'contractIds' });
    for (const referralId of [asked, waiting])
      expect(await open(referralId, [ending.id])).toMatchObject({ __typename: 'Referral' });
    expect(await choose(asked, 'DEFAULT_RULE')).toMatchObject({ code: 'referral.choice-open', field: 'chosenBy' });
    expect(await choose(asked)).toMatchObject({ __typename: 'Referral' });
    await hub.day('2018-03-30T09:00:00Z');
    expect(await choose(waiting)).toMatchObject({ code: 'referral.contract', field: 'contractId' });
    expect(await command(provider.adviser, 'acceptReferral', 'Referral', { referralId: asked })).toMatchObject({
      code: 'referral.contract',
    });
    await hub.day('2018-05-02T09:00:00Z');
    expect((await states('CHOICE_OPEN')).map(({ id }) => id)).toEqual([waiting]);
  });

  it('says something where it says anything', async () => {
    const { counsellor } = programme;
    const registered = { ...person('IE-6009'), phone: ' ' };
    expect(await command(counsellor, 'registerPerson', 'Person', registered)).toMatchObject({
      code: 'text.blank',
      field: 'phone',
    });
    expect(
      await command(counsellor, 'registerPerson', 'Person', { ...registered, phone: '1'.repeat(501) }),
    ).toMatchObject({ code: 'text.too-long', field: 'phone' });
    expect(await command(counsellor, 'registerPerson', 'Person', { ...registered, givenName: '' })).toMatchObject({
      code: 'person.text',
      field: 'givenName',
    });
  });

  it('may not do what is a manager’s or a provider’s', async () => {
    const { counsellor } = programme;
    const answer = await counsellor.send(
      `mutation { approveClaims(input: { dueUntil: "2018-03-20" }, idempotencyKey: "x") { __typename } }`,
    );
    expect(answer.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    const other = await counsellor.send(
      `mutation { acceptReferral(input: { referralId: "x" }, idempotencyKey: "y") { __typename } }`,
    );
    expect(other.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});
