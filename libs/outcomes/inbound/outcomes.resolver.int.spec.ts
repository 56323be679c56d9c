import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { GraphqlEdge, UnexpectedErrors } from '#libs/platform/graphql/edge.js';
import type { GqlOutcome } from '#libs/platform/graphql/schema.generated.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { VacancyLookup } from '#libs/vacancies/contract/vacancy.js';
import { PostgresVacancyStore } from '#libs/vacancies/index.js';
import { operator, OutcomesWorld } from '#tests/support/outcomes-world.js';
import type { ReportJob } from '../handlers/report-job.handler.js';
import { OutcomesResolver } from './outcomes.resolver.js';

class Thrown extends UnexpectedErrors {
  override report(error: unknown): void {
    throw error;
  }
}

class StoredVacancies extends VacancyLookup {
  override exists(tx: Tx, vacancyId: string): Promise<boolean> {
    return new PostgresVacancyStore().exists(tx, vacancyId);
  }
}

let world: OutcomesWorld;
beforeAll(async () => {
  world = await OutcomesWorld.start();
});
beforeEach(() => world.begin());
afterAll(() => world.stop());

const edge = (): GraphqlEdge => new GraphqlEdge(world.database.unitOfWork, new Thrown());
const api = (): OutcomesResolver => new OutcomesResolver(edge(), world.services, new StoredVacancies());
const read = async (by: PartnerPrincipal): Promise<GqlOutcome[]> =>
  (await api().outcomes(by, null, null, 100, null)).edges.map(({ node }) => node);

describe('a reader', () => {
  it('sees details of a job where it reported it or pays for it, and only its own id of the person', async () => {
    const { personId, referralId, nationalId } = await world.accepted(world.adviser);
    await world.tell('jobs', [world.job(nationalId)]);
    await world.openDay('2018-06-01');
    await world.work();
    const [detected] = await read(world.adviser);
    expect(detected).toMatchObject({ referralId, origin: 'DETECTED', weeklyHours: null, employerName: null });
    expect(detected?.redactions).toContainEqual({
      path: 'weeklyHours',
      category: 'C5',
      reason: 'REPORTED_BY_ANOTHER',
    });
    expect(detected?.personId).toBe(world.disclosure.pairwiseId(world.adviser.organisationId, personId));
    const paid = (await read(world.manager)).find(({ id }) => id === detected?.id);
    expect(paid).toMatchObject({ weeklyHours: '35', employerName: 'Example Ltd', redactions: [] });
    await world.report(world.adviser, referralId);
    expect((await read(world.adviser))[0]).toMatchObject({ id: detected?.id, weeklyHours: '35', redactions: [] });
  });

  it('sees nothing once its relation has ended', async () => {
    const { referralId } = await world.accepted(world.adviser);
    const outcome = await world.report(world.adviser, referralId);
    expect((await read(world.adviser)).map(({ id }) => id)).toContain(outcome.id);
    await world.database.unitOfWork.transaction(operator, (tx, now) =>
      world.disclosure.end(
        tx,
        { relationship: 'REFERRAL', relationshipId: referralId, organisationId: world.adviser.organisationId },
        now,
      ),
    );
    expect((await read(world.adviser)).map(({ id }) => id)).not.toContain(outcome.id);
  });

  it('repeats its report after that and hears the same, without the job', async () => {
    const { personId, referralId } = await world.accepted(world.adviser);
    const report = () => api().reportJob(world.adviser, world.reportOf(referralId), `again-${referralId}`);
    const first = await report();
    expect(first).toMatchObject({ __typename: 'Outcome', employerName: 'Example Ltd' });
    await world.database.unitOfWork.transaction(operator, (tx, now) =>
      world.disclosure.end(
        tx,
        { relationship: 'REFERRAL', relationshipId: referralId, organisationId: world.adviser.organisationId },
        now,
      ),
    );
    expect(await report()).toMatchObject({
      __typename: 'Outcome',
      id: (first as GqlOutcome).id,
      weeklyHours: null,
      employerName: null,
      timeline: [],
    });
    const looks = `select outcome from disclosure.access_log where subject_id = $1 and operation = 'reportJob' order by id`;
    expect((await world.database.asOwner<{ outcome: string }>(looks, [personId])).at(-1)).toEqual({
      outcome: 'REFUSED',
    });
    const kept = await world.database.asOwner(`select answer from platform.idempotency where command = 'reportJob'`);
    expect(JSON.stringify(kept)).not.toMatch(/Example Ltd|20\.5/);
  });
});

