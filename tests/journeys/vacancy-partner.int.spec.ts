import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GraphqlClient } from '#libs/testing/client.js';
import { sharedData } from '#libs/testing/shared-data.js';
import { startTestHub, type TestHub } from '#tests/support/test-hub.js';

const page = (title: string, updated: string): string =>
  JSON.stringify({
    content: [
      {
        uuid: '00000000-0000-4000-8000-000000000001',
        status: 'ACTIVE',
        privacy: 'SHOW_ALL',
        title,
        published: '2018-11-29T12:00:02',
        expires: '2018-12-15T01:00:00',
        updated,
        contactList: [{ name: 'Kari Nordmann', email: 'kari@example.org' }],
        categoryList: [{ categoryType: 'STYRK08NAV', code: '7411.01', name: 'Elektriker' }],
        locationList: [{ country: 'NORGE', municipal: 'OSLO', municipalCode: '0301' }],
        properties: { adtext: '<p>Send mail to kari@example.org</p>' },
      },
      { uuid: 'not-an-id' },
    ],
  });

interface Import {
  readonly importVacancies: {
    readonly __typename: string;
    readonly imported?: number;
    readonly unchanged?: number;
    readonly changed?: number;
    readonly refused?: number;
    readonly rows?: readonly {
      readonly outcome: string;
      readonly field: string | null;
      readonly rule: string | null;
    }[];
    readonly code?: string;
    readonly field?: string | null;
  };
}
const IMPORT = `mutation ($input: ImportVacanciesInput!, $key: ID!) {
  importVacancies(input: $input, idempotencyKey: $key) { __typename
    ... on VacancyImport { imported changed unchanged refused rows { outcome field rule } }
    ... on Refusal { code field } } }`;
const LIST = `query ($filter: VacancyFilterInput, $after: String) {
  vacancies(filter: $filter, first: 10, after: $after) {
    edges { node { title description door employerName closesOn places { municipalityCode } occupations { scheme code } } }
    pageInfo { hasNextPage endCursor } } }`;
interface List {
  readonly vacancies: {
    readonly edges: readonly { readonly node: { readonly title: string; readonly description: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

describe("an agency's system that shares vacancies", () => {
  let hub: TestHub;
  let agency: GraphqlClient;
  let counsellor: GraphqlClient;
  beforeAll(async () => {
    hub = await startTestHub();
    const manager = await hub.person('manager-1');
    const { registerOrganisation } = await manager.ask<{ registerOrganisation: { id: string } }>(
      `mutation ($input: RegisterOrganisationInput!) { registerOrganisation(input: $input, idempotencyKey: "agency") {
         ... on Organisation { id } ... on Refusal { code message } } }`,
      { input: { kind: 'EMPLOYER', name: 'Nordic Staffing', country: 'NO', timeZone: 'Europe/Oslo', sites: [] } },
    );
    agency = await hub.system(manager, registerOrganisation.id, ['VACANCY_PARTNER']);
    counsellor = await hub.person('counsellor');
  });
  afterAll(() => hub.stop());

  const take = async (document: string, key: string, door = 'NAV') =>
    (await agency.ask<Import>(IMPORT, { input: { door, document }, key })).importVacancies;
  const find = async (filter: object, after: string | null = null) =>
    (await counsellor.ask<List>(LIST, { filter, after })).vacancies;

  it('sends a page, is answered row by row, and a counsellor finds what it shares', async () => {
    expect(await take(page('Elektriker', '2018-12-01T01:31:24'), 'page-1')).toMatchObject({
      imported: 1,
      rows: [{ outcome: 'IMPORTED' }, { outcome: 'REFUSED', field: 'status', rule: 'It is required.' }],
    });
    expect(
      (await find({ text: 'elektr', occupationCode: '7411', municipalityCode: '0301', openOn: '2018-12-15' })).edges,
    ).toEqual([
      {
        node: {
          title: 'Elektriker',
          description: 'Send mail to [at the source]',
          door: 'NAV',
          employerName: null,
          closesOn: '2018-12-15',
          places: [{ municipalityCode: '0301' }],
          occupations: [
            { scheme: 'STYRK08NAV', code: '7411.01' },
            { scheme: 'ISCO08', code: '7411' },
          ],
        },
      },
    ]);
    expect((await find({ openOn: '2018-12-16' })).edges).toEqual([]);
  });

  it('is told what came of what it shares; others are not', async () => {
    const ask = '{ vacancies(first: 10) { edges { node { placements { reported verified } } } } }';
    const told = async (who: GraphqlClient) =>
      (await who.ask<{ vacancies: { edges: { node: { placements: object | null } }[] } }>(ask)).vacancies.edges;
    expect(await told(agency)).toEqual([{ node: { placements: { reported: 0, verified: 0 } } }]);
    expect(await told(counsellor)).toEqual([{ node: { placements: null } }]);
  });

  it('sends again without harm: the same call, the same page, an older page', async () => {
    expect(await take(page('Elektriker', '2018-12-01T01:31:24'), 'page-1')).toMatchObject({ imported: 1 });
    expect(await take(page('Elektriker', '2018-12-01T01:31:24'), 'page-2')).toMatchObject({
      imported: 0,
      unchanged: 1,
    });
    expect(await take(page('Montør', '2018-12-02T01:00:00'), 'page-3')).toMatchObject({ changed: 1 });
    expect(await take(page('Elektriker', '2018-12-01T01:31:24'), 'page-4')).toMatchObject({ unchanged: 1 });
    expect((await find({})).edges.map(({ node }) => node.title)).toEqual(['Montør']);
    expect(await take(page('Other', '2018-12-03T01:00:00'), 'page-1')).toMatchObject({
      code: 'idempotency.key-reused',
    });
  });

  it('is told what is wrong with a document that is none', async () => {
    expect(await take('<html>', 'wrong')).toMatchObject({
      __typename: 'Refusal',
      code: 'vacancy.document',
      field: 'document',
    });
    const stranger = await counsellor.send(IMPORT, { input: { door: 'FAX', document: '' }, key: 'x' });
    expect(stranger.errors).toBeDefined();
  });

  it('shares the pages that the Norwegian and Swedish services publish', async () => {
    const feed = sharedData('01-vacancies/nav-eures/elektriker_page1.json');
    const swedish = sharedData('01-vacancies/jobtech/source_ads.json');
    if (feed === undefined || swedish === undefined) return;
    const before = (await find({})).edges.length;
    expect(await take(readFileSync(feed, 'utf8'), 'feed')).toMatchObject({ imported: 20, refused: 0 });
    expect(await take(readFileSync(swedish, 'utf8'), 'swedish', 'JOBTECH')).toMatchObject({ imported: 2 });
    const titles: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { edges, pageInfo }: List['vacancies'] = await find({}, after);
      titles.push(...edges.map(({ node }) => node.title));
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    expect(titles).toHaveLength(before + 22);
    expect((await find({ text: 'elektronikksjef jan mayen' })).edges.map(({ node }) => node.title)).toEqual([
      'Elektronikksjef og elektriker Jan Mayen',
    ]);
  });
});
