import { addDays, type Id, type LocalDate } from '#libs/kernel/index.js';
import { ATTRIBUTION_DAYS_AFTER_END } from '#libs/outcomes/contract/outcome.js';

/** A job as outcomes publish it. */
export interface Spell {
  readonly spellId: string;
  readonly startedOn: LocalDate;
  readonly endedOn: LocalDate | null;
  readonly contractType: 'OPEN_ENDED' | 'FIXED_TERM' | 'APPRENTICESHIP' | 'SELF_EMPLOYED';
  readonly contractMonths: number | null;
  readonly weeklyHours: string;
  readonly normalHoursShare: string | null;
  readonly insured: boolean;
  readonly employerRef: string;
}

/** Evidence is awaited (it may have been verified before), given, or refused for good; or the source took the job back. */
export type SpellStanding = 'PENDING' | 'VERIFIED' | 'REFUTED' | 'GONE';

/** What the hub was told, in the words of those who told it; pricing translates it. */
export type FactBody =
  | { readonly kind: 'REFERRAL_STARTED'; readonly startedOn: LocalDate }
  | { readonly kind: 'REFERRAL_ENDED'; readonly endedOn: LocalDate; readonly code: string }
  | { readonly kind: 'REFERRAL_VOID'; readonly code: 'ENTERED_IN_ERROR' | 'WITHDRAWN' }
  | {
      readonly kind: 'REASSESSED';
      readonly group: string | null;
      readonly index: string | null;
      readonly source: string;
      readonly assessedAt: string;
      readonly appliesFrom: LocalDate;
    }
  | { readonly kind: 'PLAN_AGREED'; readonly agreedOn: LocalDate; readonly version: number }
  | {
      readonly kind: 'SPELL';
      readonly spell: Spell;
      readonly reportedOn: LocalDate;
      readonly standing: SpellStanding;
    }
  | {
      readonly kind: 'VERIFICATION';
      readonly question: string;
      readonly from: LocalDate;
      readonly to: LocalDate;
      readonly asOf: LocalDate;
      readonly answer: 'YES' | 'NO' | 'UNKNOWN';
    };

/** One fact in two times: effective in the world, and known to the hub from `knownSince` until another version supersedes it. */
export interface StoredFact {
  readonly id: Id<'Fact'>;
  /** What it is about; a later fact of the same key supersedes it. */
  readonly key: string;
  /** None: a job that names no referral; it counts for the engagements it falls into. */
  readonly referralId: Id<'Referral'> | null;
  readonly personId: Id<'Person'>;
  readonly authorityId: Id<'Organisation'>;
  readonly effectiveOn: LocalDate;
  readonly knownSince: Date;
  readonly eventId: string;
  readonly body: FactBody;
}

/** One accepted referral, with the price that was locked then. */
export interface Engagement {
  readonly referralId: Id<'Referral'>;
  readonly personId: Id<'Person'>;
  readonly contractId: Id<'Contract'>;
  readonly authorityId: Id<'Organisation'>;
  readonly providerId: Id<'Organisation'>;
  readonly tariffId: string;
  readonly tariffVersion: string;
  readonly currency: string;
  readonly locked: LockedPrice;
  readonly acceptedAt: Date;
}

/** What `referral.accepted` said of the price. */
export interface LockedPrice {
  readonly service: string;
  readonly acceptedOn: LocalDate;
  readonly terms: readonly { readonly name: string; readonly value: string }[];
  readonly assessment: {
    readonly group: string | null;
    readonly index: string | null;
    readonly source: string;
    readonly assessedAt: string;
  };
  readonly area: string | null;
  readonly unemployedSince: LocalDate | null;
}

/**
 * The facts that count for each engagement of one person. A job that names no referral counts for the engagements that were open
 * when it began (accepted by then and not ended before), or else for the last one accepted by then, up to 90 days after its end; later ones
 * are nobody's. Jobs from before the acceptance count as what they are, `isPastJob`: some tariffs look back at the employer.
 */
export function factsOf(
  engagement: Engagement,
  engagements: readonly Engagement[],
  facts: readonly StoredFact[],
): readonly StoredFact[] {
  return facts.filter(
    (fact) =>
      fact.referralId === engagement.referralId ||
      isPastJob(engagement, fact) ||
      (fact.referralId === null &&
        fact.body.kind === 'SPELL' &&
        engagementsAt(fact.body.spell.startedOn, engagements, facts).has(engagement.referralId)),
  );
}

/** A job that began before the provider took the person on, whoever's referral it counts for. */
export const isPastJob = (engagement: Engagement, { referralId, body }: StoredFact): boolean =>
  body.kind === 'SPELL' && referralId !== engagement.referralId && body.spell.startedOn < engagement.locked.acceptedOn;

function engagementsAt(
  day: LocalDate,
  engagements: readonly Engagement[],
  facts: readonly StoredFact[],
): ReadonlySet<string> {
  const begun = engagements.filter((each) => each.locked.acceptedOn <= day && !isVoid(each.referralId, facts));
  const open = begun.filter((each) => (endOf(each.referralId, facts) ?? day) >= day);
  const last = begun
    .filter((each) => (lastDayForJobs(each.referralId, facts) ?? day) >= day)
    .toSorted((a, b) => (a.locked.acceptedOn < b.locked.acceptedOn ? -1 : 1))
    .at(-1);
  return new Set((open.length > 0 ? open : last === undefined ? [] : [last]).map((each) => each.referralId));
}

/** Wrong person, duplicate, or withdrawn before the start: nothing is ever due. */
export const isVoid = (referralId: string, facts: readonly StoredFact[]): boolean =>
  facts.some((fact) => fact.referralId === referralId && fact.body.kind === 'REFERRAL_VOID');

/** The last day on which a job may begin that is still a result of the referral; undefined while its service goes on. */
export function lastDayForJobs(referralId: string, facts: readonly StoredFact[]): LocalDate | undefined {
  const end = endOf(referralId, facts);
  return end === undefined ? undefined : addDays(end, ATTRIBUTION_DAYS_AFTER_END);
}

/**
 * Other referrals of the same person under the same contract that run at the same time; one that follows another on the day it ended does
 * not.
 */
export function runningBeside(
  engagement: Engagement,
  engagements: readonly Engagement[],
  facts: readonly StoredFact[],
): ReadonlySet<string> {
  const end = (of: Engagement): string => endOf(of.referralId, facts) ?? '9999-12-31';
  const beside = engagements.filter(
    (other) =>
      other.referralId !== engagement.referralId &&
      other.personId === engagement.personId &&
      other.contractId === engagement.contractId &&
      !isVoid(other.referralId, facts) &&
      other.locked.acceptedOn < end(engagement) &&
      engagement.locked.acceptedOn < end(other),
  );
  return new Set(beside.map((other) => other.referralId));
}

function endOf(referralId: string, facts: readonly StoredFact[]): LocalDate | undefined {
  for (const { referralId: of, body } of facts)
    if (of === referralId && body.kind === 'REFERRAL_ENDED') return body.endedOn;
  return undefined;
}
