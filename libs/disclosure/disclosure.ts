import { createHmac, hkdfSync } from 'node:crypto';
import { HubError, type Id } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { newId, whenUndone, type Tx } from '#libs/platform/postgres/index.js';
import { decideDisclosure, type DisclosureDecision } from './domain/decide.js';
import type { Category, Purpose, Relationship } from './domain/purposes.js';
import {
  accessesOf,
  caseTeamOf,
  endAccess,
  findPairwise,
  insertAccess,
  insertLooks,
  insertPairwise,
  insertPermission,
  permissionsOf,
  updateOwnReference,
  type AccessGrant,
  type LookRow,
  type PermissionRecord,
} from './outbound/disclosure.store.js';

/** The hub's own identity of a person. It never leaves the hub: partners get `PairwiseId`s. */
export type SubjectId = Id<'Person'>;

/** How one organisation knows a person; two organisations' ids of one person share nothing. */
export type PairwiseId = string & { readonly __pairwise: true };

/** What is asked in a look at one or more persons. */
export interface Look {
  readonly purpose: Purpose;
  /** The root field or door. */
  readonly operation: string;
  /** Categories that the answer would carry; what the purpose does not give is redacted. */
  readonly categories: readonly Category[];
}

/** What may be shown of one person. */
export interface Seen {
  readonly receiptId: string;
  readonly categories: ReadonlySet<Category>;
  /** Categories asked for and not given. */
  readonly redacted: readonly Category[];
}

const OWN_REFERENCE_LENGTH_MAX = 60;
const PAIRWISE_ID_LENGTH = 26;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * May this organisation see this? Called directly, in the caller's transaction, so that a right that was taken is gone at once
 * and the look is logged before an answer leaves.
 */
export class Disclosure {
  /** @param masterKey at least 32 bytes from a file; losing it loses nothing but the ability to compute new pairwise ids. */
  constructor(private readonly masterKey: Buffer) {
    if (masterKey.length < 32) throw new HubError('disclosure.key', 'The pairwise-id key must have at least 32 bytes.');
  }

  /** Gives an organisation a relation with a person, and the id by which it knows the person from now on. */
  async grant(tx: Tx, grant: AccessGrant, now: Date): Promise<void> {
    await insertAccess(tx, grant, now);
    await insertPairwise(
      tx,
      grant.organisationId,
      this.pairwiseId(grant.organisationId, grant.subjectId),
      grant.subjectId,
    );
  }

  /** Ends the open relations that rest on this; of one organisation, or of all. The ids stay known, and show nothing. */
  async end(
    tx: Tx,
    relation: {
      readonly relationship: Relationship;
      readonly relationshipId: string;
      readonly organisationId?: string;
    },
    now: Date,
  ): Promise<void> {
    await endAccess(tx, { ...relation, organisationId: relation.organisationId ?? null }, now);
  }

  /** Who is in a person's case team right now, as far as the caller may know: the authority all of it, a member itself. */
  async teamOf(tx: Tx, subjectId: string): Promise<{ organisationId: string; purpose: Purpose; since: Date }[]> {
    return caseTeamOf(tx, subjectId);
  }

  async recordPermission(tx: Tx, record: PermissionRecord, now: Date): Promise<void> {
    await insertPermission(tx, record, now);
  }

  /** base32(HMAC-SHA-256(key of the organisation, subject)), 26 characters: separate pseudonymisation domains (EDPB 01/2025). */
  pairwiseId(organisationId: string, subjectId: string): PairwiseId {
    const key = Buffer.from(hkdfSync('sha256', this.masterKey, Buffer.alloc(0), `pairwise-id/1/${organisationId}`, 32));
    const mac = createHmac('sha256', key).update(subjectId).digest();
    let id = '';
    for (let index = 0; index < PAIRWISE_ID_LENGTH; index += 1) id += BASE32.charAt((mac[index] ?? 0) & 31);
    return id as PairwiseId;
  }

  /** The person an organisation means by its own id or reference; undefined when it knows nobody by it. */
  async resolve(
    tx: Tx,
    organisationId: string,
    by: { readonly pairwiseId?: string; readonly ownReference?: string },
  ): Promise<SubjectId | undefined> {
    return (await findPairwise(tx, organisationId, by)) as SubjectId | undefined;
  }

