import { isUuid } from '#libs/kernel/index.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { ReferralLookup, type ReferralSummary } from '../contract/referral-lookup.js';
import type { ReferralStore } from '../handlers/ports.js';

export class StoredReferralLookup extends ReferralLookup {
  constructor(private readonly store: ReferralStore) {
    super();
  }

  override async find(tx: Tx, referralId: string): Promise<ReferralSummary | undefined> {
    const referral = isUuid(referralId) ? await this.store.find(tx, referralId) : undefined;
    if (referral === undefined) return undefined;
    const { id, state, personId, authorityId, providerId, acceptedOn, startedOn, endedOn } = referral;
    return { id, state, personId, authorityId, providerId, acceptedOn, startedOn, endedOn };
  }
}
