import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { addMonths, localDate } from '#libs/kernel/index.js';
import { loadTariff, price, type Fact } from '#libs/tariffs/index.js';
import { CORRECTION, storiesOf } from './stories.js';

/** Italy's tariff, its index followed or not when it is decided anew. */
const tariff = (follows: boolean) => {
  const file = (name: string): string =>
    readFileSync(new URL(`../../../schemas/tariffs/${name}`, import.meta.url), 'utf8');
  const locked = file('adr-it.2018.yaml').replace(/\n {4}at: on/, '');
  const text = follows ? locked.replace('  index:\n', '  index:\n    at: on\n') : locked;
  return loadTariff(text, 'adr-it.2018.yaml', JSON.parse(file('tariff.schema.json')) as object);
};

it('changes the later half of a result where the tariff follows re-assessments, and nothing that was due before or is locked', () => {
  const story = storiesOf('2018').find(({ mistake }) => mistake === 'assessment-corrected');
  const start = story?.job?.startedOn ?? localDate('1970-01-01');
  const facts: readonly Fact[] = [
    { type: 'event', name: 'accepted', on: story?.answeredOn ?? start },
    { type: 'event', name: 'started', on: story?.answeredOn ?? start },
    {
      ...{ type: 'spell', spellId: 'job', start, contractType: 'OPEN_ENDED', insured: true },
      ...{ weeklyHours: '38', normalHoursShare: '1' },
    },
    { type: 'attribute', name: 'index', from: CORRECTION.from, value: CORRECTION.corrected },
  ];
  const halves = (follows: boolean) =>
    price(
      tariff(follows),
      {
        values: Object.fromEntries(story?.programme.terms.map(({ name, value }) => [name, value]) ?? []),
        attributes: { index: story?.index ?? '', area: 'Lombardia' },
      },
      facts,
      { day: addMonths(start, 13) },
    ).flatMap((fee) => (fee.kind === 'due' ? [[fee.feeId, fee.amount.amountMinor]] : []));
  expect(halves(false)).toEqual([
    ['tranche-1', 2100_00n],
    ['tranche-2', 2100_00n],
  ]);
  expect(halves(true)).toEqual([
    ['tranche-1', 2100_00n],
    ['tranche-2', 1300_00n],
  ]);
});
