import type { Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { referralFor } from '../domain/attribution.js';
import { twinOf, type Outcome, type Twin } from '../domain/outcome.js';
import { placeChange, type KnownRegisterSpell, type RegisterChange } from '../domain/register-feed.js';
import { isSameJob, spellImpossible } from '../domain/spell.js';
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
    const refusal = change.withdrawn ? undefined : spellImpossible(change.spell);
    const personId = persons.get(change.nationalId) ?? null;
    if (refusal === undefined) await applyChange(tx, services, { authorityId, personId, change }, acting);
    else if (personId !== null) {
      const { registerRef, revision } = change;
      const refused = { registerRef, revision, code: refusal.code, field: refusal.field ?? '' };
      await services.feed.refuse(tx, authorityId, refused, now);
    }
  }
}

/** A register's job, and the person it says has it; null: nobody on record. */
interface Told {
  readonly authorityId: string;
  readonly personId: string | null;
  readonly change: RegisterChange;
}

async function applyChange(tx: Tx, services: RegisterServices, told: Told, acting: Acting): Promise<void> {
  const { authorityId, personId, change } = told;
  const known = await services.feed.known(tx, authorityId, change.registerRef);
  const isOld = known !== undefined && change.revision <= known.revision;
  if (isOld || (personId === null && known === undefined)) return;
  const linked = known?.outcomeId == null ? undefined : await services.outcomes.find(tx, known.outcomeId);
  if (linked !== undefined && linked.personId !== personId) {
    await reverse(tx, services, linked, 'REGISTER_CORRECTED_PERSON', acting);
  }
  const { registerRef, revision } = change;
  if (personId === null) return services.feed.keep(tx, authorityId, registerRef, { revision, outcomeId: null });
  await place(tx, services, { authorityId, personId, change, known }, acting);
}

/** Gives a register's job its place among the outcomes of the person, and keeps which one it is. */
export async function place(
  tx: Tx,
  services: RegisterServices,
  found: {
    readonly authorityId: string;
    readonly personId: string;
    readonly change: RegisterChange;
    readonly known: KnownRegisterSpell | undefined;
  },
  acting: Acting,
): Promise<void> {
  const { authorityId, personId, change, known } = found;
  const { registerRef, revision, spell, employerName } = change;
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
      await reverse(tx, services, placement.outcome, 'REGISTER_WITHDREW', acting);
      return keep(placement.outcome.id);
  }
}

const isProven = (outcome: Pick<Outcome, 'id' | 'spell'>, all: readonly Outcome[]): Twin =>
  twinOf(outcome, all) === undefined ? 'NONE' : 'PROVEN';

/** Takes an outcome back; a report that was its duplicate may be proven now. */
export async function reverse(
  tx: Tx,
  services: RegisterServices,
  outcome: Outcome,
  reason: string,
  acting: Acting,
): Promise<void> {
  await changeOutcome(tx, services, outcome, { type: 'ReverseOutcome', reason }, acting);
  if (outcome.state !== 'VERIFIED') return;
  for (const other of await services.outcomes.ofPerson(tx, outcome.personId)) {
    if (!isSameJob(other.spell, outcome.spell)) continue;
    await changeOutcome(tx, services, other, { type: 'ReopenDuplicate' }, acting);
  }
}

/** Keeps a job that nobody told of, for the referral into whose time it falls. Answers the outcome's id. */
async function detect(
  tx: Tx,
  services: RegisterServices,
  found: {
    readonly authorityId: string;
    readonly personId: string;
    readonly change: RegisterChange;
    readonly all: readonly Outcome[];
  },
  acting: Acting,
): Promise<string> {
  const { authorityId, personId, change, all } = found;
  const { registerRef, spell, employerName } = change;
  const id = newId<'Outcome'>();
  const referrals = await services.projection.ofPerson(tx, personId);
  const ofAuthority = referrals.filter((each) => each.authorityId === authorityId);
  const referral = referralFor(spell, ofAuthority) ?? null;
  const twin = isProven({ id, spell }, all);
  const job = { id, personId, authorityId, referral, spell, employerName, registerRef, twin };
  await addOutcome(tx, services, { type: 'DetectJob', ...job }, acting);
  return id;
}
