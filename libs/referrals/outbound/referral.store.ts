import { In, LessThan } from 'typeorm';
import { HubError, type LocalDate } from '#libs/kernel/index.js';
import { isPartner, type Principal } from '#libs/platform/auth/principal.js';
import { entities, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { ReferralId, ReferralState } from '../contract/referral.js';
import type { Referral, ReferralEvent } from '../domain/referral.js';
import type { ClockMove, ReferralStore, TimelineEntry } from '../handlers/ports.js';
import { ReferralEntity } from './referral.entity.js';

/** Referrals in PostgreSQL: the evolved state with its version, and the history beside it. */
export class PostgresReferralStore implements ReferralStore {
  async insert(tx: Tx, referral: Referral): Promise<void> {
    await entities(tx).insert(ReferralEntity, toRow(referral));
  }

  async find(tx: Tx, id: string): Promise<Referral | undefined> {
    const row = await entities(tx).findOneBy(ReferralEntity, { id });
    return row === null ? undefined : toReferral(row);
  }

  async update(tx: Tx, referral: Referral, previousVersion: number): Promise<void> {
    const result = await entities(tx).update(
      ReferralEntity,
      { id: referral.id, version: previousVersion },
      toRow(referral),
    );
    if (result.affected !== 1) {
      throw new HubError(
        'referral.changed-meanwhile',
        'Somebody else changed this referral meanwhile: read it again.',
        {
          retriable: true,
        },
      );
    }
  }

  async appendHistory(
    tx: Tx,
    referral: Referral,
    event: ReferralEvent,
    principal: Principal,
    now: Date,
  ): Promise<void> {
    await sql(
      tx,
      `insert into referrals.history (referral_id, version, type, data, effective_on, recorded_at, organisation_id, actor_id)
       values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8)`,
      [
        referral.id,
        referral.version,
        event.type,
        JSON.stringify(event.data),
        event.effectiveOn,
        now,
        isPartner(principal) ? principal.organisationId : null,
        principal.actorId,
      ],
    );
  }

  async list(
    tx: Tx,
    filter: { readonly states: readonly ReferralState[] | null; readonly after: string | null; readonly limit: number },
  ): Promise<Referral[]> {
    const rows = await entities(tx).find(ReferralEntity, {
      where: {
        ...(filter.states === null ? {} : { state: In([...filter.states]) }),
        ...(filter.after === null ? {} : { id: LessThan(filter.after) }),
      },
      // Ids are UUIDv7: newest first.
      order: { id: 'DESC' },
      take: filter.limit,
    });
    return rows.map(toReferral);
  }

  async timelines(tx: Tx, referralIds: readonly string[]): Promise<Map<string, TimelineEntry[]>> {
    const rows = await sql<TimelineEntry>(
      tx,
      `select referral_id as "referralId", type, effective_on as "effectiveOn", recorded_at as "recordedAt",
              organisation_id as "organisationId"
       from referrals.history where referral_id = any($1::uuid[]) order by referral_id, version`,
      [referralIds],
    );
    return Map.groupBy(rows, (row) => row.referralId);
  }

  async placesTaken(tx: Tx, contractId: string, lotCode: string): Promise<number> {
    const [row] = await sql<{ count: number }>(
      tx,
      `select count(*)::int as count from referrals.referral
       where contract_id = $1 and coalesce(price->>'lotCode', $2) = $2
         and accepted_on is not null and state in ('ACCEPTED', 'STARTED', 'CANCEL_REQUESTED')`,
      [contractId, lotCode],
    );
    return row?.count ?? 0;
  }

  async lockLot(tx: Tx, contractId: string, lotCode: string): Promise<void> {
    await sql(tx, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`referrals.lot:${contractId}:${lotCode}`]);
  }

  async overdue(tx: Tx, day: LocalDate, limit: number): Promise<Record<ClockMove, string[]>> {
    const rows = await sql<{ id: string; what: ClockMove }>(
      tx,
      `select id, case when state = 'CHOICE_OPEN' then 'choose' when state = 'CANCEL_REQUESTED' then 'withdraw'
                       when answer_by < $1 then 'expire' else 'remind' end as what
       from referrals.referral
       where (state = 'REQUESTED' and (answer_by < $1 or remind_on <= $1)) or (state = 'CHOICE_OPEN' and choose_by < $1)
          or (state = 'CANCEL_REQUESTED' and answer_by < $1)
       order by id limit $2`,
      [day, limit],
    );
    const ids = (what: ClockMove): string[] => rows.filter((row) => row.what === what).map((row) => row.id);
    return { expire: ids('expire'), remind: ids('remind'), choose: ids('choose'), withdraw: ids('withdraw') };
  }
}

const toRow = (referral: Referral): ReferralEntity =>
  Object.assign(new ReferralEntity(), referral, { askedProviderIds: [...referral.askedProviderIds] });

function toReferral(row: ReferralEntity): Referral {
  return Object.assign({}, row, { id: row.id as ReferralId });
}