describe('the API', () => {
  const input = (referralId: string, more: Partial<ReportJob> = {}): ReportJob => ({
    ...world.reportOf(referralId),
    contractType: 'FIXED_TERM',
    contractMonths: 6,
    weeklyHours: '20.5',
    ...more,
  });

  it('takes a report once a key, and says what is wrong with it by field and rule', async () => {
    const { personId, referralId } = await world.accepted(world.adviser);
    const first = await api().reportJob(world.adviser, input(referralId), `report-${referralId}`);
    expect(first).toMatchObject({
      __typename: 'Outcome',
      state: 'EVIDENCE_PENDING',
      contractMonths: 6,
      weeklyHours: '20.5',
      openEvidence: { rung: 1, source: 'REGISTER', reason: 'REPORTED', since: '2018-06-01' },
      timeline: [{ type: 'liaison.outcome.reported.v1' }, { type: 'liaison.outcome.evidence-requested.v1' }],
    });
    expect(await api().reportJob(world.adviser, input(referralId), `report-${referralId}`)).toEqual(first);
    expect(await world.outcomesOf(personId)).toHaveLength(1);
    const refusals = [
      await api().reportJob(world.adviser, { ...input(referralId), vacancyId: newId() }, newId()),
      await api().reportJob(world.adviser, input(referralId, { weeklyHours: '9' }), `report-${referralId}`),
      await api().reportJob(
        world.adviser,
        input(referralId, { endedOn: '2018-05-01', employerNumber: 'IE4712' }),
        newId(),
      ),
      await api().reportJob(world.adviser, input(referralId, { startedOn: '2018-02-30' }), newId()),
      await api().reportJob(world.adviser, input('somebody'), newId()),
      await api().reportJob(world.adviser, input(referralId, { vacancyId: newId() }), newId()),
      await api().correctJob(
        world.adviser,
        { outcomeId: newId(), startedOn: '2018-05-02', weeklyHours: '9', reason: 'x' },
        newId(),
      ),
    ];
    expect(refusals).toMatchObject([
      { __typename: 'Refusal', code: 'outcome.vacancy', field: 'vacancyId' },
      { __typename: 'Refusal', code: 'idempotency.key-reused', field: 'idempotencyKey' },
      { __typename: 'Refusal', code: 'outcome.ends-before-start', field: 'endedOn' },
      { __typename: 'Refusal', code: 'date.invalid', field: 'startedOn' },
      { __typename: 'Refusal', code: 'id.invalid', field: 'referralId' },
      { __typename: 'Refusal', code: 'outcome.vacancy', field: 'vacancyId' },
      { __typename: 'Refusal', code: 'outcome.not-found', field: 'outcomeId' },
    ]);
  });

  it('lets the authority answer what the register cannot: rung by rung, by a person, with the words kept in the house', async () => {
    const { referralId } = await world.accepted(world.adviser);
    const { id: outcomeId } = await world.report(world.adviser, referralId, { startedOn: '2018-05-28' });
    const give = (more: object, who = world.manager) =>
      api().giveEvidence(who, { outcomeId, rung: 2, answer: 'YES', note: 'Called Ms Byrne there.', ...more }, newId());
    expect(await give({})).toMatchObject({ code: 'outcome.rung', field: 'rung' });
    await world.work();
    expect(await api().outcome(world.manager, outcomeId)).toMatchObject({ openEvidence: { rung: 2 }, evidence: [] });
    expect(await give({ rung: 4 })).toMatchObject({ code: 'outcome.rung', field: 'rung' });
    expect(await give({ note: ' ' })).toMatchObject({ code: 'outcome.note', field: 'note' });
    expect(await give({}, { ...world.manager, kind: 'client' })).toMatchObject({ code: 'outcome.person-required' });
    expect(await give({}, { ...world.adviser, roles: ['CONTRACT_MANAGER'] })).toMatchObject({
      code: 'outcome.not-yours',
    });

    expect(await give({ answer: 'UNKNOWN', note: 'Nobody answers.' })).toMatchObject({ __typename: 'Outcome' });
    await world.work();
    expect(await api().outcome(world.manager, outcomeId)).toMatchObject({
      openEvidence: { rung: 3, source: 'PERSON', reason: 'NOT_KNOWN' },
    });
    await give({ rung: 3, note: 'She showed her contract.' });
    await world.work();
    expect(await api().outcome(world.manager, outcomeId)).toMatchObject({
      state: 'VERIFIED',
      verification: { source: 'PERSON', method: 'PERSON_ATTESTATION' },
      evidence: [
        { rung: 2, answer: 'UNKNOWN', note: 'Nobody answers.' },
        { rung: 3, answer: 'YES', note: 'She showed her contract.' },
      ],
    });
    expect(await api().outcome(world.adviser, outcomeId)).toMatchObject({ state: 'VERIFIED', evidence: [] });
    expect(await give({ rung: 3 })).toMatchObject({ code: 'outcome.illegal-move' });
  });

  it('answers strangers and nonsense alike: there is nothing', async () => {
    const { referralId } = await world.accepted(world.adviser);
    const { id } = await world.report(world.adviser, referralId);
    expect(await api().outcome(world.adviser, id)).toMatchObject({ id });
    expect(await api().outcome(world.other, id)).toBeNull();
    expect(await api().outcome(world.other, newId())).toBeNull();
    expect(await api().outcome(world.other, 'nonsense')).toBeNull();
    expect(await api().reportJobEnd(world.other, { outcomeId: id, endedOn: '2018-05-30' }, newId())).toMatchObject({
      code: 'outcome.not-found',
    });
  });

  it('pages through the outcomes of a referral, newest first, and logs each look', async () => {
    const { personId, referralId } = await world.accepted(world.adviser);
    const a = await world.report(world.adviser, referralId);
    const b = await world.report(world.adviser, referralId, { startedOn: '2018-05-21', employerNumber: 'IE4712' });
    const one = await api().outcomes(world.adviser, referralId, null, 1, null);
    expect(one.edges.map(({ node }) => node.id)).toEqual([b.id]);
    expect(one.pageInfo.hasNextPage).toBe(true);
    const two = await api().outcomes(world.adviser, referralId, ['EVIDENCE_PENDING'], 1, one.pageInfo.endCursor);
    expect(two.edges.map(({ node }) => node.id)).toEqual([a.id]);
    expect(two.pageInfo.hasNextPage).toBe(false);
    const looks = await world.database.asOwner(
      `select operation, purpose, outcome from disclosure.access_log where subject_id = $1 and operation = 'outcomes'`,
      [personId],
    );
    expect(looks).toEqual(Array(2).fill({ operation: 'outcomes', purpose: 'REFERRAL_DELIVERY', outcome: 'SHOWN' }));
  });
});
