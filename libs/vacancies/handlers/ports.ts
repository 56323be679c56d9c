import type { LocalDate } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { PublishedEvent } from '../contract/events.generated.js';
import { VacancyLookup } from '../contract/vacancy.js';
import type { Placements, Standing } from '../domain/placement.js';
import type { Vacancy } from '../domain/vacancy.js';

/** What a caller looks for; everything named must hold. */
export interface VacancyFilter {
  /** Words, each of which must begin a word of title, employer or description. */
  readonly words?: readonly string[];
  /** A code of any classification. */
  readonly occupationCode?: string | null;
  readonly municipalityCode?: string | null;
  readonly regionCode?: string | null;
  /** The employer's number, or the beginning of its name. */
  readonly employer?: string | null;
  readonly publishedFrom?: LocalDate | null;
  readonly publishedTo?: LocalDate | null;
  /** One could apply on that day. Without it, whatever has not been taken down. */
  readonly openOn?: LocalDate | null;
}

/** Where vacancies are kept. A class, because it is its own injection token. */
export abstract class VacancyStore extends VacancyLookup {
  /** One import of a door and organisation at a time: the second one waits for the first one's end. */
  abstract lockDoor(tx: Tx, sharedBy: string, door: string): Promise<void>;
  abstract known(tx: Tx, sharedBy: string, door: string, externalIds: readonly string[]): Promise<Vacancy[]>;
  abstract save(tx: Tx, vacancies: readonly Vacancy[]): Promise<void>;
  abstract appendHistory(
    tx: Tx,
    entries: readonly { readonly vacancy: Vacancy; readonly event: PublishedEvent }[],
    principal: Principal,
    now: Date,
  ): Promise<void>;
  abstract find(tx: Tx, id: string): Promise<Vacancy | undefined>;
  /** Newest first; `after` is a position that `positionOf` gave. */
  abstract list(tx: Tx, filter: VacancyFilter, after: string | null, limit: number): Promise<Vacancy[]>;
  abstract keepPlacement(tx: Tx, outcomeId: string, vacancyId: string, standing: Standing): Promise<void>;
  /** Nothing where no vacancy was named. */
  abstract movePlacement(tx: Tx, outcomeId: string, standing: Standing): Promise<void>;
  /** By vacancy; only of those that the caller shares, and none where no job came from it. */
  abstract placements(tx: Tx, vacancyIds: readonly string[]): Promise<ReadonlyMap<string, Placements>>;
}

/** Where a vacancy stands in the list. */
export const positionOf = (vacancy: Vacancy): string => `${vacancy.content.publishedOn}~${vacancy.id}`;
