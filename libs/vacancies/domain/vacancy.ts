import type { LocalDate } from '#libs/kernel/index.js';
import type { EventTypes, PublishedEvent } from '../contract/events.generated.js';
import type { VacancyId } from '../contract/vacancy.js';

/** A code of a published classification, as the source names it: `STYRK08NAV 7411.01`, `ISCO08 7411`, `JOBTECH 2sRC_oHm_7XA`. */
export interface Occupation {
  readonly scheme: string;
  readonly code: string;
  readonly label: string | null;
}

/** Where the work is done. Codes are the source country's own. */
export interface Place {
  /** ISO 3166-1, two letters. */
  readonly country: string | null;
  readonly regionCode: string | null;
  readonly region: string | null;
  readonly municipalityCode: string | null;
  readonly municipality: string | null;
  readonly postCode: string | null;
  readonly city: string | null;
}

export type ContractKind = 'PERMANENT' | 'TEMPORARY' | 'OTHER';
export type WorkingHours = 'FULL_TIME' | 'PART_TIME';

/** What a vacancy says. Nothing in it is about a person: contact persons stay at the source, which `applyUrl` leads to. */
export interface VacancyContent {
  readonly title: string;
  /** Plain text without mail addresses and telephone numbers. */
  readonly description: string;
  readonly employerName: string | null;
  /** The employer's number in its country's business register. */
  readonly employerNumber: string | null;
  readonly occupations: readonly Occupation[];
  readonly places: readonly Place[];
  readonly positions: number | null;
  readonly contract: ContractKind | null;
  readonly hours: WorkingHours | null;
  readonly publishedOn: LocalDate;
  /** The last day on which one can apply; null when the source names none. */
  readonly closesOn: LocalDate | null;
  readonly applyUrl: string | null;
}

/** An advertisement as a door read it. */
export interface Advertisement {
  /** The source's own identity of it. */
  readonly externalId: string;
  /** Grows with each change at the source; compares as text. */
  readonly revision: string;
  /** The day it was taken down before its time; null while it stands (or stood until it closed). */
  readonly removedOn: LocalDate | null;
  readonly content: VacancyContent;
}

export interface Vacancy extends Advertisement {
  readonly id: VacancyId;
  /** The organisation that shares it; only its own imports change it. */
  readonly sharedBy: string;
  readonly door: string;
  readonly version: number;
}

export type ImportOutcome = 'IMPORTED' | 'CHANGED' | 'UNCHANGED' | 'REMOVED';

export interface ImportDecision {
  readonly outcome: ImportOutcome;
  /** The state after it and what happened; absent when nothing did. */
  readonly effect?: { readonly vacancy: Vacancy; readonly event: PublishedEvent };
}

/**
 * What an advertisement means for what is known of it. Any order and any repetition of a source's revisions ends in the same state:
 * an older revision changes nothing, and the same one says nothing new.
 */
export function decideImport(
  known: Vacancy | undefined,
  read: Advertisement,
  identity: { readonly id: VacancyId; readonly sharedBy: string; readonly door: string },
): ImportDecision {
  if (known === undefined) {
    // Taken down before it ever came here: kept, so that an older revision that comes later does not bring it to life.
    const vacancy: Vacancy = { ...identity, ...read, version: 1 };
    return read.removedOn === null
      ? { outcome: 'IMPORTED', effect: { vacancy, event: published(vacancy) } }
      : { outcome: 'REMOVED', effect: { vacancy, event: removed(vacancy, read.removedOn) } };
  }
  if (read.revision < known.revision) return { outcome: 'UNCHANGED' };
  const changes = changedMembers(known, read);
  if (changes.length === 0) return { outcome: 'UNCHANGED' };
  const vacancy: Vacancy = { ...known, ...read, version: known.version + 1 };
  return read.removedOn !== null && known.removedOn === null
    ? { outcome: 'REMOVED', effect: { vacancy, event: removed(vacancy, read.removedOn) } }
    : { outcome: 'CHANGED', effect: { vacancy, event: changed(vacancy, changes) } };
}

/** Names of what differs. */
function changedMembers(known: Vacancy, read: Advertisement): string[] {
  const members = Object.keys(read.content) as (keyof VacancyContent)[];
  const differs = members.filter((name) => !isSame(known.content[name], read.content[name]));
  return known.removedOn === read.removedOn ? differs : [...differs, 'removedOn'];
}

/** Equal values, whatever the order of their members. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return (
    left.length === right.length && left.every(([name, value]) => isSame(value, (b as Record<string, unknown>)[name]))
  );
}

const unique = (values: readonly (string | null)[]): string[] => [
  ...new Set(values.filter((value): value is string => value !== null)),
];

export const municipalityCodes = ({ places }: VacancyContent): string[] =>
  unique(places.map((place) => place.municipalityCode));
export const regionCodes = ({ places }: VacancyContent): string[] => unique(places.map((place) => place.regionCode));

function summary(vacancy: Vacancy): EventTypes['liaison.vacancy.published.v1'] {
  const { content } = vacancy;
  return {
    vacancyId: vacancy.id,
    sharedBy: vacancy.sharedBy,
    door: vacancy.door,
    occupations: content.occupations.map(({ scheme, code }) => ({ scheme, code })),
    municipalityCodes: municipalityCodes(content),
    regionCodes: regionCodes(content),
    positions: content.positions,
    publishedOn: content.publishedOn,
    closesOn: content.closesOn,
  };
}

const published = (vacancy: Vacancy): PublishedEvent => ({
  type: 'liaison.vacancy.published.v1',
  data: summary(vacancy),
});

const changed = (vacancy: Vacancy, members: readonly string[]): PublishedEvent => ({
  type: 'liaison.vacancy.changed.v1',
  data: { ...summary(vacancy), changed: [...members] },
});

const removed = (vacancy: Vacancy, removedOn: LocalDate): PublishedEvent => ({
  type: 'liaison.vacancy.removed.v1',
  data: { vacancyId: vacancy.id, sharedBy: vacancy.sharedBy, door: vacancy.door, removedOn },
});
