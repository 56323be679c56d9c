import type { Role } from '#libs/platform/auth/principal.js';

/**
 * Categories of data about a person. C0 case status and pairwise id · C1 identity · C2 contact · C3 skills and work history ·
 * C4 participation and outcomes · C5 employment evidence and pay · C6 benefits · C7 social situation · C8 health ·
 * C9 protected address · C10 free text · C11 the ground of a price: group, index.
 */
export const CATEGORIES = ['C0', 'C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'] as const;
export type Category = (typeof CATEGORIES)[number];

export const PURPOSES = ['REFERRAL_DELIVERY', 'INTEGRATED_CASE', 'PAYMENT_VERIFICATION', 'CONTRACT_AUDIT'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Why an organisation has to do with a person at all. */
export const RELATIONSHIPS = ['AUTHORITY', 'REFERRAL', 'CASE_TEAM'] as const;
export type Relationship = (typeof RELATIONSHIPS)[number];

export interface PurposeRule {
  /** The law a look for this purpose rests on. A lawyer confirms it for each country before go-live. */
  readonly law: string;
  /** The person's permission is a second condition beside the legal basis (professional secrecy), never the basis itself. */
  readonly needsPermission: boolean;
  readonly relationships: readonly Relationship[];
  /** What each role may see for this purpose; a role that is not named sees nothing. */
  readonly categories: Readonly<Partial<Record<Role, readonly Category[]>>>;
}

/** Who may see what, for which purpose: the whole table. What is not listed is denied. */
export const PURPOSE_RULES: Readonly<Record<Purpose, PurposeRule>> = {
  REFERRAL_DELIVERY: {
    law: 'GDPR Art. 6(1)(e) with the national employment-services act',
    needsPermission: false,
    relationships: ['AUTHORITY', 'REFERRAL'],
    categories: {
      PROVIDER_ADVISER: ['C0', 'C1', 'C2', 'C3', 'C4', 'C5', 'C11'],
      // Finance sees the sum, and not on what ground it was raised.
      PROVIDER_FINANCE: ['C0', 'C4'],
      COUNSELLOR: ['C0', 'C1', 'C2', 'C3', 'C4', 'C6', 'C11'],
      CONTRACT_MANAGER: ['C0', 'C4', 'C11'],
    },
  },
  INTEGRATED_CASE: {
    law: 'GDPR Art. 6(1)(e) and 9(2)(b) with the national act on joint services',
    needsPermission: true,
    relationships: ['AUTHORITY', 'CASE_TEAM'],
    categories: {
      MUNICIPALITY_WORKER: ['C0', 'C1', 'C2', 'C3', 'C4', 'C6', 'C7', 'C8'],
      SOCIAL_WORKER: ['C0', 'C1', 'C2', 'C6', 'C7', 'C8'],
      COUNSELLOR: ['C0', 'C1', 'C2', 'C3', 'C4', 'C6', 'C7', 'C8'],
    },
  },
  PAYMENT_VERIFICATION: {
    law: 'GDPR Art. 6(1)(e) with the national budget and procurement acts',
    needsPermission: false,
    relationships: ['AUTHORITY', 'REFERRAL'],
    categories: { PROVIDER_FINANCE: ['C0', 'C4'], CONTRACT_MANAGER: ['C0', 'C4', 'C5'] },
  },
  CONTRACT_AUDIT: {
    law: 'GDPR Art. 6(1)(c) with the act on the court of audit',
    needsPermission: false,
    relationships: ['AUTHORITY'],
    categories: { AUDITOR: ['C0', 'C4', 'C5'], CONTRACT_MANAGER: ['C0', 'C4', 'C5'] },
  },
};
