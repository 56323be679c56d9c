import type { LocalDate } from '#libs/kernel/index.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { factsOf, isVoid } from '../domain/fact.js';
import {
  currentFacts,
  engagementsOfPersons,
  engagementsOfTariff,
  type EngagementsPage,
} from '../outbound/engagements.store.js';
import type { Pricing, PricingCase } from './ports.js';

export interface ProgrammeCases {
  readonly cases: readonly PricingCase[];
  /** Where the next page begins; null after the last one. */
  readonly next: string | null;
}

/** What is recorded of a programme's referrals, as cases to be priced by any version. A referral that was never real is left out. */
export async function programmeCases(
  tx: Tx,
  pricing: Pricing,
  page: EngagementsPage,
  asOf: LocalDate,
): Promise<ProgrammeCases> {
  const engagements = await engagementsOfTariff(tx, page);
  const personIds = [...new Set(engagements.map(({ personId }) => personId))];
  const facts = Map.groupBy(await currentFacts(tx, personIds), ({ personId }) => personId);
  const all = Map.groupBy(await engagementsOfPersons(tx, personIds), ({ personId }) => personId);
  const cases = engagements.flatMap((engagement) => {
    const { personId, referralId } = engagement;
    const known = facts.get(personId) ?? [];
    if (isVoid(referralId, known)) return [];
    return [pricing.caseOf(engagement, factsOf(engagement, all.get(personId) ?? [], known), asOf)];
  });
  return { cases, next: engagements.length < page.limit ? null : (engagements.at(-1)?.referralId ?? null) };
}
