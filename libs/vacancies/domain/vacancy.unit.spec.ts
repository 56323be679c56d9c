import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '#libs/kernel/index.js';
import type { VacancyId } from '../contract/vacancy.js';
import { decideImport, type Advertisement, type Vacancy } from './vacancy.js';

const identity = {
  id: '0190a0a0-0000-7000-8000-000000000501' as VacancyId,
  sharedBy: '0190a0a0-0000-7000-8000-000000000001',
  door: 'nav',
};
const advertisement = (over: Partial<Advertisement> = {}, title = 'Elektriker'): Advertisement => ({
  externalId: 'ad-1',
  revision: '2018-11-01T08:00:00',
  removedOn: null,
  content: {
    title,
    description: 'Fagbrev.',
    employerName: 'Elmann AS',
    employerNumber: '980887162',
    occupations: [{ scheme: 'ISCO08', code: '7411', label: null }],
    places: [],
    positions: 2,
    contract: 'PERMANENT',
    hours: 'FULL_TIME',
    publishedOn: localDate('2018-11-01'),
    closesOn: localDate('2018-12-01'),
    applyUrl: null,
  },
  ...over,
});
const fold = (advertisements: readonly Advertisement[]): Vacancy | undefined => {
  let known: Vacancy | undefined;
  for (const next of advertisements) known = decideImport(known, next, identity).effect?.vacancy ?? known;
  return known;
};

describe('an import', () => {
  it('of what is not known publishes it', () => {
    const { outcome, effect } = decideImport(undefined, advertisement(), identity);
    expect(outcome).toBe('IMPORTED');
    expect(effect?.event).toMatchObject({ type: 'liaison.vacancy.published.v1', data: { closesOn: '2018-12-01' } });
    expect(effect?.vacancy).toMatchObject({ ...identity, version: 1 });
  });

  it('of the same again changes nothing, whatever the order of members', () => {
    const known = fold([advertisement()]);
    const { occupations, ...rest } = advertisement().content;
    const turned = {
      ...advertisement(),
      content: { occupations: [{ label: null, code: '7411', scheme: 'ISCO08' }], ...rest },
    };
    expect(occupations).toHaveLength(1);
    expect(decideImport(known, turned, identity)).toEqual({ outcome: 'UNCHANGED' });
  });

  it('of a newer revision names what changed', () => {
    const known = fold([advertisement()]);
    const { outcome, effect } = decideImport(known, advertisement({ revision: '2018-11-02' }, 'Montør'), identity);
    expect(outcome).toBe('CHANGED');
    expect(effect?.event).toMatchObject({ type: 'liaison.vacancy.changed.v1', data: { changed: ['title'] } });
    expect(effect?.vacancy.version).toBe(2);
  });

  it('of an older revision changes nothing', () => {
    const known = fold([advertisement({ revision: '2018-11-02' })]);
    expect(decideImport(known, advertisement({}, 'Montør'), identity)).toEqual({ outcome: 'UNCHANGED' });
  });

  it('of what was taken down removes it once, and brings it back when it stands again', () => {
    const down = advertisement({ revision: '2018-11-03', removedOn: localDate('2018-11-03') });
    const { outcome, effect } = decideImport(fold([advertisement()]), down, identity);
    expect([outcome, effect?.event.type]).toEqual(['REMOVED', 'liaison.vacancy.removed.v1']);
    expect(decideImport(effect?.vacancy, down, identity)).toEqual({ outcome: 'UNCHANGED' });
    const again = decideImport(effect?.vacancy, advertisement({ revision: '2018-11-04' }), identity);
    expect(again.effect?.event).toMatchObject({ type: 'liaison.vacancy.changed.v1', data: { changed: ['removedOn'] } });
  });

  it('ends in the newest revision, whatever the order and however often each comes', () => {
    const revisions = fc.uniqueArray(fc.record({ revision: fc.stringMatching(/^[0-9]{3}$/), down: fc.boolean() }), {
      selector: ({ revision }) => revision,
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(revisions, fc.infiniteStream(fc.nat()), (given, draws) => {
        const read = given.map(({ revision, down }) =>
          advertisement({ revision, removedOn: down ? localDate('2018-11-09') : null }, `Title ${revision}`),
        );
        const newest = read.reduce((a, b) => (a.revision > b.revision ? a : b));
        const shuffled = [...read, ...read].sort(() => (Number(draws.next().value) % 3) - 1);
        expect(fold(shuffled)).toMatchObject({ ...newest, ...identity });
      }),
    );
  });
});
