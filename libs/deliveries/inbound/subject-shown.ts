import type { Disclosure } from '#libs/disclosure/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';

/** A person is named by the reader's own pairwise id; everything else by the id it has for everybody. */
export const subjectShown = (
  disclosure: Disclosure,
  principal: PartnerPrincipal,
  change: { readonly subjectKind: string; readonly subjectId: string },
): string =>
  change.subjectKind === 'case-team'
    ? disclosure.pairwiseId(principal.organisationId, change.subjectId)
    : change.subjectId;
