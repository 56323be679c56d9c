import type { LocalDate } from '#libs/kernel/index.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import { issueStatements } from '../handlers/issue-statements.handler.js';
import type { SettlementPorts } from '../handlers/ports.js';

/** On the first of a month, the month before is stated. */
export const issueStatementsWhenDayOpened = (ports: SettlementPorts): Reaction => ({
  name: 'issue-statements-when-day-opened',
  types: ['liaison.platform.day-opened.v1'],
  handle: async (tx, event, now) => {
    const { day } = event.data as { day: LocalDate };
    if (day.endsWith('-01')) await issueStatements(tx, ports, day, now);
  },
});
