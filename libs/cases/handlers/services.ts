import type { Disclosure } from '#libs/disclosure/index.js';
import type { EventLog } from '#libs/platform/events/event-log.js';
import type { ReferralLookup } from '#libs/referrals/contract/referral-lookup.js';
import type { PersonStore, PlanStore, ReceivedStore } from './ports.js';

/** What the use cases of this capability work with, put together once where the application is composed. */
export class CaseServices {
  constructor(
    readonly persons: PersonStore,
    readonly plans: PlanStore,
    readonly received: ReceivedStore,
    readonly referrals: ReferralLookup,
    readonly events: EventLog,
    readonly disclosure: Disclosure,
  ) {}
}
