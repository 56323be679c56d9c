import type { Envelope, Id } from '#libs/kernel/index.js';
import type { PartnerPrincipal, Role } from '#libs/platform/auth/principal.js';
import type { NewEvent } from '#libs/platform/events/event-log.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { settlementSubscription, SettlementPorts } from '#libs/settlement/index.js';
import { approveClaims } from '#libs/settlement/handlers/approve-claims.handler.js';
import { certifyClaims } from '#libs/settlement/handlers/certify-claims.handler.js';
import type { ClaimBatch } from '#libs/settlement/outbound/batches.store.js';
import { BooksLedger } from '#libs/settlement/outbound/books-ledger.js';
import { TariffPricing } from '#libs/settlement/outbound/tariff-pricing.js';
import type { TariffCatalogue } from '#libs/tariffs/index.js';
import { startTestEvents, type TestEvents } from './events.js';
import { startPostgres, type TestDatabase } from './postgres.js';
import { publishedTariffs } from './tariffs.js';

/** One authority, two providers, their contracts, and what happens to persons, told as the other capabilities tell it. */
export class SettlementWorld {
  readonly authorityId = newId<'Organisation'>();
  readonly providerId = newId<'Organisation'>();
  readonly rivalId = newId<'Organisation'>();
  readonly contractId = newId<'Contract'>();
  readonly rivalContractId = newId<'Contract'>();
  readonly managerOne = this.staff(this.authorityId, 'PES', 'manager-1', 'CONTRACT_MANAGER');
  readonly managerTwo = this.staff(this.authorityId, 'PES', 'manager-2', 'CONTRACT_MANAGER');
  readonly finance = this.staff(this.providerId, 'PROVIDER', 'finance-1', 'PROVIDER_FINANCE');
  readonly rivalFinance = this.staff(this.rivalId, 'PROVIDER', 'finance-2', 'PROVIDER_FINANCE');

  private constructor(
    readonly database: TestDatabase,
    readonly ports: SettlementPorts,
    private readonly events: TestEvents,
  ) {}

  static async start(tariffs: TariffCatalogue = publishedTariffs()): Promise<SettlementWorld> {
    const database = await startPostgres();
    const { log } = startTestEvents(database);
    const ports = new SettlementPorts(log, new TariffPricing(tariffs), new BooksLedger());
    const world = new SettlementWorld(database, ports, startTestEvents(database, [settlementSubscription(ports)]));
    await world.register();
    return world;
  }

  /** Debits less credits of an account of the authority's books. */
  async balance(code: string): Promise<bigint> {
    const rows = await this.database.asOwner<{ balance: bigint }>(
      `select coalesce(sum(p.amount), 0)::bigint as balance from books.posting p join books.account a on a.id = p.account_id
       where a.code = $1`,
      [code],
    );
    return rows[0]?.balance ?? 0n;
  }

  async journals(): Promise<number> {
    const rows = await this.database.asOwner<{ count: number }>(`select count(*)::int as count from books.journal`);
    return rows[0]?.count ?? 0;
  }

  stop(): Promise<void> {
    return this.database.stop();
  }

  private staff(
    organisationId: Id<'Organisation'>,
    organisationKind: 'PES' | 'PROVIDER',
    actorId: string,
    role: Role,
  ): PartnerPrincipal {
    return { kind: 'person', actorId, organisationId, organisationKind, roles: [role] };
  }

  private async register(): Promise<void> {
    const organisations = [
      [this.authorityId, 'PES', 'Intreo'],
      [this.providerId, 'PROVIDER', 'Liffey Works'],
      [this.rivalId, 'PROVIDER', 'Shannon Works'],
    ] as const;
    for (const [id, kind, name] of organisations) {
      await this.database.asOwner(
        `insert into partners.organisation (id, kind, name, country, time_zone, created_at) values ($1, $2, $3, 'IE', 'Europe/Dublin', now())`,
        [id, kind, name],
      );
      await this.database.asOwner(
        `insert into partners.site (id, organisation_id, position, name, street, building_number, post_code, town)
         values ($1, $2, 1, 'Main', 'Abbey Street', '7', 'D01 X2P2', 'Dublin')`,
        [newId(), id],
      );
    }
    for (const [id, providerId] of [
      [this.contractId, this.providerId],
      [this.rivalContractId, this.rivalId],
    ]) {
      await this.database.asOwner(
        `insert into partners.contract (id, number, authority_id, provider_id, tariff_id, terms, valid_from, created_at)
         values ($1, gen_random_uuid()::text, $2, $3, 'jobpath-ie', '[]', '2015-01-01', now())`,
        [id, this.authorityId, providerId],
      );
    }
  }

