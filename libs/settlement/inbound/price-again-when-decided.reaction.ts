import type { Reaction } from '#libs/platform/events/event-log.js';
import { priceEngagements } from '../handlers/price-engagements.handler.js';
import type { SettlementPorts } from '../handlers/ports.js';
import { findClaim } from '../outbound/claims.store.js';

/**
 * A person's decision may be about what is no longer so: a dispute that is upheld of a fee that fell meanwhile, a write-off of what was
 * claimed anew, a rejection of what takes back. The facts as they are now are asked again.
 */
export const priceAgainWhenDecided = (ports: SettlementPorts): Reaction => ({
  name: 'price-again-when-decided',
  types: ['liaison.claim.rejected.v1', 'liaison.claim.dispute-answered.v1', 'liaison.recovery.decided.v1'],
  handle: async (tx, event, now) => {
    const { claimId } = event.data as { claimId: string };
    const claim = await findClaim(tx, claimId);
    if (claim !== undefined) await priceEngagements(tx, ports, [claim.personId], now);
  },
});
