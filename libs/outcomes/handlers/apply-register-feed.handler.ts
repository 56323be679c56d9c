import type { Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { referralFor } from '../domain/attribution.js';
import { twinOf, type Outcome, type Twin } from '../domain/outcome.js';
import { placeChange, type RegisterChange } from '../domain/register-feed.js';
import { spellImpossible } from '../domain/spell.js';
import { actingFor, addOutcome, changeOutcome, type Acting } from './change-outcome.js';
import type { FeedPage } from './ports.js';
import type { RegisterServices } from './services.js';

/**
 * Takes a page of a register's feed: its effects and the cursor commit together. A page that was taken already, by another run of
 * the job, changes nothing. Persons the authority has not on record are passed over; they are read when they come on record.
 */
export async function applyFeedPage(
  tx: Tx,
  by: Principal,
  services: RegisterServices,
  command: { readonly authorityId: string; readonly after: string; readonly page: FeedPage },
  now: Date,
): Promise<void> {
  const { authorityId, after, page } = command;
  if ((await services.feed.cursor(tx, authorityId)) !== after) return;
  await applyChanges(tx, by, services, authorityId, page.changes, now);
  await services.feed.moveCursor(tx, authorityId, page.cursor, now);
}

/** Applies changes in the order given; whatever order that is, the highest revision of each job counts. */
export async function applyChanges(
  tx: Tx,
  by: Principal,
  services: RegisterServices,
  authorityId: string,
  changes: FeedPage['changes'],
  now: Date,
): Promise<void> {
  const nationalIds = [...new Set(changes.map((change) => change.nationalId))];
  const persons = await services.persons.find(tx, authorityId, nationalIds);
  const acting = await actingFor(tx, by, authorityId, now);
  // Locks in one order, whatever order the register tells in: two pages never wait for each other.
  for (const personId of [...persons.values()].sort()) await services.outcomes.lockPerson(tx, personId);
  for (const change of changes) {
    const personId = persons.get(change.nationalId);
    if (personId === undefined) continue;
    const refusal = change.withdrawn ? undefined : spellImpossible(change.spell);
    if (refusal === undefined) await applyChange(tx, services, authorityId, personId, change, acting);
    else {
      const { registerRef, revision } = change;
      const refused = { registerRef, revision, code: refusal.code, field: refusal.field ?? '' };
      await services.feed.refuse(tx, authorityId, refused, now);
    }
  }
}

async function applyChange(
  tx: Tx,
  services: RegisterServices,
  authorityId: string,
  personId: string,
  change: RegisterChange,
  acting: Acting,
): Promise<void> {
  const { registerRef, revision, spell, employerName } = change;
  const known = await services.feed.known(tx, authorityId, registerRef);
  const all = await services.outcomes.ofPerson(tx, personId);
  const placement = placeChange(change, known, all);
  const keep = (outcomeId: string | null): Promise<void> =>
    services.feed.keep(tx, authorityId, registerRef, { revision, outcomeId });
  switch (placement.do) {
    case 'nothing':
      return;
    case 'remember':
      return keep(known?.outcomeId ?? null);
    case 'detect':
      return keep(await detect(tx, services, { authorityId, personId, change, all }, acting));
    case 'apply': {
      const { outcome } = placement;
      const twin = isProven({ id: outcome.id, spell }, all);
      const fields = { registerRef, employerName: employerName ?? outcome.employerName };
      const isLinked = outcome.registerRef === registerRef && outcome.employerName === fields.employerName;
      const apply = { type: 'ApplyRegisterSpell' as const, spell, twin };
      await changeOutcome(tx, services, outcome, apply, acting, isLinked ? {} : { fields });
      return keep(outcome.id);
    }
    case 'reverse':
      await changeOutcome(
        tx,
        services,
        placement.outcome,
        { type: 'ReverseOutcome', reason: 'REGISTER_WITHDREW' },
        acting,
      );
      return keep(placement.outcome.id);
  }
}

const isProven = (outcome: Pick<Outcome, 'id' | 'spell'>, all: readonly Outcome[]): Twin =>
  twinOf(outcome, all) === undefined ? 'NONE' : 'PROVEN';

/** Keeps a job that nobody told of, for the referral into whose time it falls. Answers the outcome's id. */
export async function detect(
  tx: Tx,
  services: RegisterServices,
  found: {
    readonly authorityId: string;
    readonly personId: string;
    readonly change: Pick<RegisterChange, 'registerRef' | 'spell' | 'employerName'>;
    readonly all: readonly Outcome[];
  },
  acting: Acting,
): Promise<string> {
  const { authorityId, personId, change, all } = found;
  const { registerRef, spell, employerName } = change;
  const id = newId<'Outcome'>();
  const referrals = await services.projection.ofPerson(tx, personId);
  const ofAuthority = referrals.filter((referral) => referral.authorityId === authorityId);
  const referral = referralFor(spell, ofAuthority) ?? null;
  const twin = isProven({ id, spell }, all);
  const job = {
    type: 'DetectJob' as const,
    id,
    personId,
    authorityId,
    referral,
    spell,
    employerName,
    registerRef,
    twin,
  };
  await addOutcome(tx, services, job, acting);
  return id;
}
