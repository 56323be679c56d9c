// Generated from schemas/events by `npm run generate`. Do not edit.

import type { LocalDate } from '#libs/kernel/index.js';

/**
 * A shared vacancy says something else now, or stands again after it was taken down.
 */
export interface VacancyChanged {
  vacancyId: string;
  sharedBy: string;
  door: string;
  /**
   * @maxItems 100
   */
  occupations: {
    scheme: string;
    code: string;
  }[];
  /**
   * @maxItems 100
   */
  municipalityCodes: string[];
  /**
   * @maxItems 100
   */
  regionCodes: string[];
  positions: number | null;
  publishedOn: LocalDate;
  closesOn: LocalDate | null;
  /**
   * @minItems 1
   * @maxItems 20
   */
  changed: string[];
}

/**
 * A vacancy is shared for the first time.
 */
export interface VacancyPublished {
  vacancyId: string;
  sharedBy: string;
  door: string;
  /**
   * @maxItems 100
   */
  occupations: {
    scheme: string;
    code: string;
  }[];
  /**
   * @maxItems 100
   */
  municipalityCodes: string[];
  /**
   * @maxItems 100
   */
  regionCodes: string[];
  positions: number | null;
  publishedOn: LocalDate;
  closesOn: LocalDate | null;
}

/**
 * A shared vacancy was taken down before its time.
 */
export interface VacancyRemoved {
  vacancyId: string;
  sharedBy: string;
  door: string;
  removedOn: LocalDate;
}

/** Data of each event type that this capability publishes. */
export interface EventTypes {
  'liaison.vacancy.changed.v1': VacancyChanged;
  'liaison.vacancy.published.v1': VacancyPublished;
  'liaison.vacancy.removed.v1': VacancyRemoved;
}

/** One of its events: the type literal decides the shape of the data. */
export type PublishedEvent = { [Type in keyof EventTypes]: { readonly type: Type; readonly data: EventTypes[Type] } }[keyof EventTypes];
