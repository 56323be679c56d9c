import type { LocalDate } from '#libs/kernel/index.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import { repriceUnderVersion } from '../handlers/change-version.handler.js';
import type { SettlementPorts } from '../handlers/ports.js';

/** Two people decided that running referrals are priced by another version of their tariff. */
export const repriceWhenVersionChanged = (ports: SettlementPorts): Reaction => ({
  name: 'reprice-when-version-changed',
  types: ['liaison.tariff.version-changed.v1'],
  handle: (tx, event, now) => {
    const { versionChangeId, day } = event.data as { versionChangeId: string; day: LocalDate };
    return repriceUnderVersion(tx, ports, versionChangeId, day, now);
  },
});
