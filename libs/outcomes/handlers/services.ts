import type { NationalIds } from '#libs/cases/contract/person-names.js';
import type { Disclosure } from '#libs/disclosure/index.js';
import type { EventLog } from '#libs/platform/events/event-log.js';
import type { Tx, UnitOfWork } from '#libs/platform/postgres/index.js';
import type { ReferralLookup } from '#libs/referrals/contract/referral-lookup.js';
import type {
  JobQueue,
  OutcomeJobs,
  OutcomeStore,
  ReferralProjection,
  RegisterFeedStore,
  Registers,
  VerificationStore,
} from './ports.js';

/** What partners' use cases work with. */
export class OutcomeServices {
  constructor(
    readonly outcomes: OutcomeStore,
    readonly events: EventLog,
    readonly referrals: ReferralLookup,
    readonly disclosure: Disclosure,
  ) {}
}

/** What the hub's own work with registers needs. */
export class RegisterServices {
  constructor(
    readonly outcomes: OutcomeStore,
    readonly projection: ReferralProjection,
    readonly feed: RegisterFeedStore,
    readonly verifications: VerificationStore,
    readonly events: EventLog,
    readonly persons: NationalIds,
    readonly registers: Registers,
    readonly unitOfWork: UnitOfWork,
    private readonly jobs: JobQueue,
  ) {}

  /** Adds a job in the caller's transaction. */
  addJob<Name extends keyof OutcomeJobs>(tx: Tx, name: Name, payload: OutcomeJobs[Name]): Promise<void> {
    return this.jobs.add(tx, name, payload);
  }
}
