import { In, LessThan } from 'typeorm';
import { HubError, type LocalDate } from '#libs/kernel/index.js';
import { isPartner, type Principal } from '#libs/platform/auth/principal.js';
import { entities, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { OutcomeId, OutcomeState } from '../contract/outcome.js';
import type { Outcome, OutcomeEvent } from '../domain/outcome.js';
import type { Spell } from '../domain/spell.js';
import type { EvidenceEntry, HistoryEntry, OutcomeStore } from '../handlers/ports.js';
import { OutcomeEntity } from './outcome.entity.js';

/** Key space of the advisory locks on persons, apart from those of other capabilities. */
const PERSON_LOCK = 600;

/** Outcomes in PostgreSQL: the evolved state with its version, and the history beside it. */
export class PostgresOutcomeStore implements OutcomeStore {
  async lockPerson(tx: Tx, personId: string): Promise<void> {
    await sql(tx, `select pg_advisory_xact_lock($1::int, hashtext($2))`, [PERSON_LOCK, personId]);
  }

  async insert(tx: Tx, outcome: Outcome): Promise<void> {
    await entities(tx).insert(OutcomeEntity, toRow(outcome));
  }

  async find(tx: Tx, id: string): Promise<Outcome | undefined> {
    const row = await entities(tx).findOneBy(OutcomeEntity, { id });
    return row === null ? undefined : toOutcome(row);
  }

  async ofPerson(tx: Tx, personId: string): Promise<Outcome[]> {
    const rows = await entities(tx).find(OutcomeEntity, { where: { personId }, order: { id: 'ASC' } });
    return rows.map(toOutcome);
  }

  async update(tx: Tx, outcome: Outcome, previousVersion: number): Promise<void> {
    const result = await entities(tx).update(
      OutcomeEntity,
      { id: outcome.id, version: previousVersion },
      toRow(outcome),
    );
    if (result.affected !== 1) {
      throw new HubError('outcome.changed-meanwhile', 'Somebody else changed this outcome meanwhile: read it again.', {
        retriable: true,
      });
    }
  }

  async appendHistory(
    tx: Tx,
    entry: { readonly version: number; readonly event: OutcomeEvent; readonly reason: string | null },
    by: Principal,
    now: Date,
  ): Promise<void> {
    const { event } = entry;
    await sql(
      tx,
      `insert into outcomes.history
         (outcome_id, version, type, data, reason, effective_on, recorded_at, organisation_id, actor_id)
       values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9)`,
      [
        event.data.outcomeId,
        entry.version,
        event.type,
        JSON.stringify(event.data),
        entry.reason,
        event.effectiveOn,
        now,
        isPartner(by) ? by.organisationId : null,
        by.actorId,
      ],
    );
  }

  async list(
    tx: Tx,
    filter: {
      readonly referralId: string | null;
      readonly states: readonly OutcomeState[] | null;
      readonly after: string | null;
      readonly limit: number;
    },
  ): Promise<Outcome[]> {
    const rows = await entities(tx).find(OutcomeEntity, {
      where: {
        ...(filter.referralId === null ? {} : { referralId: filter.referralId }),
        ...(filter.states === null ? {} : { state: In([...filter.states]) }),
        ...(filter.after === null ? {} : { id: LessThan(filter.after) }),
      },
      // Ids are UUIDv7: newest first.
      order: { id: 'DESC' },
      take: filter.limit,
    });
    return rows.map(toOutcome);
  }

  async histories(tx: Tx, outcomeIds: readonly string[]): Promise<Map<string, HistoryEntry[]>> {
    const rows = await sql<HistoryEntry>(
      tx,
      `select outcome_id as "outcomeId", version, type, data->'spell' as spell, effective_on as "effectiveOn",
              recorded_at as "recordedAt", organisation_id as "organisationId"
       from outcomes.history where outcome_id = any($1::uuid[]) order by outcome_id, version`,
      [outcomeIds],
    );
    return Map.groupBy(rows, (row) => row.outcomeId);
  }

  async keepEvidence(
    tx: Tx,
    { id, outcomeId, authorityId, rung, answer, note }: Omit<EvidenceEntry, 'actorId' | 'recordedAt'>,
    by: Principal,
    now: Date,
  ): Promise<void> {
    await sql(
      tx,
      `insert into outcomes.evidence (id, outcome_id, authority_id, rung, answer, note, actor_id, recorded_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, outcomeId, authorityId, rung, answer, note, by.actorId, now],
    );
  }

  async evidence(tx: Tx, outcomeIds: readonly string[]): Promise<Map<string, EvidenceEntry[]>> {
    const rows = await sql<EvidenceEntry>(
      tx,
      `select id, outcome_id as "outcomeId", authority_id as "authorityId", rung, answer, note, actor_id as "actorId",
              recorded_at as "recordedAt"
       from outcomes.evidence where outcome_id = any($1::uuid[]) order by outcome_id, recorded_at, id`,
      [outcomeIds],
    );
    return Map.groupBy(rows, (row) => row.outcomeId);
  }

  async askOn(tx: Tx, outcomeId: string, day: LocalDate | null): Promise<void> {
    await sql(tx, `update outcomes.outcome set ask_on = $2 where id = $1`, [outcomeId, day]);
  }

  async due(
    tx: Tx,
    day: LocalDate,
    lapsed: LocalDate,
    limit: number,
  ): Promise<{ readonly ask: readonly string[]; readonly lapse: readonly string[] }> {
    const rows = await sql<{ id: string; lapse: boolean }>(
      tx,
      `select id, (state = 'EVIDENCE_PENDING' and evidence_since < $2) as lapse from outcomes.outcome
       where state in ('REPORTED', 'EVIDENCE_PENDING') and (ask_on <= $1 or (state = 'EVIDENCE_PENDING' and evidence_since < $2))
       order by id limit $3`,
      [day, lapsed, limit],
    );
    return {
      ask: rows.filter((row) => !row.lapse).map((row) => row.id),
      lapse: rows.filter((row) => row.lapse).map((row) => row.id),
    };
  }
}

function toRow({ spell, verification, ...outcome }: Outcome): OutcomeEntity {
  return Object.assign(new OutcomeEntity(), outcome, spell, {
    verification: verification === null ? null : { ...verification, answeredAt: verification.answeredAt.toISOString() },
  });
}

function toOutcome(row: OutcomeEntity): Outcome {
  const { startedOn, endedOn, contractType, contractMonths, weeklyHours, normalHoursShare, insured, employerRef } = row;
  const spell: Spell = {
    startedOn,
    endedOn,
    contractType,
    contractMonths,
    weeklyHours,
    normalHoursShare,
    insured,
    employerRef,
  };
  const verification =
    row.verification === null ? null : { ...row.verification, answeredAt: new Date(row.verification.answeredAt) };
  return {
    id: row.id as OutcomeId,
    state: row.state,
    origin: row.origin,
    version: row.version,
    personId: row.personId,
    authorityId: row.authorityId,
    referralId: row.referralId,
    providerId: row.providerId,
    reporterId: row.reporterId,
    spell,
    reportedEnd: row.reportedEnd,
    employerName: row.employerName,
    vacancyId: row.vacancyId,
    registerRef: row.registerRef,
    rung: row.rung,
    evidenceReason: row.evidenceReason,
    evidenceSince: row.evidenceSince,
    verification,
  };
}
