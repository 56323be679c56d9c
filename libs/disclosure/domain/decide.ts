import type { Role } from '#libs/platform/auth/principal.js';
import { PURPOSE_RULES, type Category, type Purpose, type Relationship } from './purposes.js';

/** One open or ended relation of an organisation with a person. Periods are half-open: from ≤ t < to. */
export interface AccessRow {
  readonly relationship: Relationship;
  readonly purpose: Purpose;
  readonly validFrom: Date;
  readonly validTo: Date | null;
}

/** What the person allowed or refused for one organisation and purpose; the latest one counts, a refusal wins over all. */
export interface Permission {
  readonly purpose: Purpose;
  readonly effect: 'GIVEN' | 'REFUSED' | 'WITHDRAWN';
  readonly recordedAt: Date;
  readonly validTo: Date | null;
}

export interface DisclosureRequest {
  readonly roles: readonly Role[];
  readonly purpose: Purpose;
  readonly accesses: readonly AccessRow[];
  readonly permissions: readonly Permission[];
  readonly at: Date;
}

export type DenialReason = 'NO_RELATION' | 'ROLE_NOT_ALLOWED' | 'PERMISSION_MISSING' | 'PERMISSION_REFUSED';

export type DisclosureDecision =
  | { readonly granted: true; readonly relationship: Relationship; readonly categories: ReadonlySet<Category> }
  | { readonly granted: false; readonly reason: DenialReason };

/**
 * May these roles of this organisation see the person for this purpose, and which categories? Pure; denied unless everything holds:
 * an open relation that the purpose knows, a role the purpose lists, and the person's permission where the purpose needs it.
 */
export function decideDisclosure(request: DisclosureRequest): DisclosureDecision {
  const rule = PURPOSE_RULES[request.purpose];
  const access = request.accesses.find(
    (row) =>
      row.purpose === request.purpose && rule.relationships.includes(row.relationship) && covers(row, request.at),
  );
  if (access === undefined) return { granted: false, reason: 'NO_RELATION' };
  const categories = new Set(request.roles.flatMap((role) => rule.categories[role] ?? []));
  if (categories.size === 0) return { granted: false, reason: 'ROLE_NOT_ALLOWED' };
  const permission = latestPermission(request);
  if (permission === 'REFUSED') return { granted: false, reason: 'PERMISSION_REFUSED' };
  // The authority that holds the case needs nobody's permission to see what it keeps itself.
  if (rule.needsPermission && access.relationship !== 'AUTHORITY' && permission !== 'GIVEN') {
    return { granted: false, reason: 'PERMISSION_MISSING' };
  }
  return { granted: true, relationship: access.relationship, categories };
}

const covers = (row: AccessRow, at: Date): boolean => row.validFrom <= at && (row.validTo === null || at < row.validTo);

function latestPermission({ permissions, purpose, at }: DisclosureRequest): 'GIVEN' | 'REFUSED' | 'NONE' {
  let latest: Permission | undefined;
  for (const permission of permissions) {
    if (permission.purpose !== purpose || permission.recordedAt > at) continue;
    if (latest === undefined || permission.recordedAt >= latest.recordedAt) latest = permission;
  }
  if (latest?.effect === 'REFUSED') return 'REFUSED';
  return latest?.effect === 'GIVEN' && (latest.validTo === null || at < latest.validTo) ? 'GIVEN' : 'NONE';
}
