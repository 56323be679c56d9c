import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { localDate, type Id } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { NewEvent } from '#libs/platform/events/event-log.js';
import { newId } from '#libs/platform/postgres/index.js';
import { startTestEvents, type TestEvents } from '#libs/testing/events.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { sharedData } from '#libs/testing/shared-data.js';
import { importVacancies, summaryOf, type ImportSummary } from './handlers/import-vacancies.handler.js';
import { positionOf, type VacancyFilter } from './handlers/ports.js';
import { countPlacementsWhenOutcomesChange } from './inbound/count-placements-when-outcomes-change.reaction.js';
import { VacancyDoors, type VacancyDoor } from './inbound/vacancy-doors.js';
import { PostgresVacancyStore } from './outbound/vacancy.store.js';

const doors = new VacancyDoors(fileURLToPath(new URL('../../schemas/doors', import.meta.url)));
const partner = (last: string): PartnerPrincipal => ({
  kind: 'client',
  actorId: `system-${last}`,
  organisationId: `0190a0a0-0000-7000-8000-00000000000${last}` as Id<'Organisation'>,
  organisationKind: 'EMPLOYER',
  roles: ['VACANCY_PARTNER'],
});
const employer = partner('1');
const agency = partner('2');

const ad = (number: number, over: object = {}): object => ({
  uuid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  status: 'ACTIVE',
  privacy: 'SHOW_ALL',
  title: 'Elektriker',
  published: `2018-11-${String(number).padStart(2, '0')}T08:00:00`,
  expires: '2018-12-15T01:00:00',
  updated: '2018-11-20T08:00:00',
  employer: { name: 'ELMANN AS', orgnr: '980887162' },
  categoryList: [{ categoryType: 'STYRK08NAV', code: '7411.01', name: 'Elektriker' }],
  locationList: [{ country: 'NORGE', county: 'OSLO', municipal: 'OSLO', municipalCode: '0301' }],
  properties: { adtext: '<p>Fagbrev kreves.</p>' },
  ...over,
});

