import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NationalIds } from '#libs/cases/contract/person-names.js';
import { localDate, type Id } from '#libs/kernel/index.js';
import { registerOrganisation } from '#libs/partners/index.js';
import type { HubPrincipal, PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { Disclosure } from '#libs/disclosure/index.js';
import { ReferralLookup, type ReferralSummary } from '#libs/referrals/contract/referral-lookup.js';
import { startTestEvents, type TestEvents } from '#libs/testing/events.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import type { JobRecord } from '#tests/support/stand-in-register/records.js';
import { startStandInRegister, type StandInRegister } from '#tests/support/stand-in-register/stand-in-register.js';
import { Jobs, type Job } from '#libs/platform/jobs/jobs.js';
import { correctJob } from './handlers/correct-job.handler.js';
import type { Registers } from './handlers/ports.js';
import { listOutcomes } from './handlers/read-outcomes.handler.js';
import { reportJobEnd } from './handlers/report-job-end.handler.js';
import { reportJob, type ReportJob } from './handlers/report-job.handler.js';
import { OutcomeServices, RegisterServices } from './handlers/services.js';
import { outcomesSubscription } from './inbound/reactions.js';
import { registerJobs } from './inbound/register.jobs.js';
import { outcomeView } from './inbound/view.js';
import { HttpRegisters } from './outbound/register.client.js';
import { PostgresOutcomeStore } from './outbound/outcome.store.js';
import {
  PostgresReferralProjection,
  PostgresRegisterFeedStore,
  PostgresVerificationStore,
} from './outbound/register-feed.store.js';

const operator: HubPrincipal = { kind: 'operator', actorId: 'test' };
/** Tries of the job queue: the first one and three more. */
const ATTEMPTS = 4;

class Referrals extends ReferralLookup {
  readonly known = new Map<string, ReferralSummary>();
  override find(_tx: Tx, id: string): Promise<ReferralSummary | undefined> {
    return Promise.resolve(this.known.get(id));
  }
}

class Persons extends NationalIds {
  readonly known = new Map<string, string>();
  override of(_tx: Tx, personId: string): Promise<string | undefined> {
    return Promise.resolve(this.known.get(personId));
  }
  override find(_tx: Tx, _authorityId: string, nationalIds: readonly string[]): Promise<Map<string, string>> {
    const entries = [...this.known].map(([personId, nationalId]) => [nationalId, personId] as const);
    return Promise.resolve(new Map(entries.filter(([nationalId]) => nationalIds.includes(nationalId))));
  }
}

describe('outcomes and the register', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-register-'));
  const disclosure = new Disclosure(Buffer.alloc(32, 7));
  const referrals = new Referrals();
  const persons = new Persons();
  let database: TestDatabase;
  let register: StandInRegister;
  let http: HttpRegisters;
  let jobs: Jobs;
  let runs: ReadonlyMap<string, Job['run']>;
  let services: OutcomeServices;
  let events: TestEvents;
  let name: string;
  let registerCount = 0;
  let authorityId: string;
  let adviser: PartnerPrincipal;
  let other: PartnerPrincipal;
  let manager: PartnerPrincipal;

  const principal = (
    id: string,
    kind: 'PROVIDER' | 'PES',
    role: PartnerPrincipal['roles'][number],
  ): PartnerPrincipal => ({
    kind: 'person',
    actorId: `${role.toLowerCase()}-1`,
    organisationId: id as Id<'Organisation'>,
    organisationKind: kind,
    roles: [role],
  });
  const organisation = (kind: 'PES' | 'PROVIDER', name: string): Promise<string> =>
    database.unitOfWork.transaction(
      operator,
      async (tx, now) =>
        (
          await registerOrganisation(
            tx,
            operator,
            { kind, name, country: 'IE', timeZone: 'Europe/Dublin', sites: [] },
            now,
          )
        ).id,
    );

  beforeAll(async () => {
    database = await startPostgres();
    await database.asOwner(`insert into platform.business_clock (now) values ('2018-06-01T08:00:00Z')`);
    register = await startStandInRegister(join(folder, 'registers.jsonl'));
    authorityId = await organisation('PES', 'Authority');
    adviser = principal(await organisation('PROVIDER', 'One'), 'PROVIDER', 'PROVIDER_ADVISER');
    other = principal(await organisation('PROVIDER', 'Two'), 'PROVIDER', 'PROVIDER_ADVISER');
    manager = principal(authorityId, 'PES', 'CONTRACT_MANAGER');
    const log = startTestEvents(database).log;
    const store = new PostgresOutcomeStore();
    // Each test has a register of its own; the services find the one of the moment.
    const registers: Registers = {
      of: (id) => http.of(id),
      get authorityIds() {
        return http.authorityIds;
      },
    };
    jobs = new Jobs(database.unitOfWork);
    const work = new RegisterServices(
      store,
      new PostgresReferralProjection(),
      new PostgresRegisterFeedStore(),
      new PostgresVerificationStore(),
      log,
      persons,
      registers,
      database.unitOfWork,
      jobs,
    );
    services = new OutcomeServices(store, log, referrals, disclosure);
    events = startTestEvents(database, [outcomesSubscription(work)]);
    const list = registerJobs(work);
    for (const each of list) jobs.register(each);
    runs = new Map(list.map((each) => [each.name, (payload, isLast) => each.run(payload, isLast)]));
    await jobs.start();
  });
  beforeEach(async () => {
    await today('2018-06-01');
    referrals.known.clear();
    persons.known.clear();
    // A register that nobody has read from yet.
    name = `IE${String((registerCount += 1))}`;
    await database.asOwner(`delete from outcomes.register_cursor`);
    http = new HttpRegisters(
      { [authorityId]: register.url(name) },
      {
        timeoutMs: 150,
        volumeMin: 8,
        failuresMaxPercent: 50,
        openMs: 60_000,
      },
    );
  });
  afterEach(async () => {
    http.shutdown();
    await behave('normal');
  });
  afterAll(async () => {
    await jobs.stop();
    await register.stop();
    await database.stop();
    rmSync(folder, { recursive: true });
  });

  const today = (day: string): Promise<unknown> =>
    database.asOwner(`update platform.business_clock set now = ($1 || 'T08:00:00Z')::timestamptz`, [day]);

  const control = async (what: string, body: unknown): Promise<void> => {
    const response = await fetch(`${register.url(name)}/control/${what}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
  };
  const behave = (mode: string, answers: number | null = null): Promise<void> =>
    control('behaviour', { mode, answers });

  let count = 0;
  /** A person with a referral that a provider accepted; `known`: outcomes have heard of it. */
  const accepted = async (
    by: PartnerPrincipal,
    person?: string,
    known = true,
  ): Promise<{ personId: string; referralId: string; nationalId: string }> => {
    const personId = person ?? newId<'Person'>();
    const referralId = newId<'Referral'>();
    count += 1;
    const nationalId = persons.known.get(personId) ?? `IE${String(count).padStart(6, '0')}`;
    persons.known.set(personId, nationalId);
    const acceptedOn = localDate('2018-02-01');
    referrals.known.set(referralId, {
      id: referralId,
      state: 'STARTED',
      personId,
      authorityId,
      providerId: by.organisationId,
      acceptedOn,
      startedOn: acceptedOn,
      endedOn: null,
    });
    await database.unitOfWork.transaction(operator, async (tx, now) => {
      for (const purpose of ['REFERRAL_DELIVERY', 'PAYMENT_VERIFICATION'] as const) {
        for (const organisationId of [by.organisationId, authorityId]) {
          const relation = { relationship: 'REFERRAL' as const, relationshipId: referralId };
          await disclosure.grant(
            tx,
            { organisationId, subjectId: personId, purpose, ...relation, grantedBy: authorityId },
            now,
          );
        }
      }
    });
    if (known) await tellAccepted({ referralId, personId, providerId: by.organisationId });
    return { personId, referralId, nationalId };
  };
  const publish = async (type: string, subject: string, data: object): Promise<void> => {
    await database.unitOfWork.transaction(operator, (tx) => events.log.publish(tx, [{ type, subject, data }]));
    await events.drain();
  };
  const tellAccepted = ({
    referralId,
    personId,
    providerId,
  }: {
    referralId: string;
    personId: string;
    providerId: string;
  }): Promise<void> =>
    publish('liaison.referral.accepted.v1', referralId, {
      referralId,
      personId,
      providerId,
      authorityId,
      contractId: newId(),
      service: 'jobpath',
      acceptedOn: '2018-02-01',
      tariffId: 'jobpath-ie',
      tariffVersion: '2018',
      terms: [],
      assessment: { group: null, index: null, source: 'PROFILING', assessedAt: '2018-01-15T00:00:00.000Z' },
      area: null,
      unemployedSince: null,
    });
  const openDay = async (day: string): Promise<void> => {
    await today(day);
    await publish('liaison.platform.day-opened.v1', newId(), { day });
  };

  /** Handles and runs until nothing is left; what failed is tried again at once instead of after its delay. */
  const work = async (): Promise<void> => {
    await events.drain();
    while (!(await jobs.idle())) {
      await jobs.pass();
      await database.asOwner(`update jobs.job set start_after = now() where state = 'retry'`);
      await events.drain();
    }
  };
  /** Takes the jobs of one name that wait out of the queue, to run them otherwise or not at all. */
  const take = async (jobName: string): Promise<{ payload: object; run: () => Promise<void> }[]> => {
    await events.drain();
    const rows = await database.asOwner<{ data: object }>(
      `delete from jobs.job where name = $1 and state = 'created' returning data`,
      [jobName],
    );
    return rows.map(({ data }) => ({ payload: data, run: () => runs.get(jobName)!(data, true) }));
  };
  const readAgain = (personId: string): Promise<void> =>
    runs.get('read-register-of-person')!({ authorityId, personId, asOf: '2018-06-05' }, true);

  const report = (by: PartnerPrincipal, referralId: string, more: Partial<ReportJob> = {}) =>
    database.unitOfWork.transaction(by, (tx, now) =>
      reportJob(
        tx,
        by,
        services,
        {
          referralId,
          startedOn: '2018-05-02',
          contractType: 'OPEN_ENDED',
          weeklyHours: '35',
          insured: true,
          employerNumber: 'IE 4711',
          employerName: 'Example Ltd',
          ...more,
        },
        now,
      ),
    );
  const job = (nationalId: string, more: Partial<JobRecord> = {}): JobRecord => ({
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
  });
  const outcomesOf = (personId: string) =>
    database.asOwner<{
      id: string;
      state: string;
      origin: string;
      referral_id: string | null;
      started_on: string;
      ended_on: string | null;
      rung: number;
      evidence_reason: string | null;
      reason: string | null;
      method: string | null;
      register_ref: string | null;
    }>(
      `select id, state, origin, referral_id, started_on, ended_on, rung, evidence_reason, verification->>'reason' as reason,
              verification->>'method' as method, register_ref
       from outcomes.outcome where person_id = $1 order by id`,
      [personId],
    );
  const published = async (subject: string): Promise<string[]> => {
    await events.drain();
    const rows = await database.asOwner<{ type: string }>(
      `select type from platform.event_log where subject = $1 order by partition, "offset"`,
      [subject],
    );
    return rows.map(({ type }) => type.replace(/^liaison\.|\.v1$/g, ''));
  };

  describe('a report', () => {
    it('is verified by the register’s yes', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId)]);
      const outcome = await report(adviser, referralId);
      expect(outcome.state).toBe('EVIDENCE_PENDING');
      await work();
      expect(await outcomesOf(personId)).toMatchObject([
        { state: 'VERIFIED', method: 'REGISTER_ANSWER', referral_id: referralId },
      ]);
      expect(await published(outcome.id)).toEqual([
        'outcome.reported',
        'outcome.evidence-requested',
        'outcome.verified',
      ]);
    });

    it('is not known to the register of a day on which nobody had told it yet', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId, { startedOn: '2018-05-28', enteredOn: '2018-06-04' })]);
      await report(adviser, referralId, { startedOn: '2018-05-28' });
      await work();
      expect(await outcomesOf(personId)).toMatchObject([
        { state: 'EVIDENCE_PENDING', rung: 2, evidence_reason: 'REGISTER_UNKNOWN' },
      ]);
      await openDay('2018-06-07');
      await take('poll-register');
      expect(await take('ask-register-for-outcome')).toEqual([]);
      await openDay('2018-06-08');
      await take('poll-register');
      await work();
      expect(await outcomesOf(personId)).toMatchObject([{ state: 'VERIFIED', method: 'REGISTER_ANSWER' }]);
    });

    it('survives a register that fails, and waits for one that is silent', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId)]);
      await behave('failing', 1);
      const failing = await report(adviser, referralId);
      await work();
      expect(await outcomesOf(personId)).toMatchObject([{ state: 'VERIFIED' }]);

      const second = await accepted(adviser);
      await control('jobs', [job(second.nationalId)]);
      await behave('slow', ATTEMPTS);
      const slow = await report(adviser, second.referralId);
      await work();
      expect(await outcomesOf(second.personId)).toMatchObject([
        { state: 'EVIDENCE_PENDING', rung: 2, evidence_reason: 'REGISTER_UNREACHABLE' },
      ]);
      await openDay('2018-06-02');
      await take('poll-register');
      await work();
      expect(await outcomesOf(second.personId)).toMatchObject([{ state: 'VERIFIED' }]);
      expect(failing.id).not.toBe(slow.id);
    });

    it('does not take what is not an answer for one', async () => {
      const { personId, referralId } = await accepted(adviser);
      await behave('garbled', ATTEMPTS);
      await report(adviser, referralId);
      await work();
      expect(await outcomesOf(personId)).toMatchObject([
        { state: 'EVIDENCE_PENDING', evidence_reason: 'REGISTER_UNREACHABLE' },
      ]);
    });

    it('spares a register that is out of order: the breaker opens and no more questions arrive', async () => {
      await behave('failing');
      for (let n = 0; n < 3; n += 1) {
        const { referralId } = await accepted(adviser);
        await report(adviser, referralId);
      }
      await work();
      const asked = register.asked;
      const { personId, referralId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId)]);
      await report(adviser, referralId);
      await work();
      expect(register.asked).toBe(asked);
      expect(await outcomesOf(personId)).toMatchObject([
        { state: 'EVIDENCE_PENDING', evidence_reason: 'REGISTER_UNREACHABLE' },
      ]);
    });

    it('that a wrong register denies is proven when its feed says better', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId)]);
      await behave('wrong', 1);
      await report(adviser, referralId);
      await work();
      expect(await outcomesOf(personId)).toMatchObject([{ state: 'NOT_VERIFIED', reason: 'REGISTER_SAYS_NO' }]);
      await openDay('2018-06-02');
      await work();
      expect(await outcomesOf(personId)).toMatchObject([
        { state: 'VERIFIED', method: 'REGISTER_FEED', origin: 'REPORTED' },
      ]);
    });

    it('of another provider’s referral finds no referral', async () => {
      const { referralId } = await accepted(other);
      await expect(report(adviser, referralId)).rejects.toMatchObject({ code: 'outcome.referral-not-found' });
      await expect(report(adviser, newId())).rejects.toMatchObject({ code: 'outcome.referral-not-found' });
    });

    it('of a job that is reported already is refused', async () => {
      const { referralId } = await accepted(adviser);
      await report(adviser, referralId);
      await expect(report(adviser, referralId)).rejects.toMatchObject({ code: 'outcome.already-reported' });
    });

    it('keeps what was said before it was corrected', async () => {
      const { referralId } = await accepted(adviser);
      const outcome = await report(adviser, referralId);
      await today('2018-06-03');
      await database.unitOfWork.transaction(adviser, (tx, now) =>
        correctJob(
          tx,
          adviser,
          services,
          { outcomeId: outcome.id, startedOn: '2018-05-07', weeklyHours: '30', reason: 'Mistyped.' },
          now,
        ),
      );
      await database.unitOfWork.transaction(adviser, (tx, now) =>
        reportJobEnd(tx, adviser, services, { outcomeId: outcome.id, endedOn: '2018-06-02' }, now),
      );
      const history = await database.asOwner(
        `select version, type, data->'spell'->>'startedOn' as started, data->'spell'->>'endedOn' as ended, recorded_at::date::text as recorded, reason
         from outcomes.history where outcome_id = $1 order by version`,
        [outcome.id],
      );
      expect(history).toMatchObject([
        {
          version: 1,
          type: 'liaison.outcome.reported.v1',
          started: '2018-05-02',
          recorded: '2018-06-01',
          reason: null,
        },
        { version: 2, type: 'liaison.outcome.evidence-requested.v1' },
        {
          version: 3,
          type: 'liaison.outcome.corrected.v1',
          started: '2018-05-07',
          recorded: '2018-06-03',
          reason: 'Mistyped.',
        },
        { version: 4, type: 'liaison.outcome.evidence-requested.v1' },
        { version: 5, type: 'liaison.outcome.ended.v1', ended: '2018-06-02' },
      ]);
    });

    it('is taken back when its referral was entered in error', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId)]);
      const outcome = await report(adviser, referralId);
      await work();
      await publish('liaison.referral.entered-in-error.v1', referralId, {
        referralId,
        personId,
        authorityId,
        providerId: adviser.organisationId,
      });
      expect(await outcomesOf(personId)).toMatchObject([{ state: 'REVERSED' }]);
      expect((await published(outcome.id)).at(-1)).toBe('outcome.reversed');
    });
  });

  describe('the same job reported by two providers', () => {
    it('belongs to the first proof; the other hears nothing of it', async () => {
      const first = await accepted(adviser);
      const second = await accepted(other, first.personId);
      await control('jobs', [job(first.nationalId)]);
      const a = await report(adviser, first.referralId);
      const b = await report(other, second.referralId);
      await work();
      expect(await outcomesOf(first.personId)).toMatchObject([
        { id: a.id, state: 'VERIFIED' },
        { id: b.id, state: 'NOT_VERIFIED', reason: 'DUPLICATE' },
      ]);
      const seen = await read(other);
      expect(seen.map(({ id }) => id)).toEqual([b.id]);
      const told = JSON.stringify(seen);
      for (const secret of [a.id, adviser.organisationId, first.referralId, first.personId])
        expect(told).not.toContain(secret);
    });

    it('is proven once, also when both answers come at the same moment', async () => {
      const first = await accepted(adviser);
      const second = await accepted(other, first.personId);
      await control('jobs', [job(first.nationalId)]);
      await report(adviser, first.referralId);
      await report(other, second.referralId);
      const questions = await take('ask-register-for-outcome');
      expect(questions).toHaveLength(2);
      await Promise.all(questions.map(({ run }) => run()));
      expect((await outcomesOf(first.personId)).map(({ state }) => state)).toEqual(['VERIFIED', 'NOT_VERIFIED']);
    });
  });

  const read = (by: PartnerPrincipal) =>
    database.unitOfWork.transaction(by, async (tx, now) => {
      const filter = { referralId: null, states: null, after: null, limit: 101, first: 100 };
      const { rows, views } = await listOutcomes(tx, by, services, filter, now);
      return rows.flatMap((row) => {
        const view = views.get(row.id);
        return view === undefined ? [] : [outcomeView(view, by, disclosure)];
      });
    });

  describe('a reader', () => {
    it('sees details of a job where it reported it or pays for it, and only its own id of the person', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId)]);
      await openDay('2018-06-01');
      await work();
      const [detected] = await read(adviser);
      expect(detected).toMatchObject({ referralId, origin: 'DETECTED', weeklyHours: null, employerName: null });
      expect(detected?.redactions).toContainEqual({
        path: 'weeklyHours',
        category: 'C5',
        reason: 'REPORTED_BY_ANOTHER',
      });
      expect(detected?.personId).toBe(disclosure.pairwiseId(adviser.organisationId, personId));
      const paid = (await read(manager)).find(({ id }) => id === detected?.id);
      expect(paid).toMatchObject({ weeklyHours: '35', employerName: 'Example Ltd', redactions: [] });
      await report(adviser, referralId);
      expect((await read(adviser))[0]).toMatchObject({ id: detected?.id, weeklyHours: '35', redactions: [] });
    });

    it('sees nothing once its relation has ended', async () => {
      const { referralId } = await accepted(adviser);
      const outcome = await report(adviser, referralId);
      expect((await read(adviser)).map(({ id }) => id)).toContain(outcome.id);
      await database.unitOfWork.transaction(operator, (tx, now) =>
        disclosure.end(
          tx,
          { relationship: 'REFERRAL', relationshipId: referralId, organisationId: adviser.organisationId },
          now,
        ),
      );
      expect((await read(adviser)).map(({ id }) => id)).not.toContain(outcome.id);
    });
  });

  describe('the feed', () => {
    it('detects, ends, corrects and takes back, for the referral whose time it falls into', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser);
      const changes = [
        job(nationalId, { enteredOn: '2018-06-01' }),
        job(nationalId, { enteredOn: '2018-06-02', revision: 2, endedOn: '2018-05-30' }),
        job(nationalId, { enteredOn: '2018-06-03', revision: 3, endedOn: '2018-05-30', startedOn: '2018-05-04' }),
        job(nationalId, { enteredOn: '2018-06-04', revision: 4, withdrawn: true }),
      ];
      await control('jobs', changes);
      const states = [];
      for (const day of ['2018-06-01', '2018-06-02', '2018-06-03', '2018-06-04']) {
        await openDay(day);
        await work();
        states.push(
          (await outcomesOf(personId)).map(({ state, started_on, ended_on }) => [state, started_on, ended_on]),
        );
      }
      expect(states).toEqual([
        [['VERIFIED', '2018-05-02', null]],
        [['VERIFIED', '2018-05-02', '2018-05-30']],
        [['VERIFIED', '2018-05-04', '2018-05-30']],
        [['REVERSED', '2018-05-04', '2018-05-30']],
      ]);
      const [outcome] = await outcomesOf(personId);
      expect(outcome?.referral_id).toBe(referralId);
      expect(await published(outcome!.id)).toEqual([
        'outcome.detected',
        'outcome.verified',
        'outcome.ended',
        'outcome.corrected',
        'outcome.verified',
        'outcome.reversed',
      ]);
    });

    it('read twice, at the same time and from a page that came before, changes nothing', async () => {
      const { personId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId)]);
      const poll = () => runs.get('poll-register')!({ authorityId, asOf: '2018-06-05' }, true);
      await Promise.all([poll(), poll(), poll()]);
      await readAgain(personId);
      await poll();
      const outcomes = await outcomesOf(personId);
      expect(outcomes).toMatchObject([{ state: 'VERIFIED', register_ref: `R-${nationalId}` }]);
      expect(await published(outcomes[0]!.id)).toEqual(['outcome.detected', 'outcome.verified']);
    });

    it('ends the same in whatever order its changes are taken', async () => {
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray([1, 2, 3], { minLength: 3 }), fc.boolean(), async (order, withdrawn) => {
          const { personId, nationalId } = await accepted(adviser);
          const revision = (n: number) =>
            job(nationalId, { revision: n, endedOn: `2018-05-2${String(n)}`, withdrawn: withdrawn && n === 3 });
          for (const n of order) {
            // One change at a time, as if each came on a page of its own.
            await control('jobs', [revision(n)]);
            await readAgain(personId);
          }
          const standing = (await outcomesOf(personId)).filter(({ state }) => state !== 'REVERSED');
          expect(standing.map(({ ended_on }) => ended_on)).toEqual(withdrawn ? [] : ['2018-05-23']);
        }),
        { numRuns: 12 },
      );
    });

    it('proves a report, and a report joins what it detected', async () => {
      const first = await accepted(adviser);
      const second = await accepted(adviser);
      await behave('unknown');
      await report(adviser, first.referralId);
      await work();
      await behave('normal');
      await control('jobs', [job(first.nationalId), job(second.nationalId)]);
      await openDay('2018-06-02');
      await work();
      expect(await outcomesOf(first.personId)).toMatchObject([
        { origin: 'REPORTED', state: 'VERIFIED', method: 'REGISTER_FEED' },
      ]);
      const joined = await report(adviser, second.referralId, { normalHoursShare: '0.9' });
      expect(joined).toMatchObject({ origin: 'DETECTED', state: 'VERIFIED', reporterId: adviser.organisationId });
      expect(await outcomesOf(second.personId)).toHaveLength(1);
    });

    it('gives way to the report of a provider whose referral was not known when it came', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser, undefined, false);
      await control('jobs', [job(nationalId)]);
      await openDay('2018-06-02');
      await work();
      expect(await outcomesOf(personId)).toMatchObject([{ origin: 'DETECTED', referral_id: null }]);
      const reported = await report(adviser, referralId);
      await work();
      expect(await outcomesOf(personId)).toMatchObject([
        { state: 'REVERSED' },
        { id: reported.id, state: 'VERIFIED', register_ref: `R-${nationalId}` },
      ]);
      await control('jobs', [job(nationalId, { revision: 2, enteredOn: '2018-06-03', endedOn: '2018-05-31' })]);
      await openDay('2018-06-03');
      await work();
      expect((await outcomesOf(personId))[1]).toMatchObject({ id: reported.id, ended_on: '2018-05-31' });
    });

    it('before its referral was heard of is attributed when it is', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser, undefined, false);
      await control('jobs', [job(nationalId)]);
      await openDay('2018-06-02');
      await work();
      await tellAccepted({ referralId, personId, providerId: adviser.organisationId });
      const [outcome] = await outcomesOf(personId);
      expect(outcome).toMatchObject({ origin: 'DETECTED', state: 'VERIFIED', referral_id: referralId });
    });

    it('of somebody who comes on record later is read then', async () => {
      await control('jobs', [
        job('IE-LATER', { startedOn: '2015-03-02', endedOn: '2015-08-31', enteredOn: '2015-03-10' }),
      ]);
      await openDay('2018-06-02');
      await work();
      const personId = newId<'Person'>();
      persons.known.set(personId, 'IE-LATER');
      await publish('liaison.person.registered.v1', personId, { personId, authorityId, municipalityId: newId() });
      await work();
      expect(await outcomesOf(personId)).toMatchObject([
        { state: 'VERIFIED', referral_id: null, ended_on: '2015-08-31' },
      ]);
    });

    it('passes over a job that cannot be, and notes it', async () => {
      const { personId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId, { ref: `X-${nationalId}`, endedOn: '2018-04-30' }), job(nationalId)]);
      await openDay('2018-06-02');
      await work();
      expect(await outcomesOf(personId)).toHaveLength(1);
      expect(
        await database.asOwner(`select code, field from outcomes.register_refused where register_ref = $1`, [
          `X-${nationalId}`,
        ]),
      ).toEqual([{ code: 'outcome.ends-before-start', field: 'endedOn' }]);
    });

    it('belongs to the right referral after the wrong one was entered in error', async () => {
      const wrong = await accepted(adviser);
      const right = await accepted(other, wrong.personId, false);
      await control('jobs', [job(wrong.nationalId)]);
      await openDay('2018-06-02');
      await work();
      await tellAccepted({ ...right, providerId: other.organisationId });
      await publish('liaison.referral.entered-in-error.v1', wrong.referralId, {
        referralId: wrong.referralId,
        personId: wrong.personId,
        authorityId,
        providerId: adviser.organisationId,
      });
      expect(await outcomesOf(wrong.personId)).toMatchObject([
        { state: 'REVERSED', referral_id: wrong.referralId },
        { state: 'VERIFIED', referral_id: right.referralId },
      ]);
    });
  });

  describe('a question of pricing', () => {
    const ask = async (personId: string, referralId: string, more: object = {}): Promise<string> => {
      const verificationId = newId();
      const question = {
        question: 'IN_WORK_AND_OFF_REGISTER',
        from: '2018-05-02',
        to: '2018-05-31',
        earliest: '2018-06-01',
      };
      await publish('liaison.verification.asked.v1', verificationId, {
        verificationId,
        referralId,
        personId,
        authorityId,
        ...question,
        ...more,
      });
      return verificationId;
    };
    const answers = async (verificationId: string): Promise<unknown[]> => {
      await events.drain();
      const rows = await database.asOwner<{ data: { answer: string; asOf: string } }>(
        `select data from platform.event_log where subject = $1 and type = 'liaison.verification.answered.v1' order by partition, "offset"`,
        [verificationId],
      );
      return rows.map(({ data }) => [data.answer, data.asOf]);
    };

    it('is answered by the register as of the day', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId)]);
      const first = await ask(personId, referralId);
      await work();
      expect(await answers(first)).toEqual([['YES', '2018-06-01']]);
      await control('unemployment', [
        {
          ref: `U-${nationalId}`,
          revision: 1,
          nationalId,
          enteredOn: '2018-06-01',
          withdrawn: false,
          from: '2018-05-20',
          to: null,
        },
      ]);
      const second = await ask(personId, referralId);
      await work();
      expect(await answers(second)).toEqual([['NO', '2018-06-01']]);
    });

    it('waits for the first day on which it can be asked, and is asked once', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId)]);
      const id = await ask(personId, referralId, { earliest: '2018-06-04' });
      await ask(personId, referralId, { verificationId: id, earliest: '2018-06-04' });
      expect(await take('ask-register-for-verification')).toEqual([]);
      await openDay('2018-06-04');
      await work();
      await openDay('2018-06-05');
      await work();
      expect(await answers(id)).toEqual([['YES', '2018-06-04']]);
    });

    it('that nobody could answer is UNKNOWN, and asked again on a later day', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId)]);
      await behave('failing', ATTEMPTS);
      const id = await ask(personId, referralId);
      await work();
      expect(await answers(id)).toEqual([['UNKNOWN', '2018-06-01']]);
      await openDay('2018-06-02');
      await work();
      expect(await answers(id)).toEqual([
        ['UNKNOWN', '2018-06-01'],
        ['YES', '2018-06-02'],
      ]);
    });

    it('run twice is answered once; one the register does not know is UNKNOWN', async () => {
      const { personId, referralId, nationalId } = await accepted(adviser);
      await control('jobs', [job(nationalId)]);
      const id = await ask(personId, referralId);
      const [question] = await take('ask-register-for-verification');
      await Promise.all([question!.run(), question!.run()]);
      expect(await answers(id)).toEqual([['YES', '2018-06-01']]);
      const strange = await ask(personId, referralId, { question: 'LEFT_HANDED' });
      await work();
      expect(await answers(strange)).toEqual([['UNKNOWN', '2018-06-01']]);
    });
  });
});

describe('the stand-in register', () => {
  it('knows after a restart what it was told before, and nothing of a line that a kill cut off', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stand-in-register-'));
    const file = join(folder, 'registers.jsonl');
    const told = {
      ref: 'R',
      revision: 1,
      nationalId: 'P',
      enteredOn: '2018-01-01',
      withdrawn: false,
      from: '2018-01-01',
      to: null,
    };
    const question = 'persons/P/employment?question=OFF_REGISTER&from=2018-02-01&to=2018-02-01&asOf=2018-02-01';
    const answer = async (register: StandInRegister): Promise<unknown> =>
      (await fetch(`${register.url('DE')}/${question}`)).json();
    const first = await startStandInRegister(file);
    expect(await answer(first)).toEqual({ answer: 'yes' });
    await fetch(`${first.url('DE')}/control/unemployment`, { method: 'POST', body: JSON.stringify([told]) });
    await first.stop();
    appendFileSync(file, '{"register":"DE","kind":"unem');
    const second = await startStandInRegister(file);
    expect(await answer(second)).toEqual({ answer: 'no' });
    await second.stop();
    rmSync(folder, { recursive: true });
  });
});
