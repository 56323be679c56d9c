import { describe, expect, it } from '@jest/globals';
import { trialTariff } from '#libs/testing/trial-tariff.js';
import { lintTariff, strangersIn } from './index.js';

const load = (facts: string) =>
  trialTariff(`
days: { school: { spells: [training, study] } }
fees:
  taught:
    title: T
    when: { adds: 4 weeks, of: school }
    verify: { question: IN_TRAINING, over: 4 weeks, otherwise: [ON_A_COURSE] }
    claim: { by: claim, evidence: [invoice, [certificate, letter]] }
    amount: 1
examples: { e: { asOf: 2020-12-31, facts: [${facts}] } }
`);
const tariff = load('');
const spell = { type: 'spell', spellId: 's', start: '2020-01-01' };

describe('given a fact with a name that the tariff cannot ask for', () => {
  it.each([
    [{ ...spell, kind: 'trainig' }, 'no kind of spell "trainig"; was "training" meant?'],
    [{ type: 'verification', question: 'IN_TRAINNG' }, 'no question "IN_TRAINNG"; was "IN_TRAINING" meant?'],
    [{ type: 'claim', fee: 'taugt' }, 'no claim "taugt"; was "taught" meant?'],
    [{ type: 'claim', evidence: ['leter', 'invoice'] }, 'no evidence "leter"; was "letter" meant?'],
    [{ type: 'event', name: 'strated' }, 'no event "strated"; was "started" meant?'],
  ])('%j is told', (fact, words) => {
    expect(strangersIn([tariff], { facts: [fact] })).toEqual([`facts[0]: trial asks for ${words}`]);
  });
  it('a spell that is taken back and was never told is told', () => {
    const facts = [spell, { type: 'spell-retracted', spellId: 'S' }];
    expect(strangersIn([tariff], { facts })).toEqual([
      'facts[1]: it takes back the spell "S", which no fact here tells',
    ]);
  });
  it('an example of the document is held to it too', () => {
    const findings = lintTariff(load('{ type: spell, spellId: s, kind: trainig, start: 2020-01-01 }'));
    expect(findings.map(({ message }) => message)).toContain(
      'facts[0]: trial asks for no kind of spell "trainig"; was "training" meant?',
    );
  });
});

it('given names that it asks for, nothing is told', () => {
  const facts = [
    spell,
    { ...spell, kind: 'study' },
    { type: 'spell-retracted', spellId: 's' },
    { type: 'past-employment', employer: 'E', start: '2019-01-01', end: '2019-12-31' },
    { type: 'verification', question: 'ON_A_COURSE' },
    { type: 'claim', fee: 'taught', evidence: ['invoice', 'certificate'] },
    { type: 'event', name: 'accepted' },
    null,
  ];
  expect(strangersIn([tariff], { facts })).toEqual([]);
});
