import type { LocalDate } from '#libs/kernel/index.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { personsDue } from '../outbound/engagements.store.js';
import type { SettlementPorts } from './ports.js';
import { priceEngagements } from './price-engagements.handler.js';

/** Persons priced in one set. */
const PERSONS_MAX = 500;

/** Prices again whoever has a named date up to `day`. Each pass names only later days, so that the passes come to an end. */
export async function priceDue(tx: Tx, ports: SettlementPorts, day: LocalDate, now: Date): Promise<void> {
  for (;;) {
    const persons = await personsDue(tx, day, PERSONS_MAX);
    if (persons.length === 0) return;
    await priceEngagements(tx, ports, persons, now, day);
  }
}
