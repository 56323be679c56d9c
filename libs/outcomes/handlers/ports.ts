import type { LocalDate } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { OutcomeState, RegisterAnswer } from '../contract/outcome.js';
import type { ReferralView } from '../domain/attribution.js';
import type { Outcome, OutcomeEvent } from '../domain/outcome.js';
import type { KnownRegisterSpell, RegisterChange } from '../domain/register-feed.js';
import type { Spell } from '../domain/spell.js';

/** One line of an outcome's history; with the job as it was said then, where the line says something of it. */
export interface HistoryEntry {
  readonly outcomeId: string;
  readonly version: number;
  readonly type: string;
  readonly spell: Spell | null;
  readonly effectiveOn: LocalDate;
  readonly recordedAt: Date;
  readonly organisationId: string | null;
}

/** What a person of the authority answered of one rung, with the words that stay in the house. */
export interface EvidenceEntry {
  readonly id: string;
  readonly outcomeId: string;
  readonly authorityId: string;
  readonly rung: number;
  readonly answer: RegisterAnswer;
  readonly note: string;
  readonly actorId: string;
  readonly recordedAt: Date;
}

/** Where outcomes are kept. */
export interface OutcomeStore {
  /** Lets one transaction at a time decide about a person's outcomes, so that two proofs of one job never miss each other. */
  lockPerson(tx: Tx, personId: string): Promise<void>;
  insert(tx: Tx, outcome: Outcome): Promise<void>;
  /** Loads for a change; undefined when it does not exist for the caller. */
  find(tx: Tx, id: string): Promise<Outcome | undefined>;
  /** All of a person that the caller may see, oldest first. */
  ofPerson(tx: Tx, personId: string): Promise<Outcome[]>;
  /** Saves what followed from `previousVersion`; throws `outcome.changed-meanwhile` when somebody was faster. */
  update(tx: Tx, outcome: Outcome, previousVersion: number): Promise<void>;
  /** `reason` is the reporter's own words: kept beside the event, never published. */
  appendHistory(
    tx: Tx,
    entry: { readonly version: number; readonly event: OutcomeEvent; readonly reason: string | null },
    by: Principal,
    now: Date,
  ): Promise<void>;
  list(
    tx: Tx,
    filter: {
      readonly referralId: string | null;
      readonly states: readonly OutcomeState[] | null;
      readonly after: string | null;
      readonly limit: number;
    },
  ): Promise<Outcome[]>;
  histories(tx: Tx, outcomeIds: readonly string[]): Promise<Map<string, HistoryEntry[]>>;
  keepEvidence(
    tx: Tx,
    evidence: Omit<EvidenceEntry, 'actorId' | 'recordedAt'>,
    by: Principal,
    now: Date,
  ): Promise<void>;
  /** What people gave, oldest first, by outcome; for the authority alone. */
  evidence(tx: Tx, outcomeIds: readonly string[]): Promise<Map<string, EvidenceEntry[]>>;
  askOn(tx: Tx, outcomeId: string, day: LocalDate | null): Promise<void>;
  /** Ids of reports whose register is to be asked on this day at the latest, and of those without evidence since before `lapsed`. */
  due(
    tx: Tx,
    day: LocalDate,
    lapsed: LocalDate,
    limit: number,
  ): Promise<{ readonly ask: readonly string[]; readonly lapse: readonly string[] }>;
}

/** What outcomes keep of referrals. */
export interface ReferralProjection {
  accepted(tx: Tx, referral: ReferralView): Promise<void>;
  changed(tx: Tx, referralId: string, state: ReferralView['state'], endedOn: LocalDate | null): Promise<void>;
  ofPerson(tx: Tx, personId: string): Promise<ReferralView[]>;
}

/** How far a register's feed was read, and what became of its jobs. */
export interface RegisterFeedStore {
  /** The cursor to go on from; locks it, so that one page at a time moves it. */
  cursor(tx: Tx, authorityId: string): Promise<string>;
  moveCursor(tx: Tx, authorityId: string, cursor: string, now: Date): Promise<void>;
  known(tx: Tx, authorityId: string, registerRef: string): Promise<KnownRegisterSpell | undefined>;
  keep(tx: Tx, authorityId: string, registerRef: string, known: KnownRegisterSpell): Promise<void>;
  /** Notes a change that cannot be, for whoever talks to the register; it has no other effect. */
  refuse(
    tx: Tx,
    authorityId: string,
    refused: { readonly registerRef: string; readonly revision: number; readonly code: string; readonly field: string },
    now: Date,
  ): Promise<void>;
}

/** Work that calls out of the hub: added in a transaction of the hub's own, run after its commit. */
export interface JobQueue {
  add(tx: Tx, name: string, payload: object): Promise<void>;
}

/** The jobs of this capability and what they are given. `asOf` is the day whose knowledge is asked for. */
export interface OutcomeJobs {
  /** `version`: of the outcome when it was asked for; one question each. */
  readonly 'ask-register-for-outcome': {
    readonly outcomeId: string;
    readonly version: number;
    readonly asOf: LocalDate;
  };
  readonly 'ask-register-for-verification': { readonly verificationId: string; readonly asOf: LocalDate };
  readonly 'poll-register': { readonly authorityId: string; readonly asOf: LocalDate };
  /** A person came on record: jobs the register told of before are read again, for this person alone. */
  readonly 'read-register-of-person': {
    readonly authorityId: string;
    readonly personId: string;
    readonly asOf: LocalDate;
  };
}

/** One question of pricing to a register. */
export interface VerificationRequest {
  readonly id: string;
  readonly referralId: string;
  readonly personId: string;
  readonly authorityId: string;
  readonly question: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

export interface VerificationStore {
  /** Keeps a new question; false when it is kept already. */
  insert(tx: Tx, request: VerificationRequest, askOn: LocalDate | null): Promise<boolean>;
  /** The question, locked; undefined when a final answer stands. */
  open(tx: Tx, id: string): Promise<VerificationRequest | undefined>;
  answer(
    tx: Tx,
    id: string,
    answer: { readonly answer: RegisterAnswer; readonly reason: string | null; readonly asOf: LocalDate },
    askOn: LocalDate | null,
  ): Promise<void>;
  /** Takes the questions that are due on this day, at most `limit`: each is handed out once. */
  takeDue(tx: Tx, day: LocalDate, limit: number): Promise<VerificationRequest[]>;
}

/** A question as a register gets it: one person, one span, one day of knowledge. */
export interface RegisterRequest {
  readonly nationalId: string;
  /** `EMPLOYED_BY` (with the employer), or a question of a tariff: `docs/facts.md` lists them. */
  readonly question: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly asOf: LocalDate;
  readonly employerRef: string | null;
}

export interface FeedPage {
  readonly changes: readonly (RegisterChange & { readonly nationalId: string })[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

/** The register of one authority. Both calls throw `register.unavailable` (retriable) when it does not answer as it should. */
export interface Register {
  ask(request: RegisterRequest): Promise<RegisterAnswer>;
  changes(page: {
    readonly after: string;
    readonly asOf: LocalDate;
    /** Only the changes of one person. */
    readonly nationalId?: string;
  }): Promise<FeedPage>;
}

/** Which register answers for an authority; some have none. */
export interface Registers {
  of(authorityId: string): Register | undefined;
  readonly authorityIds: readonly string[];
}
