import { addMonths, type LocalDate } from '#libs/kernel/index.js';
import {
  checkTerms,
  price,
  type Fact,
  type Fee,
  type LockedTerms,
  type Tariff,
  type TariffCatalogue,
} from '#libs/tariffs/index.js';
import type { Prospect } from '../domain/commitment.js';
import {
  isPastJob,
  type Engagement,
  type FactBody,
  type LockedPrice,
  type SpellStanding,
  type StoredFact,
} from '../domain/fact.js';
import type { FeeAnswer } from '../domain/fees-and-claims.js';
import { Pricing, type OpenQuestion, type Priced, type PricingCase } from '../handlers/ports.js';

/** A long job at the outset of a referral: nothing pays more. */
const BEST_CASE_MONTHS = 36;

/** Prices by the published tariffs: facts as they were told become facts as tariffs name them. */
export class TariffPricing extends Pricing {
  constructor(private readonly catalogue: TariffCatalogue) {
    super();
  }

  override currencyOf(tariffId: string, tariffVersion: string): string {
    return this.catalogue.version(tariffId, tariffVersion).currency;
  }

  override checkLocked(tariffId: string, tariffVersion: string, locked: LockedPrice): void {
    checkTerms(this.catalogue.version(tariffId, tariffVersion), termsOf(locked));
  }

  /** While evidence for a job is awaited, a fee that would rest on it is undecided: nothing is claimed and nothing taken back. */
  override price(engagement: Engagement, facts: readonly StoredFact[], asOf: LocalDate): Priced {
    const { tariffId, tariffVersion, locked } = engagement;
    const tariff = this.catalogue.version(tariffId, tariffVersion);
    const given = givenFacts(engagement, facts);
    const fees = claimable(price(tariff, termsOf(locked), given, { day: asOf }));
    const jobs = facts.filter((fact) => fact.body.kind === 'SPELL');
    const pending = jobs.flatMap((fact) => factsOf(engagement, fact, ['PENDING']));
    const hoped =
      pending.length > 0 ? claimable(price(tariff, termsOf(locked), [...given, ...pending], { day: asOf })) : fees;
    const awaited = new Set(hoped.filter((fee) => fee.kind === 'due' || fee.kind === 'needs').map(keyOf));
    const employers = new Map(
      given.flatMap((fact) => (fact.type === 'spell' ? [[fact.spellId, fact.employer ?? '']] : [])),
    );
    return {
      fees: fees.map((fee) =>
        isPaidHere(tariff, fee) ? answerOf(fee, awaited, employers) : notByThisHub(tariff, fee),
      ),
      namedDates: fees.flatMap((fee) => (fee.kind === 'not-yet' && fee.earliest !== null ? [fee.earliest] : [])),
      questions: fees.flatMap((fee) => questionOf(fee)),
      prospect: prospectOf(hoped.filter((fee) => isPaidHere(tariff, fee))),
    };
  }

  override caseOf(engagement: Engagement, facts: readonly StoredFact[], asOf: LocalDate): PricingCase {
    const { values, attributes } = termsOf(engagement.locked);
    return { asOf, terms: values, attributes, facts: givenFacts(engagement, facts) };
  }

  /** What the best case would cost: everything agreed at once, one full-time job that never ends, every register saying yes. */
  override ceilingMinor(engagement: Engagement): bigint {
    const { tariffId, tariffVersion, locked } = engagement;
    const tariff = this.catalogue.version(tariffId, tariffVersion);
    const day = addMonths(locked.acceptedOn, BEST_CASE_MONTHS);
    const facts = bestCase(locked);
    let fees = price(tariff, termsOf(locked), facts, { day });
    // Each answer may let the next fee be reached, so there are at most as many rounds as fees.
    for (let round = 0; round < tariff.fees.length; round += 1) {
      const questions = fees.flatMap((fee) => questionOf(fee));
      if (questions.length === 0) break;
      facts.push(
        ...questions.map(({ question, from, to, earliest }) => {
          const asOf = earliest > to ? earliest : to;
          return { type: 'verification', question, from, to, asOf, answer: 'YES' } as const;
        }),
      );
      fees = price(tariff, termsOf(locked), facts, { day });
    }
    return claimable(fees)
      .filter((fee) => isPaidHere(tariff, fee))
      .reduce((sum, fee) => (fee.kind === 'due' ? sum + fee.amount.amountMinor : sum), 0n);
  }
}

function bestCase(locked: LockedPrice): Fact[] {
  const on = locked.acceptedOn;
  return [
    ...['accepted', 'started', 'plan-agreed'].map((name) => ({ type: 'event', name, on }) as const),
    {
      type: 'spell',
      spellId: 'best-case',
      start: on,
      weeklyHours: '40',
      contractType: 'OPEN_ENDED',
      normalHoursShare: '1',
      insured: true,
      reportedOn: on,
    },
  ];
}

const givenFacts = (engagement: Engagement, facts: readonly StoredFact[]): readonly Fact[] => [
  accepted(engagement.locked, engagement.acceptedAt),
  ...facts.flatMap((fact) => factsOf(engagement, fact, ['VERIFIED'])),
];

const accepted = (locked: LockedPrice, at: Date): Fact => ({
  type: 'event',
  name: 'accepted',
  on: locked.acceptedOn,
  knownSince: at.toISOString(),
});

