import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { sharedData } from '#libs/testing/shared-data.js';
import type { Advertisement } from '../domain/vacancy.js';
import type { DoorRow } from '../handlers/import-vacancies.handler.js';
import { DOCUMENT_BYTES_MAX, VacancyDoors, type VacancyDoor } from './vacancy-doors.js';

const doors = new VacancyDoors(fileURLToPath(new URL('../../../schemas/doors', import.meta.url)));
const advertisementOf = (row: DoorRow | undefined): Advertisement => {
  if (row === undefined || !('advertisement' in row)) throw new Error(JSON.stringify(row));
  return row.advertisement;
};

const nav = {
  uuid: '5e80d029-bd08-43ab-a6ce-b57a0e47f52b',
  status: 'ACTIVE',
  privacy: 'SHOW_ALL',
  title: 'Elektriker',
  published: '2018-11-29T12:00:02.4',
  expires: '2018-12-15T01:00:00',
  updated: '2018-12-01T01:31:24.485',
  contactList: [{ name: 'Kari Nordmann', email: 'kari@example.org', phone: '+47 930 12 345' }],
  properties: { adtext: '<p>Ring Kari på 930 12 345.</p>', positioncount: '2', applicationurl: 'javascript:alert(1)' },
};
const jobtech = {
  annonsId: 22884504,
  annonsrubrik: 'Trafikledare',
  updatedAt: 1539958052330,
  publiceringsdatum: '2018-10-19 00:00:00',
  sistaAnsokningsdatum: '2019-04-15 23:59:59',
  avpublicerad: false,
  avpubliceringsdatum: '2018-10-01 14:55:33',
};
const read = (door: VacancyDoor, document: unknown): DoorRow[] => doors.read(door, JSON.stringify(document));

