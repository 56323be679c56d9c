import { describe, expect, it } from '@jest/globals';
import { localDate, type Id } from '#libs/kernel/index.js';
import { publishedTariffs } from '#libs/testing/tariffs.js';
import { trialTariff } from '#libs/testing/trial-tariff.js';
import { TariffCatalogue } from '#libs/tariffs/index.js';
import type { Engagement, StoredFact } from '../domain/fact.js';
import { compareFeesWithClaims } from '../domain/fees-and-claims.js';
import { paysProviders, TariffPricing } from './tariff-pricing.js';

const acceptedOn = localDate('2020-03-01');
const engagement: Engagement = {
  referralId: 'referral' as Id<'Referral'>,
  personId: 'person' as Id<'Person'>,
  contractId: 'contract' as Id<'Contract'>,
  authorityId: 'authority' as Id<'Organisation'>,
  providerId: 'provider' as Id<'Organisation'>,
  tariffId: 'trial',
  tariffVersion: '1',
  currency: 'EUR',
  locked: {
    ...{ service: 'S', acceptedOn, terms: [], area: null, unemployedSince: null },
    assessment: { group: null, index: null, source: 'PROFILING', assessedAt: '2020-03-01T08:00:00Z' },
  },
  acceptedAt: new Date('2020-03-01T08:00:00Z'),
};
const started: StoredFact = {
  id: 'fact' as Id<'Fact'>,
  key: 'started',
  referralId: engagement.referralId,
  personId: engagement.personId,
  authorityId: engagement.authorityId,
  effectiveOn: localDate('2020-03-02'),
  knownSince: new Date('2020-03-02T08:00:00Z'),
  eventId: 'event',
  body: { kind: 'REFERRAL_STARTED', startedOn: localDate('2020-03-02') },
};

describe('given a tariff that pays a provider, an employer, and two that share', () => {
  const tariff = trialTariff(`amounts: { contribution: money }
fees:
  start: { title: Start, when: { event: started }, amount: 100 }
  bonus: { title: Bonus, when: { event: started }, amount: 30, payee: employer }
  later: { title: Bonus of a plan, when: { event: plan-agreed }, amount: 40, payee: employer }
  shared: { title: Shared, when: { event: started }, amount: 50, sharedBy: contribution }`);
  const pricing = new TariffPricing(new TariffCatalogue([tariff]));
  const today = localDate('2020-04-01');
  const { fees } = pricing.price(engagement, [started], today);

  it('what goes to the provider alone is due, and all else is not paid by this hub, with the reason', () => {
    expect(fees).toMatchObject([
      { feeId: 'start', answer: 'due', amountMinor: 10000n },
      { feeId: 'bonus', answer: 'not-by-this-hub', amountMinor: 0n, dueOn: null },
      { feeId: 'later', answer: 'not-by-this-hub' },
      { feeId: 'shared', answer: 'not-by-this-hub', amountMinor: 0n },
    ]);
    expect(fees[1]!.why).toMatch(
      /^Not by this hub, which pays each fee to the provider alone \(payee: employer\): started on 2 March 2020/,
    );
    expect(fees[3]!.why).toContain('(sharedBy: contribution)');
  });

  it('only the provider’s fee is claimed, and budget is committed for it alone', () => {
    const moves = compareFeesWithClaims({ fees, tariffVersion: '1' }, [], [], today);
    expect(moves).toMatchObject([{ do: 'generate', feeId: 'start', amountMinor: 10000n }]);
    expect(pricing.ceilingMinor(engagement)).toBe(10000n);
  });

  it('nothing can become due any more: what others may be paid keeps no budget', () => {
    expect(pricing.price(engagement, [started], today).prospect).toBe('none');
  });
});

describe('a contract', () => {
  const paying = (body: string): boolean => paysProviders(trialTariff(body));

  it('pays a provider by one fee at least, of a person', () => {
    const fee = 'title: F, when: { event: started }, amount: 1';
    expect(paying(`fees: { one: { ${fee} } }`)).toBe(true);
    expect(paying(`payee: employer\nfees: { one: { ${fee} }, two: { ${fee}, payee: provider } }`)).toBe(true);
    expect(paying(`payee: employer\nfees: { one: { ${fee} } }`)).toBe(false);
    expect(paying(`fees: { one: { ${fee}, for: programme } }`)).toBe(false);
  });
});

describe('the most that a referral may cost', () => {
  it.each([
    ['avgs-de', 'V2016', { reportMonths: '6' }, null, 250_000n],
    ['jobpath-ie', '2015', {}, null, 371_800n],
    ['adr-it', '2018', { firstTrancheShare: '0.5' }, '0.90', 420_000n],
  ])('is what a long job of which everything is told earns: %s %s', (tariffId, tariffVersion, terms, index, minor) => {
    const { locked } = engagement;
    const referral: Engagement = {
      ...engagement,
      ...{ tariffId, tariffVersion },
      locked: {
        ...locked,
        terms: Object.entries(terms).map(([name, value]) => ({ name, value })),
        assessment: { ...locked.assessment, index },
      },
    };
    expect(new TariffPricing(publishedTariffs()).ceilingMinor(referral)).toBe(minor);
  });
});