  /** Business time stands at nine o'clock of a day until it is set again. */
  async setDay(day: string): Promise<void> {
    await this.database.asOwner(`delete from platform.business_clock`);
    await this.database.asOwner(`insert into platform.business_clock (now) values ($1)`, [`${day}T09:00:00Z`]);
  }

  /** Sets the clock and says so, as the hub's daily job does; then everything that follows has happened. */
  async openDay(day: string): Promise<void> {
    await this.setDay(day);
    await this.tell({ type: 'liaison.platform.day-opened.v1', subject: newId(), data: { day } });
    await this.drain();
  }

  /** The register answers every question that waits. */
  async answerAll(answer: 'YES' | 'NO' | 'UNKNOWN'): Promise<void> {
    const asked = await this.database.asOwner<Asked>(
      `select q.verification_id as "verificationId", q.referral_id as "referralId", e.person_id as "personId",
         e.authority_id as "authorityId", q.question, q.from_on as "from", q.to_on as "to", q.to_on as "asOf"
       from settlement.question q join settlement.engagement e using (referral_id)
       where not exists (select from settlement.fact f where f.key = 'verification:' || q.verification_id)`,
    );
    const type = 'liaison.verification.answered.v1';
    await this.tell(...asked.map((data) => ({ type, subject: data.verificationId, data: { ...data, answer } })));
    await this.drain();
  }

  /** Accepted on 1 February 2018, with a plan, and in a job whose first thirteen weeks are over on 13 May; the register agrees. */
  async atWork(...persons: readonly TestPerson[]): Promise<void> {
    for (const person of persons)
      await this.tell(person.accepted('2018-02-01'), person.planAgreed('2018-02-05'), person.jobVerified('2018-02-12'));
    await this.drain();
    await this.answerAll('YES');
  }

  async tell(...events: readonly NewEvent[]): Promise<void> {
    for (const event of events) {
      await this.database.unitOfWork.transaction({ kind: 'job', actorId: 'world' }, (tx) =>
        this.ports.events.publish(tx, [event]),
      );
    }
  }

  drain(): Promise<void> {
    return this.events.drain();
  }

  as<Answer>(who: PartnerPrincipal, work: (tx: Tx, now: Date) => Promise<Answer>): Promise<Answer> {
    return this.database.unitOfWork.transaction(who, work);
  }

  /** One approves all that passed the checks, another one certifies. */
  async certifyAll(dueUntil: string): Promise<ClaimBatch> {
    const batch = await this.as(this.managerOne, (tx, now) =>
      approveClaims(tx, this.ports, this.managerOne, { dueUntil }, now),
    );
    const { id: batchId, count, sumMinor } = batch;
    const certified = await this.as(this.managerTwo, (tx, now) =>
      certifyClaims(tx, this.ports, this.managerTwo, { batchId, count, sumMinor }, now),
    );
    await this.drain();
    return certified;
  }

  person(options: { readonly rival?: boolean; readonly personId?: Id<'Person'> } = {}): TestPerson {
    const rival = options.rival === true;
    return new TestPerson(
      {
        personId: options.personId ?? newId<'Person'>(),
        authorityId: this.authorityId,
        providerId: rival ? this.rivalId : this.providerId,
      },
      rival ? this.rivalContractId : this.contractId,
    );
  }

  async published(type: string): Promise<Envelope['data'][]> {
    const rows = await this.database.asOwner<{ data: unknown }>(
      `select data from platform.event_log where type = $1 order by logged_at`,
      [type],
    );
    return rows.map((row) => row.data);
  }
}

interface Asked {
  readonly verificationId: string;
  readonly referralId: string;
  readonly personId: string;
  readonly authorityId: string;
  readonly question: string;
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
}

