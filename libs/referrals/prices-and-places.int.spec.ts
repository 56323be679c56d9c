import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { command, openProgramme, succeed, type Programme } from '#tests/support/programme.js';
import { startTestHub, type TestHub } from '#tests/support/test-hub.js';

/** What a referral is priced by, and the places of a lot. */
describe('prices and places of referrals', () => {
  let hub: TestHub;
  let programme: Programme;
  let persons = 0;
  beforeAll(async () => {
    hub = await startTestHub();
    programme = await openProgramme(hub);
  }, 60_000);
  afterAll(() => hub.stop());

  const concluded = async (input: object, providerId = programme.provider.id): Promise<string> =>
    (
      await succeed(programme.manager, 'concludeContract', 'Contract', {
        ...{ providerId, tariffId: 'jobpath-ie', terms: [], validFrom: '2018-01-01' },
        ...input,
      })
    ).id;
  const drafted = async (more: object = {}): Promise<string> => {
    persons += 1;
    const { counsellor, municipality } = programme;
    const person = await succeed(counsellor, 'registerPerson', 'Person', {
      ...{ nationalId: `IE-${9000 + persons}`, givenName: 'Aoife', familyName: 'Byrne', birthDate: '1985-05-05' },
      municipalityId: municipality.id,
    });
    const assessment = { source: 'profiling', assessedAt: '2018-02-20T10:00:00Z', reason: 'Interview.' };
    return (
      await succeed(counsellor, 'draftReferral', 'Referral', {
        ...{ personId: person.id, service: 'placement', assessment, terms: [], unemployedSince: '2017-01-01' },
        ...more,
      })
    ).id;
  };
  const offer = (referralId: string, contractId: string, more: object = {}) =>
    command(programme.counsellor, 'openChoice', 'Referral', {
      ...{ referralId, contractIds: [contractId], chooseBy: '2018-03-09' },
      ...more,
    });
  const choose = (referralId: string, contractId: string) =>
    command(programme.counsellor, 'chooseProvider', 'Referral', { referralId, contractId, chosenBy: 'PERSON' });
  const accept = (referralId: string) =>
    command(programme.provider.adviser, 'acceptReferral', 'Referral', { referralId }, 'state lotCode');
  const requested = async (contractId: string): Promise<string> => {
    const referralId = await drafted();
    expect(await offer(referralId, contractId)).toMatchObject({ __typename: 'Referral' });
    expect(await choose(referralId, contractId)).toMatchObject({ __typename: 'Referral' });
    return referralId;
  };
  const priceFor = async (who: Pick<Programme['counsellor'], 'ask'>, id: string) =>
    (
      await who.ask<{ referral: { price: { group: string | null; index: string | null } | null } | null }>(
        `query ($id: ID!) { referral(id: $id) { price { tariffId group index terms { name value } } } }`,
        { id },
      )
    ).referral?.price;

  it('given a correction, then the locked price stays what it was, and who is paid sees the sum without its ground', async () => {
    const { counsellor, provider } = programme;
    const contractId = await concluded({ number: 'DE-9', tariffId: 'avgs-de', lots: [{ code: 'A', area: 'Munster' }] });
    const assessment = {
      group: 'raised',
      source: 'profiling',
      assessedAt: '2018-02-20T10:00:00Z',
      reason: 'Interview.',
    };
    const terms = [{ name: 'voucherValue', value: '2600' }];
    const referralId = await drafted({ assessment, terms });
    await offer(referralId, contractId);
    await choose(referralId, contractId);
    await accept(referralId);
    const correct = (changed: object) =>
      command(counsellor, 'correctAssessment', 'Referral', {
        ...{ referralId, appliesFrom: '2018-03-02' },
        assessment: { ...assessment, source: 'review', ...changed },
      });
    expect(await correct({ group: 'zz' })).toMatchObject({ code: 'terms.value', field: 'referralId' });
    expect(await correct({ assessedAt: '2018-03-01T08:00:01Z' })).toMatchObject({
      code: 'assessment.invalid',
      field: 'assessment.assessedAt',
    });
    expect(await correct({ index: '0.2' })).toMatchObject({ __typename: 'Referral' });
    const locked = { tariffId: 'avgs-de', group: 'raised', index: null, terms };
    expect(await priceFor(counsellor, referralId)).toEqual(locked);
    expect(await priceFor(provider.adviser, referralId)).toEqual(locked);
    expect(await priceFor(provider.finance, referralId)).toEqual({ ...locked, group: null });
  });

  it('given a contract that fixes a term, when the counsellor brings another value, then that is refused by name', async () => {
    const contractId = await concluded({
      ...{ number: 'DE-10', tariffId: 'avgs-de', lots: [{ code: 'A', area: 'Munster' }] },
      terms: [{ name: 'voucherValue', value: '2500' }],
    });
    const assessment = { group: 'raised', source: 'profiling', assessedAt: '2018-02-20T10:00:00Z', reason: 'x' };
    const own = await drafted({ assessment, terms: [{ name: 'voucherValue', value: '2600' }] });
    expect(await offer(own, contractId)).toMatchObject({
      code: 'referral.term-fixed',
      message: 'voucherValue: contract DE-10 fixes this term.',
    });
    expect(await offer(await drafted(), contractId)).toMatchObject({ __typename: 'Referral' });
  });

  it('given a contract with several lots, then the referral says which one, and is priced by its area', async () => {
    const lots = [
      { code: 'A', area: 'Munster' },
      { code: 'B', area: 'Connacht' },
    ];
    const contractId = await concluded({ number: 'IE-9', lots });
    const referralId = await drafted();
    expect(await offer(referralId, contractId)).toMatchObject({
      code: 'referral.lot',
      message: 'Contract IE-9 has several lots: say which one (A, B).',
      field: 'lots',
    });
    const unknown = { lots: [{ contractId, lotCode: 'C' }] };
    expect(await offer(referralId, contractId, unknown)).toMatchObject({ code: 'referral.lot' });
    await offer(referralId, contractId, { lots: [{ contractId, lotCode: 'B' }] });
    await choose(referralId, contractId);
    expect(await accept(referralId)).toMatchObject({ state: 'ACCEPTED', lotCode: 'B' });
    const [priced] = await hub.database.asOwner<{ area: string }>(
      `select data->>'area' as area from referrals.history where referral_id = $1 and type = 'liaison.referral.accepted.v1'`,
      [referralId],
    );
    expect(priced).toEqual({ area: 'Connacht' });
  });

  it('given one place left, when two are accepted at once, then one passes; a place is free again when its service ended', async () => {
    const { counsellor } = programme;
    const contractId = await concluded({ number: 'IE-10', lots: [{ code: 'A', area: 'Munster', capacity: 1 }] });
    const both = [await requested(contractId), await requested(contractId)];
    const drawn = await drafted();
    await offer(drawn, contractId);
    const answers = await Promise.all(both.map(accept));
    const refused = answers.find(({ __typename }) => __typename === 'Refusal');
    expect(answers.filter(({ state }) => state === 'ACCEPTED')).toHaveLength(1);
    expect(refused).toMatchObject({
      code: 'referral.lot-full',
      message: 'Lot A of contract IE-10 is full: its provider takes 1 referrals at the same time, at most.',
      field: 'referralId',
    });
    const holds = both[answers.findIndex(({ state }) => state === 'ACCEPTED')] ?? '';
    const waits = both.find((id) => id !== holds) ?? '';
    // Neither chosen nor offered while it is full; the acceptance that is there already is told as such.
    expect(await choose(drawn, contractId)).toMatchObject({ code: 'referral.lot-full', field: 'contractId' });
    expect(await offer(await drafted(), contractId)).toMatchObject({ code: 'referral.lot-full', field: 'contractIds' });
    expect(await accept(holds)).toMatchObject({ code: 'referral.illegal-move' });
    await succeed(counsellor, 'requestCancellation', 'Referral', { referralId: holds, reason: 'Work was found.' });
    expect(await accept(waits)).toMatchObject({ code: 'referral.lot-full' });
    await succeed(programme.provider.adviser, 'confirmCancellation', 'Referral', { referralId: holds });
    expect(await accept(waits)).toMatchObject({ state: 'ACCEPTED' });
    await succeed(counsellor, 'endReferralEarly', 'Referral', {
      referralId: waits,
      endedOn: '2018-03-01',
      code: 'JOB',
    });
    expect(await choose(drawn, contractId)).toMatchObject({ __typename: 'Referral' });
  });

  it('given nobody who is left has room, then the clock offers it to nobody, and a choice waits until there is room', async () => {
    const full = await concluded({ number: 'IE-11', lots: [{ code: 'A', area: 'Munster', capacity: 1 }] });
    const waits = await drafted();
    const expires = await drafted();
    await offer(waits, full, { chooseBy: '2018-03-05' });
    const { contractId: other } = programme.otherProvider;
    await offer(expires, other, { contractIds: [other, full] });
    await choose(expires, other);
    expect(await accept(await requested(full))).toMatchObject({ state: 'ACCEPTED' });
    await hub.day('2018-03-09T08:00:00Z');
    const stateOf = async (id: string) =>
      (
        await programme.counsellor.ask<{ referral: { state: string } }>(
          `query ($id: ID!) { referral(id: $id) { state } }`,
          { id },
        )
      ).referral.state;
    expect([await stateOf(waits), await stateOf(expires)]).toEqual(['CHOICE_OPEN', 'EXPIRED']);
    expect(await command(programme.counsellor, 'reofferReferral', 'Referral', { referralId: expires })).toMatchObject({
      code: 'referral.nobody-left',
    });
  });
});
