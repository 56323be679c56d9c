import { Injectable } from '@nestjs/common';
import { NationalIds } from '#libs/cases/contract/person-names.js';
import { EventLog } from '#libs/platform/events/event-log.js';
import { UnitOfWork } from '#libs/platform/postgres/index.js';
import { ReferralLookup } from '#libs/referrals/contract/referral-lookup.js';
import { JobQueue, Registers } from './handlers/ports.js';
import { PostgresOutcomeStore } from './outbound/outcome.store.js';
import {
  PostgresReferralProjection,
  PostgresRegisterFeedStore,
  PostgresVerificationStore,
} from './outbound/register-feed.store.js';

/** What the use cases of this capability work with; each handler names the part it needs. */
@Injectable()
export class OutcomesServices {
  readonly outcomes = new PostgresOutcomeStore();
  readonly projection = new PostgresReferralProjection();
  readonly feed = new PostgresRegisterFeedStore();
  readonly verifications = new PostgresVerificationStore();

  constructor(
    readonly unitOfWork: UnitOfWork,
    readonly events: EventLog,
    readonly jobs: JobQueue,
    readonly referrals: ReferralLookup,
    readonly persons: NationalIds,
    readonly registers: Registers,
  ) {}
}
