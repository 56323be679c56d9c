import { HubError } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { EventLog } from '#libs/platform/events/event-log.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import type { PublishedEvent } from '../contract/events.generated.js';
import { decideImport, type Advertisement, type ImportOutcome, type Vacancy } from '../domain/vacancy.js';
import type { VacancyStore } from './ports.js';

/** One row of a document, as its door read it. */
export type DoorRow =
  | { readonly externalId: string; readonly advertisement: Advertisement }
  | { readonly externalId: string | null; readonly refused: { readonly field: string; readonly rule: string } };

export interface ImportVacancies {
  readonly sharedBy: string;
  readonly door: string;
  readonly rows: readonly DoorRow[];
}

/** What became of one row: its place in the document, from 1, and where it was refused, the field and the rule. */
export interface ImportedRow {
  readonly row: number;
  readonly externalId: string | null;
  readonly outcome: ImportOutcome | 'REFUSED';
  readonly vacancyId: string | null;
  readonly field: string | null;
  readonly rule: string | null;
}

export const IMPORT_ROWS_MAX = 1_000;

/**
 * Takes over what a document says, row by row: a row that cannot be read is answered with its field and rule and stops no other.
 * The same document twice changes nothing. All rows that hold are taken over together or, where the database fails, none.
 */
export async function importVacancies(
  tx: Tx,
  principal: Principal,
  services: { readonly vacancies: VacancyStore; readonly events: EventLog },
  command: ImportVacancies,
  now: Date,
): Promise<readonly ImportedRow[]> {
  const { sharedBy, door, rows } = command;
  if (rows.length > IMPORT_ROWS_MAX) {
    throw new HubError('vacancy.rows', `A document has at most ${IMPORT_ROWS_MAX} advertisements.`, {
      field: 'document',
    });
  }
  await services.vacancies.lockDoor(tx, sharedBy, door);
  const externalIds = rows.flatMap((row) => ('advertisement' in row ? [row.externalId] : []));
  const known = new Map<string, Vacancy>();
  for (const vacancy of await services.vacancies.known(tx, sharedBy, door, externalIds)) {
    known.set(vacancy.externalId, vacancy);
  }
  const effects: { vacancy: Vacancy; event: PublishedEvent }[] = [];
  const answers = rows.map((row, index): ImportedRow => {
    const place = { row: index + 1, externalId: row.externalId };
    if ('refused' in row) return { ...place, outcome: 'REFUSED', vacancyId: null, ...row.refused };
    const before = known.get(row.externalId);
    const decision = decideImport(before, row.advertisement, { id: newId<'Vacancy'>(), sharedBy, door });
    if (decision.effect !== undefined) {
      effects.push(decision.effect);
      known.set(row.externalId, decision.effect.vacancy);
    }
    const vacancyId = known.get(row.externalId)?.id ?? null;
    return { ...place, outcome: decision.outcome, vacancyId, field: null, rule: null };
  });
  await keep(tx, principal, services, effects, now);
  return answers;
}

async function keep(
  tx: Tx,
  principal: Principal,
  services: { readonly vacancies: VacancyStore; readonly events: EventLog },
  effects: readonly { readonly vacancy: Vacancy; readonly event: PublishedEvent }[],
  now: Date,
): Promise<void> {
  if (effects.length === 0) return;
  const last = new Map(effects.map(({ vacancy }) => [vacancy.id, vacancy]));
  await services.vacancies.save(tx, [...last.values()]);
  await services.vacancies.appendHistory(tx, effects, principal, now);
  await services.events.publish(
    tx,
    effects.map(({ vacancy, event }) => ({ ...event, subject: vacancy.id })),
  );
}

export interface ImportSummary {
  readonly imported: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly refused: number;
  readonly rows: readonly ImportedRow[];
}

/** How many rows ended how, and each row. */
export function summaryOf(rows: readonly ImportedRow[]): ImportSummary {
  const count = (outcome: ImportedRow['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  return {
    imported: count('IMPORTED'),
    changed: count('CHANGED'),
    unchanged: count('UNCHANGED'),
    removed: count('REMOVED'),
    refused: count('REFUSED'),
    rows,
  };
}
