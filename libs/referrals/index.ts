/** Who works with whom: the referral's life. Others read it through `contract/`. */
export { ReferralsApi, ReferralsCore, ReferralsReactions } from './referrals.module.js';
export { TariffVersions, type PriceBasis } from './handlers/ports.js';
