import type { LocalDate } from '#libs/kernel/index.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Received, SharedCase } from '../domain/shared-case.js';

export interface Person {
  readonly id: string;
  readonly authorityId: string;
  readonly nationalId: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: LocalDate;
  readonly phone: string | null;
  readonly email: string | null;
  readonly municipalityId: string;
  readonly version: number;
}

export interface Plan {
  readonly referralId: string;
  readonly version: number;
  readonly agreedOn: LocalDate;
  readonly goals: readonly string[];
}

export interface PersonStore {
  insert(tx: Tx, person: Person): Promise<void>;
  find(tx: Tx, id: string): Promise<Person | undefined>;
  /** Persons by id, as far as the caller may see them. */
  findAll(tx: Tx, ids: readonly string[]): Promise<Map<string, Person>>;
  /** A page of persons the caller has an open relation with. */
  list(tx: Tx, page: { readonly after: string | null; readonly limit: number }): Promise<Person[]>;
  /** Whom a national identifier means, for the decision and the log; says nothing about whether the caller may see it. */
  subjectOf(tx: Tx, nationalId: string): Promise<string | undefined>;
  move(tx: Tx, person: Person, municipalityId: string): Promise<void>;
  /** The person and the shared case, in one read. */
  page(
    tx: Tx,
    id: string,
  ): Promise<{ readonly person: Person; readonly page: SharedCase; readonly plan: Plan | null } | undefined>;
  savePage(tx: Tx, personId: string, page: SharedCase): Promise<void>;
}

export interface ReceivedStore {
  append(tx: Tx, personId: string, event: Received): Promise<void>;
  of(tx: Tx, personId: string): Promise<Received[]>;
  personIds(tx: Tx, after: string | null, limit: number): Promise<string[]>;
}

export interface PlanStore {
  insert(
    tx: Tx,
    plan: Plan & { readonly personId: string; readonly authorityId: string; readonly providerId: string },
    now: Date,
  ): Promise<void>;
  /** The version that a plan agreed now has; another plan of this person waits until this one is committed. */
  nextVersion(tx: Tx, of: { readonly referralId: string; readonly personId: string }): Promise<number>;
}