  /** By what reference of its own the organisation finds this person. Errors: `person.own-reference`, `person.own-reference-taken`. */
  async setOwnReference(tx: Tx, organisationId: string, subjectId: string, given: string): Promise<void> {
    const ownReference = given.trim();
    if (ownReference === '' || ownReference.length > OWN_REFERENCE_LENGTH_MAX) {
      throw new HubError('person.own-reference', `An own reference has 1 to ${OWN_REFERENCE_LENGTH_MAX} characters.`, {
        field: 'ownReference',
      });
    }
    const holder = await this.resolve(tx, organisationId, { ownReference });
    if (holder !== undefined && holder !== subjectId) {
      throw new HubError('person.own-reference-taken', 'Your organisation knows another person by this reference.', {
        field: 'ownReference',
      });
    }
    await updateOwnReference(tx, organisationId, subjectId, ownReference);
  }

  /**
   * Looks at one person: decides, writes the access-log row, answers what may be shown; undefined when nothing may.
   * A miss (`subjectId` undefined) and a denial answer alike, and both are logged.
   */
  async look(
    tx: Tx,
    principal: PartnerPrincipal,
    subjectId: string | undefined,
    look: Look,
    now: Date,
  ): Promise<Seen | undefined> {
    const seen = await this.lookAll(tx, principal, subjectId === undefined ? [] : [subjectId], look, now);
    if (subjectId === undefined)
      await log(tx, [lookRow(principal, null, look, now, { granted: false, reason: 'NO_RELATION' })]);
    return subjectId === undefined ? undefined : seen.get(subjectId);
  }

  /** As `look`, at the person whom the caller knows by this id of its own. */
  async lookBy(
    tx: Tx,
    principal: PartnerPrincipal,
    pairwiseId: string,
    look: Look,
    now: Date,
  ): Promise<{ readonly subjectId: SubjectId; readonly seen: Seen } | undefined> {
    const subjectId = await this.resolve(tx, principal.organisationId, { pairwiseId });
    const seen = await this.look(tx, principal, subjectId, look, now);
    return subjectId === undefined || seen === undefined ? undefined : { subjectId, seen };
  }

  /** Looks at a page of persons with one decision and one log row each; those that may not be seen are missing in the answer. */
  async lookAll(
    tx: Tx,
    principal: PartnerPrincipal,
    subjectIds: readonly string[],
    look: Look,
    now: Date,
  ): Promise<Map<string, Seen>> {
    const distinct = [...new Set(subjectIds)];
    if (distinct.length === 0) return new Map();
    const accesses = await accessesOf(tx, principal.organisationId, distinct);
    const permissions = await permissionsOf(tx, principal.organisationId, distinct);
    const seen = new Map<string, Seen>();
    const rows = distinct.map((subjectId) => {
      const decision = decideDisclosure({
        roles: principal.roles,
        purpose: look.purpose,
        accesses: accesses.get(subjectId) ?? [],
        permissions: permissions.get(subjectId) ?? [],
        at: now,
      });
      const row = lookRow(principal, subjectId, look, now, decision);
      if (decision.granted) {
        const redacted = look.categories.filter((category) => !decision.categories.has(category));
        seen.set(subjectId, { receiptId: row.id, categories: decision.categories, redacted });
      }
      return row;
    });
    await log(tx, rows);
    return seen;
  }
}

/** A refused look stays in the log although the command it belongs to is undone: the caller learns from the refusal all the same. */
async function log(tx: Tx, rows: readonly LookRow[]): Promise<void> {
  await insertLooks(tx, rows);
  const refused = rows.filter((row) => row.outcome === 'REFUSED');
  if (refused.length > 0) whenUndone(tx, (again) => insertLooks(again, refused));
}

function lookRow(
  principal: PartnerPrincipal,
  subjectId: string | null,
  look: Look,
  now: Date,
  decision: DisclosureDecision,
): LookRow {
  const shown = decision.granted ? look.categories.filter((category) => decision.categories.has(category)) : [];
  return {
    id: newId(),
    at: now,
    organisationId: principal.organisationId,
    actorId: principal.actorId,
    purpose: look.purpose,
    operation: look.operation,
    subjectId,
    categories: shown,
    outcome: !decision.granted ? 'REFUSED' : shown.length === look.categories.length ? 'SHOWN' : 'PARTLY_SHOWN',
    reason: decision.granted ? null : decision.reason,
  };
}