describe('the doors for vacancies', () => {
  it('read a page, a list and a single advertisement alike', () => {
    const one = advertisementOf(read('nav', nav)[0]);
    expect(advertisementOf(read('nav', { content: [nav] })[0])).toEqual(one);
    expect(advertisementOf(read('nav', [nav])[0])).toEqual(one);
    const swedish = advertisementOf(read('jobtech', jobtech)[0]);
    expect(advertisementOf(read('jobtech', { testannonser: [jobtech] })[0])).toEqual(swedish);
  });

  it('keep no contact person and no address that leads nowhere', () => {
    const text = JSON.stringify(read('nav', nav));
    expect(text).not.toMatch(/Nordmann|example\.org|930 12|javascript/);
    expect(advertisementOf(read('nav', nav)[0]).content).toMatchObject({
      description: 'Ring Kari på [at the source].',
      applyUrl: null,
    });
  });

  it.each([
    ['ACTIVE', '2018-12-01T01:00:00', 'SHOW_ALL', null],
    ['INACTIVE', '2018-12-16T01:00:00', 'SHOW_ALL', null],
    ['INACTIVE', '2018-12-10T09:00:00', 'SHOW_ALL', '2018-12-10'],
    ['STOPPED', '2018-12-02T09:00:00', 'SHOW_ALL', '2018-12-02'],
    ['DELETED', '2018-12-02T09:00:00', 'SHOW_ALL', '2018-12-02'],
    ['ACTIVE', '2018-12-02T09:00:00', 'INTERNAL_NOT_SHOWN', '2018-12-02'],
  ])('read status %s as of %s, shown to %s, as removed on %s', (status, updated, privacy, removedOn) => {
    expect(advertisementOf(read('nav', { ...nav, status, updated, privacy })[0]).removedOn).toBe(removedOn);
  });

  it('take a Swedish advertisement for removed by its flag, not by a date beside it', () => {
    expect(advertisementOf(read('jobtech', jobtech)[0]).removedOn).toBeNull();
    const down = { ...jobtech, avpublicerad: true, avpubliceringsdatum: '2018-12-24 10:00:00' };
    expect(advertisementOf(read('jobtech', down)[0]).removedOn).toBe('2018-12-24');
  });

  it.each([
    [{ ...nav, title: undefined }, 'title', 'It is required.'],
    [{ ...nav, title: 7 }, 'title', 'It must be string.'],
    [{ ...nav, employer: { name: 'A', orgnr: '12' } }, 'employer.orgnr', 'It must match pattern "^\\d{9}$".'],
    [
      { ...nav, published: '29.11.2018' },
      'published',
      'It must match pattern "^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}".',
    ],
    [
      { ...nav, published: '2018-02-30T12:00:00' },
      '',
      '"2018-02-30" is not a day: expected YYYY-MM-DD, a day that exists.',
    ],
    [{ ...nav, status: 'SLEEPING' }, 'status', 'One of ACTIVE, INACTIVE, STOPPED, DELETED and REJECTED is expected.'],
    ['text', '', 'An advertisement is a JSON object.'],
  ])('refuse a row with its field and rule, and read the next', (wrong, field, rule) => {
    const rows = read('nav', [wrong, nav]);
    expect(rows[0]).toMatchObject({ refused: { field, rule } });
    expect(advertisementOf(rows[1]).externalId).toBe(nav.uuid);
  });

  it.each<[VacancyDoor, string, RegExp]>([
    ['nav', '{"content": [', /is not JSON/],
    ['nav', '<xml/>', /is not JSON at position 0|is not JSON \(/],
    ['nav', '{"hits": []}', /The door "nav" reads/],
    ['jobtech', 'null', /The door "jobtech" reads/],
    ['jobtech', `"${'x'.repeat(DOCUMENT_BYTES_MAX)}"`, /at most 10000000 bytes/],
  ])('refuse a document that is none of the door %s', (door, document, message) => {
    expect(() => doors.read(door, document)).toThrow(
      expect.objectContaining({ code: 'vacancy.document', field: 'document', message: expect.stringMatching(message) }),
    );
  });
});

describe('the real samples', () => {
  const feed = sharedData('01-vacancies/nav-eures/elektriker_page1.json');
  const source = sharedData('01-vacancies/jobtech/source_ads.json');
  const converted = sharedData('01-vacancies/jobtech/expected_after_conversion.json');

  if (feed !== undefined) {
    it('of the Norwegian feed are read whole', () => {
      const rows = doors.read('nav', readFileSync(feed, 'utf8')).map(advertisementOf);
      expect(rows).toHaveLength(20);
      expect(rows[0]).toMatchObject({
        externalId: '5e80d029-bd08-43ab-a6ce-b57a0e47f52b',
        removedOn: null,
        content: {
          title: 'Elektrikere og svakstrømsmontører',
          employerNumber: '973139614',
          occupations: [
            { scheme: 'STYRK08NAV', code: '7411.01', label: 'Elektriker' },
            { scheme: 'ISCO08', code: '7411', label: null },
          ],
          places: [{ country: 'NO', municipalityCode: '0710', regionCode: '07', municipality: 'SANDEFJORD' }],
          positions: 2,
          publishedOn: '2018-11-29',
          closesOn: '2018-12-02',
        },
      });
      expect(JSON.stringify(rows)).not.toMatch(/@example\.org|\+47 000 00 000/);
    });

    it.each(['ad_1', 'ad_with_nace'])('of the Norwegian feed say what their published conversion says: %s', (name) => {
      const folder = feed.replace(/[^/]+$/, '');
      const { content } = advertisementOf(doors.read('nav', readFileSync(`${folder}${name}.json`, 'utf8'))[0]);
      const xml = readFileSync(`${folder}${name}.xml`, 'utf8');
      const said = (element: string) =>
        new RegExp(`<(?:\\w+:)?${element}\\b[^>]*>([^<]*)<`).exec(xml)?.[1]?.replaceAll('&amp;', '&');
      expect({
        title: content.title,
        employer: content.employerName,
        number: content.employerNumber,
        isco: content.occupations.find(({ scheme }) => scheme === 'ISCO08')?.code,
        positions: String(content.positions),
        city: content.places[0]?.city,
        country: content.places[0]?.country,
        postCode: content.places[0]?.postCode,
        closesOn: content.closesOn,
      }).toEqual({
        title: said('PositionTitle'),
        employer: said('OrganizationName'),
        number: said('OrganizationLegalID'),
        isco: said('JobCategoryCode'),
        positions: said('PositionOpenQuantity'),
        city: said('CityName'),
        country: said('CountryCode'),
        postCode: said('PostalCode'),
        closesOn: said('ApplicationCloseDate'),
      });
    });
  }

  if (source !== undefined && converted !== undefined) {
    it('of the Swedish service say the same before and after their conversion', () => {
      const before = advertisementOf(doors.read('jobtech', readFileSync(source, 'utf8'))[0]);
      const after = advertisementOf(doors.read('jobtech', readFileSync(converted, 'utf8'))[0]);
      const words = (text: string) => text.replace(/\s+/g, '');
      expect(words(before.content.description)).toBe(words(after.content.description));
      expect(after).toEqual({
        ...before,
        content: {
          ...before.content,
          description: after.content.description,
          // The conversion adds the concepts of the taxonomy and the group of the occupation.
          occupations: [
            ...before.content.occupations,
            { scheme: 'JOBTECH', code: '2sRC_oHm_7XA', label: 'Trafikledare, vägtrafik' },
            { scheme: 'SSYK', code: '4323', label: 'Transportledare och transportsamordnare' },
            { scheme: 'JOBTECH', code: '957L_kZK_rHZ', label: 'Transportledare och transportsamordnare' },
          ],
        },
      });
      expect(before).toMatchObject({
        removedOn: null,
        content: { contract: 'PERMANENT', hours: 'FULL_TIME', closesOn: '2019-04-15' },
      });
    });
  }
});
