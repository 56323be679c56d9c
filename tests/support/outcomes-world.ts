import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresNationalIds } from '#libs/cases/outbound/names.js';
import { PostgresPersonStore } from '#libs/cases/outbound/person.store.js';
import { Disclosure } from '#libs/disclosure/index.js';
import { localDate, type Id, type LocalDate } from '#libs/kernel/index.js';
import type { Outcome } from '#libs/outcomes/domain/outcome.js';
import type { Registers } from '#libs/outcomes/handlers/ports.js';
import { reportJob, type ReportJob } from '#libs/outcomes/handlers/report-job.handler.js';
import { OutcomeServices, RegisterServices } from '#libs/outcomes/handlers/services.js';
import { outcomesSubscription } from '#libs/outcomes/inbound/reactions.js';
import { registerJobs } from '#libs/outcomes/inbound/register.jobs.js';
import { PostgresOutcomeStore } from '#libs/outcomes/outbound/outcome.store.js';
import { HttpRegisters } from '#libs/outcomes/outbound/register.client.js';
import {
  PostgresReferralProjection,
  PostgresRegisterFeedStore,
  PostgresVerificationStore,
} from '#libs/outcomes/outbound/register-feed.store.js';
import { registerOrganisation } from '#libs/partners/index.js';
import type { HubPrincipal, PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { Jobs, type Job } from '#libs/platform/jobs/jobs.js';
import { newId } from '#libs/platform/postgres/index.js';
import type { ReferralId } from '#libs/referrals/contract/referral.js';
import { StoredReferralLookup } from '#libs/referrals/outbound/referral-lookup.js';
import { PostgresReferralStore } from '#libs/referrals/outbound/referral.store.js';
import { startTestEvents, type TestEvents } from '#libs/testing/events.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import type { Behaviour, JobRecord } from './stand-in-register/records.js';
import { startStandInRegister, type StandInRegister } from './stand-in-register/stand-in-register.js';

/** Tries of the job queue: the first one and three more. */
export const ATTEMPTS = 4;

/** The hub's operator, who is seen by nobody's row-level security but the hub's own. */
export const operator: HubPrincipal = { kind: 'operator', actorId: 'test' };
const ACCEPTED_ON = localDate('2018-02-01');

/** A referral that a provider accepted, and the person in the register. */
export interface Accepted {
  readonly personId: string;
  readonly referralId: string;
  readonly nationalId: string;
}

export interface OutcomeRow {
  readonly id: string;
  readonly state: string;
  readonly origin: string;
  readonly referral_id: string | null;
  readonly started_on: string;
  readonly ended_on: string | null;
  readonly rung: number;
  readonly evidence_reason: string | null;
  readonly reason: string | null;
  readonly method: string | null;
  readonly register_ref: string | null;
}

/**
 * Outcomes on a real database with a stand-in register behind real HTTP: one authority, two providers. Each test calls `begin`
 * first: it is then 2018-06-01, and the register knows nobody.
 */
export class OutcomesWorld {
  readonly disclosure = new Disclosure(Buffer.alloc(32, 7));
  services!: OutcomeServices;
  events!: TestEvents;
  authorityId!: string;
  adviser!: PartnerPrincipal;
  other!: PartnerPrincipal;
  manager!: PartnerPrincipal;
  private runs!: ReadonlyMap<string, Job['run']>;
  private jobs!: Jobs;
  private http: HttpRegisters | undefined;
  private registerName = '';
  private count = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly register: StandInRegister,
    private readonly folder: string,
  ) {}

  static async start(): Promise<OutcomesWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'stand-in-register-'));
    const register = await startStandInRegister(join(folder, 'registers.jsonl'));
    const world = new OutcomesWorld(await startPostgres(), register, folder);
    await world.mount();
    return world;
  }

  async stop(): Promise<void> {
    this.http?.shutdown();
    await this.jobs.stop();
    await this.register.stop();
    await this.database.stop();
    rmSync(this.folder, { recursive: true });
  }

  private async mount(): Promise<void> {
    await this.database.asOwner(`insert into platform.business_clock (now) values ('2018-06-01T08:00:00Z')`);
    this.authorityId = await this.organisation('PES', 'Authority');
    this.adviser = this.principal(await this.organisation('PROVIDER', 'One'), 'PROVIDER', 'PROVIDER_ADVISER');
    this.other = this.principal(await this.organisation('PROVIDER', 'Two'), 'PROVIDER', 'PROVIDER_ADVISER');
    this.manager = this.principal(this.authorityId, 'PES', 'CONTRACT_MANAGER');
    // Each test has a register of its own; the services find the one of the moment.
    const registers: Registers = {
      of: (authorityId) => this.http?.of(authorityId),
      authorityIds: [this.authorityId],
    };
    const store = new PostgresOutcomeStore();
    const { log } = startTestEvents(this.database);
    const { unitOfWork } = this.database;
    this.jobs = new Jobs(unitOfWork, () => undefined);
    const hub = new RegisterServices(
      store,
      new PostgresReferralProjection(),
      new PostgresRegisterFeedStore(),
      new PostgresVerificationStore(),
      log,
      new PostgresNationalIds(),
      registers,
      unitOfWork,
      this.jobs,
    );
    const referrals = new StoredReferralLookup(new PostgresReferralStore());
    this.services = new OutcomeServices(store, log, referrals, this.disclosure);
    this.events = startTestEvents(this.database, [outcomesSubscription(hub)]);
    const list = registerJobs(hub);
    for (const each of list) this.jobs.register(each);
    this.runs = new Map(list.map((each) => [each.name, (payload, isLast) => each.run(payload, isLast)]));
    await this.jobs.start();
  }

  /** A new register that nobody has read from yet, on the first day; what waited from before is gone. */
  async begin(): Promise<void> {
    this.http?.shutdown();
    this.count += 1;
    this.registerName = `IE${String(this.count)}`;
    this.http = new HttpRegisters(
      { [this.authorityId]: this.register.url(this.registerName) },
      { timeoutMs: 150, volumeMin: 8, failuresMaxPercent: 50, openMs: 60_000 },
    );
    await this.today('2018-06-01');
    await this.events.drain();
    await this.database.asOwner(`delete from outcomes.register_cursor`);
    await this.database.asOwner(`delete from jobs.job`);
    await this.database.asOwner(`update outcomes.outcome set ask_on = null`);
  }

  today(day: string): Promise<unknown> {
    return this.database.asOwner(`update platform.business_clock set now = ($1 || 'T08:00:00Z')::timestamptz`, [day]);
  }

  async openDay(day: string): Promise<void> {
    await this.today(day);
    await this.publish('liaison.platform.day-opened.v1', newId(), { day });
  }

  /** What employers and people tell the register. */
  async tell(what: 'jobs' | 'unemployment' | 'behaviour', body: unknown): Promise<void> {
    const url = `${this.register.url(this.registerName)}/control/${what}`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
  }

  behave(mode: Behaviour['mode'], answers: number | null = null): Promise<void> {
    return this.tell('behaviour', { mode, answers });
  }

  job(nationalId: string, more: Partial<JobRecord> = {}): JobRecord {
    return {
      ref: `R-${nationalId}`,
      revision: 1,
      nationalId,
      enteredOn: '2018-05-10',
      withdrawn: false,
      startedOn: '2018-05-02',
      endedOn: null,
      contractType: 'OPEN_ENDED',
      contractMonths: null,
      weeklyHours: '35',
      normalHoursShare: null,
      insured: true,
      employerNumber: 'IE4711',
      employerName: 'Example Ltd',
      ...more,
    };
  }

  /** Puts a person on record, without telling anybody. */
  async person(nationalId: string): Promise<string> {
    const id = newId<'Person'>();
    const person = { id, authorityId: this.authorityId, nationalId, givenName: 'Aoife', familyName: 'Byrne' };
    const details = {
      birthDate: localDate('1980-01-01'),
      phone: null,
      email: null,
      municipalityId: newId(),
      version: 1,
    };
    await this.database.unitOfWork.transaction(this.manager, (tx) =>
      new PostgresPersonStore().insert(tx, { ...person, ...details }),
    );
    return id;
  }

  /** A referral that a provider accepted; with `isHeardOf` outcomes have the event of it. */
  async accepted(by: PartnerPrincipal, of?: Accepted, isHeardOf = true): Promise<Accepted> {
    this.count += 1;
    const nationalId = of?.nationalId ?? `IE${String(this.count).padStart(6, '0')}`;
    const personId = of?.personId ?? (await this.person(nationalId));
    const referralId = newId<'Referral'>();
    const providerId = by.organisationId;
    await this.database.unitOfWork.transaction(this.manager, async (tx, now) => {
      for (const purpose of ['REFERRAL_DELIVERY', 'PAYMENT_VERIFICATION'] as const) {
        for (const organisationId of [providerId, this.authorityId]) {
          const relation = { relationship: 'REFERRAL' as const, relationshipId: referralId };
          const grant = { organisationId, subjectId: personId, purpose, ...relation, grantedBy: this.authorityId };
          await this.disclosure.grant(tx, grant, now);
        }
      }
      await new PostgresReferralStore().insert(tx, this.referral(referralId, personId, providerId));
    });
    const accepted = { personId, referralId, nationalId };
    if (isHeardOf) await this.tellAccepted(accepted, by);
    return accepted;
  }

  private referral(
    id: ReferralId,
    personId: string,
    providerId: string,
  ): Parameters<PostgresReferralStore['insert']>[1] {
    const assessment = {
      group: null,
      index: null,
      source: 'PROFILING',
      assessedAt: '2018-01-15T00:00:00Z',
      reason: '',
    };
    return {
      id,
      state: 'STARTED',
      version: 6,
      personId,
      authorityId: this.authorityId,
      service: 'jobpath',
      assessment,
      unemployedSince: null,
      terms: [],
      offers: [],
      askedProviderIds: [providerId],
      attempt: 1,
      chooseBy: null,
      contractId: newId(),
      providerId,
      chosenBy: 'PERSON',
      answerBy: null,
      remindOn: null,
      acceptedOn: ACCEPTED_ON,
      startedOn: ACCEPTED_ON,
      endedOn: null,
      reasonCode: null,
      price: null,
    };
  }

  tellAccepted({ referralId, personId }: Accepted, by: PartnerPrincipal): Promise<void> {
    return this.publish('liaison.referral.accepted.v1', referralId, {
      referralId,
      personId,
      providerId: by.organisationId,
      authorityId: this.authorityId,
      contractId: newId(),
      service: 'jobpath',
      acceptedOn: ACCEPTED_ON,
      tariffId: 'jobpath-ie',
      tariffVersion: '2018',
      terms: [],
      assessment: { group: null, index: null, source: 'PROFILING', assessedAt: '2018-01-15T00:00:00.000Z' },
      area: null,
      unemployedSince: null,
    });
  }

  tellEnteredInError({ referralId, personId }: Accepted, by: PartnerPrincipal): Promise<void> {
    const { authorityId } = this;
    const data = { referralId, personId, authorityId, providerId: by.organisationId };
    return this.publish('liaison.referral.entered-in-error.v1', referralId, data);
  }

  async publish(type: string, subject: string, data: object): Promise<void> {
    await this.database.unitOfWork.transaction(operator, (tx) =>
      this.events.log.publish(tx, [{ type, subject, data }]),
    );
    await this.events.drain();
  }

  report(by: PartnerPrincipal, referralId: string, more: Partial<ReportJob> = {}): Promise<Outcome> {
    return this.database.unitOfWork.transaction(by, (tx, now) =>
      reportJob(tx, by, this.services, { ...this.reportOf(referralId), ...more }, now),
    );
  }

  reportOf(referralId: string): ReportJob {
    return {
      referralId,
      startedOn: '2018-05-02',
      contractType: 'OPEN_ENDED',
      weeklyHours: '35',
      insured: true,
      employerNumber: 'IE 4711',
      employerName: 'Example Ltd',
    };
  }

  /** Handles and runs until nothing is left; what failed is tried again at once instead of after its delay. */
  async work(): Promise<void> {
    await this.events.drain();
    while (!(await this.jobs.idle())) {
      await this.jobs.pass();
      await this.database.asOwner(`update jobs.job set start_after = now() where state = 'retry'`);
      await this.events.drain();
    }
  }

  /** Takes the jobs of one name that wait out of the queue, to run them otherwise or not at all. */
  async take(name: string): Promise<{ readonly run: () => Promise<void> }[]> {
    await this.events.drain();
    const rows = await this.database.asOwner<{ data: object }>(
      `delete from jobs.job where name = $1 and state = 'created' returning data -> 'payload' as data`,
      [name],
    );
    return rows.map(({ data }) => ({ run: () => this.run(name, data) }));
  }

  /** Reads the feed as the job does, with the knowledge of a day. */
  poll(asOf: LocalDate): Promise<void> {
    return this.run('poll-register', { authorityId: this.authorityId, asOf });
  }

  readAgain(personId: string): Promise<void> {
    return this.run('read-register-of-person', { authorityId: this.authorityId, personId, asOf: '2018-06-05' });
  }

  private run(name: string, payload: object): Promise<void> {
    const run = this.runs.get(name);
    if (run === undefined) throw new Error(`There is no job ${name}.`);
    return run(payload, true);
  }

  outcomesOf(personId: string): Promise<OutcomeRow[]> {
    return this.database.asOwner<OutcomeRow>(
      `select id, state, origin, referral_id, started_on, ended_on, rung, evidence_reason, register_ref,
              verification->>'reason' as reason, verification->>'method' as method
       from outcomes.outcome where person_id = $1 order by id`,
      [personId],
    );
  }

  /** What was published of one subject, in order: `outcome.verified`. */
  async published(subject: string): Promise<string[]> {
    await this.events.drain();
    const rows = await this.database.asOwner<{ type: string }>(
      `select type from platform.event_log where subject = $1 order by partition, "offset"`,
      [subject],
    );
    return rows.map(({ type }) => type.replace(/^liaison\.|\.v1$/g, ''));
  }

  private principal(
    id: string,
    organisationKind: 'PROVIDER' | 'PES',
    role: PartnerPrincipal['roles'][number],
  ): PartnerPrincipal {
    const organisationId = id as Id<'Organisation'>;
    return { kind: 'person', actorId: `${role.toLowerCase()}-1`, organisationId, organisationKind, roles: [role] };
  }

  private organisation(kind: 'PES' | 'PROVIDER', name: string): Promise<string> {
    const command = { kind, name, country: 'IE', timeZone: 'Europe/Dublin', sites: [] };
    return this.database.unitOfWork.transaction(operator, async (tx, now) => {
      const { id } = await registerOrganisation(tx, operator, command, now);
      return id;
    });
  }
}
