import { HubError, type Id } from '#libs/kernel/index.js';

/** Who acts, as far as the rules of money ask. */
export interface Actor {
  /** A member of staff, a partner's system, or the hub itself. */
  readonly kind: 'person' | 'client' | 'hub';
  readonly actorId: string;
  /** The organisation acted for; none for the hub. */
  readonly organisationId: Id<'Organisation'> | null;
}

/** Decisions about money are a person's: a system may report and ask, never approve, certify, release or confirm. */
export function requirePerson(actor: Actor, what: string): void {
  if (actor.kind === 'person') return;
  throw new HubError('settlement.person-required', `${what} is a person's decision; a system may not take it.`, {
    facts: { actorKind: actor.kind },
  });
}

/** Four eyes: the second step is taken by somebody else than the first. */
export function requireSecondPerson(actor: Actor, first: string, what: string): void {
  requirePerson(actor, what);
  if (actor.actorId !== first) return;
  throw new HubError(
    'settlement.same-person',
    `${what} needs a second person: the first step was taken by the same one.`,
  );
}
