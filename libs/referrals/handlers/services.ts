import type { PersonNames } from '#libs/cases/contract/person-names.js';
import type { Disclosure } from '#libs/disclosure/index.js';
import type { EventLog } from '#libs/platform/events/event-log.js';
import type { ReferralStore, TariffVersions } from './ports.js';

/** What the use cases of this capability work with, put together once where the application is composed. */
export class ReferralServices {
  constructor(
    readonly store: ReferralStore,
    readonly events: EventLog,
    readonly disclosure: Disclosure,
    readonly names: PersonNames,
    readonly tariffs: TariffVersions,
  ) {}
}