describe('vacancies', () => {
  let database: TestDatabase;
  let events: TestEvents;
  const vacancies = new PostgresVacancyStore();
  beforeAll(async () => {
    database = await startPostgres();
    const reactions = [countPlacementsWhenOutcomesChange(vacancies)];
    events = startTestEvents(database, [{ group: 'vacancies', reactions }]);
  });
  afterAll(() => database.stop());

  const take = (who: PartnerPrincipal, document: unknown, door: VacancyDoor = 'nav'): Promise<ImportSummary> =>
    database.unitOfWork.transaction(who, async (tx, now) => {
      const rows = doors.read(door, typeof document === 'string' ? document : JSON.stringify(document));
      const command = { sharedBy: who.organisationId, door, rows };
      return summaryOf(await importVacancies(tx, who, { vacancies, events: events.log }, command, now));
    });
  const list = (filter: VacancyFilter, after: string | null = null, limit = 100) =>
    database.unitOfWork.transaction(agency, (tx) => vacancies.list(tx, filter, after, limit));
  const published = async (): Promise<string[]> => {
    const rows = await database.asOwner<{ type: string }>(
      `select type from vacancies.history order by recorded_at, version`,
    );
    return rows.map(({ type }) => type);
  };

  it('are taken over once, changed, removed and brought back, each with its event', async () => {
    expect(await take(employer, [ad(1), ad(2)])).toMatchObject({ imported: 2, refused: 0 });
    expect(await take(employer, [ad(1), ad(2)])).toMatchObject({ imported: 0, unchanged: 2 });
    const newer = { updated: '2018-11-21T08:00:00' };
    expect(await take(employer, [ad(1, { ...newer, title: 'Montør' })])).toMatchObject({ changed: 1 });
    expect(await take(employer, [ad(1)])).toMatchObject({ unchanged: 1 });
    expect(await take(employer, [ad(2, { ...newer, status: 'DELETED' })])).toMatchObject({ removed: 1 });
    expect((await list({})).map(({ content }) => content.title)).toEqual(['Montør']);
    expect(await take(employer, [ad(2, { updated: '2018-11-22T08:00:00' })])).toMatchObject({ changed: 1 });
    expect(await list({})).toHaveLength(2);
    expect((await published()).sort()).toEqual([
      'liaison.vacancy.changed.v1',
      'liaison.vacancy.changed.v1',
      'liaison.vacancy.published.v1',
      'liaison.vacancy.published.v1',
      'liaison.vacancy.removed.v1',
    ]);
    await events.drain();
  });

  it('are answered row by row, and a wrong row stops no other', async () => {
    const answer = await take(employer, [
      ad(3),
      { uuid: 'x' },
      ad(4, { title: '' }),
      ad(3, { updated: '2018-11-25T08:00:00', title: 'Ny' }),
    ]);
    expect(answer).toMatchObject({ imported: 1, changed: 1, refused: 2 });
    expect(answer.rows.map(({ row, outcome, field }) => [row, outcome, field])).toEqual([
      [1, 'IMPORTED', null],
      [2, 'REFUSED', 'status'],
      [3, 'REFUSED', 'title'],
      [4, 'CHANGED', null],
    ]);
    expect(answer.rows[0]?.vacancyId).toBe(answer.rows[3]?.vacancyId);
  });

  it('of two organisations stay apart, and nobody changes what another shares', async () => {
    const answer = await take(agency, [ad(1)]);
    expect(answer).toMatchObject({ imported: 1 });
    expect((await list({ words: ['montør'] })).map(({ sharedBy }) => sharedBy)).toEqual([employer.organisationId]);
    const overwrite = database.unitOfWork.transaction(agency, async (tx) => {
      const [foreign] = await vacancies.list(tx, { words: ['montør'] }, null, 1);
      if (foreign !== undefined) await vacancies.save(tx, [{ ...foreign, version: 99 }]);
    });
    await expect(overwrite).rejects.toThrow(/row-level security/);
  });

  it('imported twice at the same time are there once', async () => {
    const page = [ad(5), ad(6), ad(7)];
    const answers = await Promise.all([take(employer, page), take(employer, page), take(employer, page)]);
    expect(answers.map(({ imported, unchanged }) => imported + unchanged)).toEqual([3, 3, 3]);
    expect(answers.reduce((sum, { imported }) => sum + imported, 0)).toBe(3);
  });

  it('are refused as a whole beyond the limit of rows', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => ad(index));
    await expect(take(employer, many)).rejects.toMatchObject({ code: 'vacancy.rows', field: 'document' });
  });

  it('are filtered and paged', async () => {
    await take(agency, [
      ad(21, {
        title: 'Sykepleier',
        categoryList: [{ categoryType: 'STYRK08NAV', code: '2223.01', name: 'Sykepleier' }],
      }),
      ad(22, {
        locationList: [{ country: 'NORGE', county: 'ROGALAND', municipal: 'EIGERSUND', municipalCode: '1101' }],
      }),
      ad(23, { employer: { name: 'Ærlig Bygg AS', orgnr: '111111111' }, expires: '2018-11-30T01:00:00' }),
      ad(24, { status: 'STOPPED', updated: '2018-11-26T08:00:00' }),
    ]);
    const days = async (filter: VacancyFilter) =>
      (await list(filter)).map(({ content }) => content.publishedOn.slice(8));
    expect(await days({ words: ['sykepl'] })).toEqual(['21']);
    expect(await days({ words: ['sykepl', 'montør'] })).toEqual([]);
    expect(await days({ occupationCode: '2223' })).toEqual(['21']);
    expect(await days({ occupationCode: '2223.01' })).toEqual(['21']);
    expect(await days({ municipalityCode: '1101' })).toEqual(['22']);
    expect(await days({ regionCode: '11' })).toEqual(['22']);
    expect(await days({ employer: '111111111' })).toEqual(['23']);
    expect(await days({ employer: 'ÆRLIG' })).toEqual(['23']);
    expect(await days({ publishedFrom: localDate('2018-11-22'), publishedTo: localDate('2018-11-23') })).toEqual([
      '23',
      '22',
    ]);
    const from = { publishedFrom: localDate('2018-11-21') };
    expect(await days({ ...from, openOn: localDate('2018-11-25') })).toEqual(['24', '23', '22', '21']);
    expect(await days({ ...from, openOn: localDate('2018-11-26') })).toEqual(['23', '22', '21']);
    expect(await days({ ...from, openOn: localDate('2018-12-01') })).toEqual(['22', '21']);
    const all = await list({});
    const paged: string[] = [];
    for (let after: string | null = null; ;) {
      const page = await list({}, after, 2);
      paged.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      if (last === undefined) break;
      after = positionOf(last);
    }
    expect(paged).toEqual(all.map(({ id }) => id));
  });

  it('of the real samples go through the doors', async () => {
    const feed = sharedData('01-vacancies/nav-eures/elektriker_page1.json');
    const swedish = sharedData('01-vacancies/jobtech/source_ads.json');
    if (feed === undefined || swedish === undefined) return;
    expect(await take(agency, readFileSync(feed, 'utf8'))).toMatchObject({ imported: 20, refused: 0 });
    expect(await take(agency, readFileSync(feed, 'utf8'))).toMatchObject({ unchanged: 20 });
    expect(await take(agency, readFileSync(swedish, 'utf8'), 'jobtech')).toMatchObject({ imported: 2 });
    expect((await list({ words: ['trafikledare', 'abisko'], regionCode: '25' }))[0]?.content.employerName).toBe(
      'Fazer Food Services AB',
    );
    await events.drain();
  });

  describe('that jobs came from', () => {
    const outcome = (name: string, outcomeId: string, data: object = {}): NewEvent => {
      const ids = { personId: newId(), referralId: newId(), authorityId: newId(), providerId: newId() };
      return { type: `liaison.outcome.${name}.v1`, subject: outcomeId, data: { outcomeId, ...ids, ...data } };
    };
    const spell = (spellId: string) => ({
      ...{ spellId, startedOn: '2018-12-03', endedOn: null, contractType: 'OPEN_ENDED', contractMonths: null },
      ...{ weeklyHours: '37.5', normalHoursShare: null, insured: true, employerRef: 'NO980887162' },
    });
    const told = {
      reported: (id: string, vacancyId: string | null) => outcome('reported', id, { spell: spell(id), vacancyId }),
      verified: (id: string) =>
        outcome('verified', id, {
          spell: spell(id),
          source: 'REGISTER',
          method: 'REGISTER_ANSWER',
          verifiedUntil: null,
        }),
      pending: (id: string) => outcome('evidence-requested', id, { spellId: id, rung: 1, reason: 'CORRECTED' }),
      refuted: (id: string) =>
        outcome('not-verified', id, { spellId: id, reason: 'REGISTER_SAYS_NO', source: 'REGISTER', method: 'ANSWER' }),
    };
    const tell = async (...happened: readonly NewEvent[]): Promise<void> => {
      await database.unitOfWork.transaction({ kind: 'job', actorId: 'test' }, (tx) => events.log.publish(tx, happened));
      await events.drain();
    };
    const placements = (who: PartnerPrincipal, vacancyId: string) =>
      database.unitOfWork.transaction(who, async (tx) => (await vacancies.placements(tx, [vacancyId])).get(vacancyId));

    it('are counted for who shares them, as the jobs are told of, proven, doubted and refuted; nobody else is told', async () => {
      const { rows } = await take(employer, [ad(21)]);
      const vacancyId = rows[0]?.vacancyId ?? '';
      const [first, second, elsewhere] = [newId(), newId(), newId()];
      await tell(told.reported(first, vacancyId), told.reported(second, vacancyId), told.reported(elsewhere, null));
      expect(await placements(employer, vacancyId)).toEqual({ reported: 2, verified: 0 });
      await tell(told.verified(first), told.verified(second), told.verified(elsewhere));
      expect(await placements(employer, vacancyId)).toEqual({ reported: 2, verified: 2 });
      await tell(told.pending(first), told.refuted(second));
      expect(await placements(employer, vacancyId)).toEqual({ reported: 1, verified: 0 });
      expect(await placements(agency, vacancyId)).toBeUndefined();
    });
  });
});