interface Ids {
  readonly personId: Id<'Person'>;
  readonly authorityId: Id<'Organisation'>;
  readonly providerId: Id<'Organisation'>;
}

/** One person in one referral: what the other capabilities would publish of it. */
export class TestPerson {
  readonly referralId = newId<'Referral'>();
  private readonly outcomeId = newId<'Outcome'>();
  private readonly spellId = newId<'Spell'>();

  constructor(
    readonly ids: Ids,
    private readonly contractId: Id<'Contract'>,
  ) {}

  private referral(name: string, data: object): NewEvent {
    return {
      type: `liaison.referral.${name}.v1`,
      subject: this.referralId,
      data: { referralId: this.referralId, ...this.ids, ...data },
    };
  }

  accepted(
    acceptedOn: string,
    [tariffId, tariffVersion]: readonly [string, string] = ['jobpath-ie', '2015'],
  ): NewEvent {
    return this.referral('accepted', {
      contractId: this.contractId,
      service: 'JobPath',
      acceptedOn,
      tariffId,
      tariffVersion,
      terms: [],
      assessment: { group: null, index: null, source: 'PROFILING', assessedAt: `${acceptedOn}T08:00:00Z` },
      area: null,
      unemployedSince: null,
    });
  }

  enteredInError(): NewEvent {
    return this.referral('entered-in-error', {});
  }

  ended(endedOn: string): NewEvent {
    return this.referral('ended-early', { endedOn, code: 'JOB' });
  }

  planAgreed(agreedOn: string): NewEvent {
    return {
      type: 'liaison.plan.agreed.v1',
      subject: this.referralId,
      data: { referralId: this.referralId, ...this.ids, version: 1, agreedOn },
    };
  }

  private outcome(name: string, data: object, referralId: string | null = this.referralId): NewEvent {
    const { personId, authorityId } = this.ids;
    const providerId = referralId === null ? null : this.ids.providerId;
    const known = { outcomeId: this.outcomeId, personId, referralId, authorityId, providerId };
    return { type: `liaison.outcome.${name}.v1`, subject: this.outcomeId, data: { ...known, ...data } };
  }

  private spell(startedOn: string, endedOn: string | null, employerRef: string): object {
    return {
      spellId: this.spellId,
      startedOn,
      endedOn,
      contractType: 'OPEN_ENDED',
      contractMonths: null,
      weeklyHours: '35',
      normalHoursShare: null,
      insured: true,
      employerRef,
    };
  }

  jobReported(startedOn: string, endedOn: string | null = null, employerRef = 'employer-1'): NewEvent {
    return this.outcome('reported', {
      spell: this.spell(startedOn, endedOn, employerRef),
    });
  }

  jobVerified(startedOn: string, endedOn: string | null = null, employerRef = 'employer-1'): NewEvent {
    const verified = { source: 'REGISTER', method: 'REGISTER_ANSWER', verifiedUntil: null };
    return this.outcome('verified', { spell: this.spell(startedOn, endedOn, employerRef), ...verified });
  }

  /** Known from a register, which knows of no referral. */
  jobDetectedAndVerified(startedOn: string, endedOn: string | null = null, employerRef = 'employer-1'): NewEvent {
    const verified = { source: 'REGISTER', method: 'REGISTER_ANSWER', verifiedUntil: null };
    return this.outcome('verified', { spell: this.spell(startedOn, endedOn, employerRef), ...verified }, null);
  }

  jobCorrected(startedOn: string, endedOn: string | null): NewEvent {
    return this.outcome('corrected', { spell: this.spell(startedOn, endedOn, 'employer-1'), source: 'REGISTER' });
  }

  jobEnded(startedOn: string, endedOn: string): NewEvent {
    return this.outcome('ended', { spell: this.spell(startedOn, endedOn, 'employer-1'), source: 'PROVIDER' });
  }

  evidenceRequested(): NewEvent {
    return this.outcome('evidence-requested', { spellId: this.spellId, rung: 1, reason: 'CORRECTED' });
  }

  jobReversed(): NewEvent {
    return this.outcome('reversed', { spellId: this.spellId, reason: 'SOURCE_CORRECTED' });
  }
}