/** The whole assessment is locked; what a tariff does not name it does not read. */
function termsOf(locked: LockedPrice): LockedTerms {
  const { group, index } = locked.assessment;
  const attributes = { group, index, area: locked.area, unemployedSince: locked.unemployedSince };
  return {
    values: Object.fromEntries(locked.terms.map(({ name, value }) => [name, value])),
    attributes: Object.fromEntries(
      Object.entries(attributes).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    ),
  };
}

function factsOf(engagement: Engagement, fact: StoredFact, standings: readonly SpellStanding[]): readonly Fact[] {
  const knownSince = fact.knownSince.toISOString();
  const kind = isPastJob(engagement, fact) ? { kind: 'past-employment' } : {};
  return translated(fact.body, standings).map((each) => ({ ...each, ...kind, knownSince }));
}

function translated(body: FactBody, standings: readonly SpellStanding[]): readonly Fact[] {
  switch (body.kind) {
    case 'REFERRAL_STARTED':
      return [{ type: 'event', name: 'started', on: body.startedOn }];
    case 'REFERRAL_ENDED':
      return [{ type: 'event', name: 'ended', on: body.endedOn }];
    case 'PLAN_AGREED':
      return [{ type: 'event', name: 'plan-agreed', on: body.agreedOn }];
    case 'REASSESSED':
      return (['group', 'index'] as const).flatMap((name): Fact[] => {
        const value = body[name];
        return value === null ? [] : [{ type: 'attribute', name, from: body.appliesFrom, value }];
      });
    case 'SPELL':
      return standings.includes(body.standing) ? [spellOf(body)] : [];
    case 'VERIFICATION': {
      const { question, from, to, asOf, answer } = body;
      return [{ type: 'verification', question, from, to, asOf, answer }];
    }
    // Nothing is priced for a referral that was never real.
    case 'REFERRAL_VOID':
      return [];
  }
}

const spellOf = ({ spell, reportedOn }: FactBody & { kind: 'SPELL' }): Fact => ({
  type: 'spell',
  spellId: spell.spellId,
  start: spell.startedOn,
  end: spell.endedOn,
  weeklyHours: spell.weeklyHours,
  contractType: spell.contractType,
  contractMonths: spell.contractMonths,
  normalHoursShare: spell.normalHoursShare,
  insured: spell.insured,
  employer: spell.employerRef,
  reportedOn,
});

function answerOf(fee: Fee, awaited: ReadonlySet<string>, employers: ReadonlyMap<string, string>): FeeAnswer {
  const { feeId, why, occurrence = '' } = fee;
  if (fee.kind !== 'due') {
    // What nobody can price yet is no reason to take back what was certified.
    const answer = fee.kind === 'unknown' || awaited.has(keyOf(fee)) ? 'undecided' : 'not-due';
    return { feeId, occurrence, answer, amountMinor: 0n, dueOn: null, why, jobs: [] };
  }
  const jobs = [...new Set(fee.spellIds.flatMap((id) => employers.get(id) ?? []))];
  return { feeId, occurrence, answer: 'due', amountMinor: fee.amount.amountMinor, dueOn: fee.on, why, jobs };
}

/** Whether a tariff has any fee that can become a claim. */
export const paysProviders = (tariff: Tariff): boolean =>
  tariff.fees.some(
    (fee) => fee.direction === 'pay' && fee.subject === 'person' && paidElsewhere(tariff, fee.id) === undefined,
  );

const isPaidHere = (tariff: Tariff, { feeId }: Fee): boolean => paidElsewhere(tariff, feeId) === undefined;

/** What the tariff says of a fee that does not go to the provider alone; undefined where it does. A claim is of one provider. */
function paidElsewhere({ document }: Tariff, feeId: string): string | undefined {
  const { payee = document.payee ?? 'provider', sharedBy } = document.fees[feeId] ?? {};
  if (sharedBy !== undefined) return `sharedBy: ${sharedBy}`;
  return payee === 'provider' ? undefined : `payee: ${payee}`;
}

function notByThisHub(tariff: Tariff, { feeId, occurrence = '', why }: Fee): FeeAnswer {
  const reason = `Not by this hub, which pays each fee to the provider alone (${paidElsewhere(tariff, feeId) ?? ''}): ${why}`;
  return { feeId, occurrence, answer: 'not-by-this-hub', amountMinor: 0n, dueOn: null, why: reason, jobs: [] };
}

/** What a tariff asks back has its own way (`recovery`): it is never claimed. */
const claimable = (fees: readonly Fee[]): readonly Fee[] => fees.filter((fee) => fee.direction === 'pay');

const prospectOf = (fees: readonly Fee[]): Prospect =>
  fees.some((fee) => fee.kind === 'needs' || (fee.kind === 'not-yet' && fee.earliest !== null))
    ? 'by-itself'
    : fees.some((fee) => fee.kind === 'not-yet')
      ? 'with-new-facts'
      : 'none';

const keyOf = (fee: Fee): string => `${fee.feeId}#${fee.occurrence ?? ''}`;

const questionOf = (fee: Fee): readonly OpenQuestion[] =>
  fee.kind === 'needs' ? [{ question: fee.question, from: fee.from, to: fee.to, earliest: fee.earliest }] : [];
