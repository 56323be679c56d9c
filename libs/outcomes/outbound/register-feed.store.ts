import { sql, type Tx } from '#libs/platform/postgres/index.js';
import type { LocalDate } from '#libs/kernel/index.js';
import type { RegisterAnswer } from '../contract/outcome.js';
import type { ReferralView } from '../domain/attribution.js';
import type { KnownRegisterSpell } from '../domain/register-feed.js';
import type {
  ReferralProjection,
  RegisterFeedStore,
  VerificationRequest,
  VerificationStore,
} from '../handlers/ports.js';

export class PostgresRegisterFeedStore implements RegisterFeedStore {
  async cursor(tx: Tx, authorityId: string): Promise<string> {
    await sql(
      tx,
      `insert into outcomes.register_cursor (authority_id, cursor, read_at) values ($1, '', now()) on conflict do nothing`,
      [authorityId],
    );
    const rows = await sql<{ cursor: string }>(
      tx,
      `select cursor from outcomes.register_cursor where authority_id = $1 for update`,
      [authorityId],
    );
    return rows[0]?.cursor ?? '';
  }

  async moveCursor(tx: Tx, authorityId: string, cursor: string, now: Date): Promise<void> {
    await sql(tx, `update outcomes.register_cursor set cursor = $2, read_at = $3 where authority_id = $1`, [
      authorityId,
      cursor,
      now,
    ]);
  }

  async known(tx: Tx, authorityId: string, registerRef: string): Promise<KnownRegisterSpell | undefined> {
    const rows = await sql<KnownRegisterSpell>(
      tx,
      `select revision, outcome_id as "outcomeId" from outcomes.register_spell where authority_id = $1 and register_ref = $2`,
      [authorityId, registerRef],
    );
    return rows[0];
  }

  async keep(tx: Tx, authorityId: string, registerRef: string, known: KnownRegisterSpell): Promise<void> {
    await sql(
      tx,
      `insert into outcomes.register_spell (authority_id, register_ref, revision, outcome_id) values ($1, $2, $3, $4)
       on conflict (authority_id, register_ref) do update set revision = excluded.revision, outcome_id = excluded.outcome_id`,
      [authorityId, registerRef, known.revision, known.outcomeId],
    );
  }

  async refuse(
    tx: Tx,
    authorityId: string,
    refused: { readonly registerRef: string; readonly revision: number; readonly code: string; readonly field: string },
    now: Date,
  ): Promise<void> {
    await sql(
      tx,
      `insert into outcomes.register_refused (authority_id, register_ref, revision, code, field, recorded_at)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [authorityId, refused.registerRef, refused.revision, refused.code, refused.field, now],
    );
  }
}

export class PostgresReferralProjection implements ReferralProjection {
  async accepted(tx: Tx, referral: ReferralView): Promise<void> {
    await sql(
      tx,
      `insert into outcomes.referral (referral_id, person_id, authority_id, provider_id, state, accepted_on, ended_on)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (referral_id) do nothing`,
      [
        referral.referralId,
        referral.personId,
        referral.authorityId,
        referral.providerId,
        referral.state,
        referral.acceptedOn,
        referral.endedOn,
      ],
    );
  }

  async changed(tx: Tx, referralId: string, state: ReferralView['state'], endedOn: LocalDate | null): Promise<void> {
    await sql(tx, `update outcomes.referral set state = $2, ended_on = coalesce($3, ended_on) where referral_id = $1`, [
      referralId,
      state,
      endedOn,
    ]);
  }

  async ofPerson(tx: Tx, personId: string): Promise<ReferralView[]> {
    return sql<ReferralView>(
      tx,
      `select referral_id as "referralId", person_id as "personId", authority_id as "authorityId",
              provider_id as "providerId", state, accepted_on as "acceptedOn", ended_on as "endedOn"
       from outcomes.referral where person_id = $1 order by referral_id`,
      [personId],
    );
  }
}

const REQUEST = `id, referral_id as "referralId", person_id as "personId", authority_id as "authorityId", question,
  from_day as "from", to_day as "to"`;

export class PostgresVerificationStore implements VerificationStore {
  async insert(tx: Tx, request: VerificationRequest, askOn: LocalDate | null): Promise<boolean> {
    const rows = await sql(
      tx,
      `insert into outcomes.verification (id, referral_id, person_id, authority_id, question, from_day, to_day, ask_on)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing returning id`,
      [
        request.id,
        request.referralId,
        request.personId,
        request.authorityId,
        request.question,
        request.from,
        request.to,
        askOn,
      ],
    );
    return rows.length === 1;
  }

  async open(tx: Tx, id: string): Promise<VerificationRequest | undefined> {
    const rows = await sql<VerificationRequest>(
      tx,
      `select ${REQUEST} from outcomes.verification
       where id = $1 and (answer is null or answer = 'UNKNOWN') for update`,
      [id],
    );
    return rows[0];
  }

  async answer(
    tx: Tx,
    id: string,
    answer: { readonly answer: RegisterAnswer; readonly reason: string | null; readonly asOf: LocalDate },
    askOn: LocalDate | null,
  ): Promise<void> {
    await sql(tx, `update outcomes.verification set answer = $2, reason = $3, as_of = $4, ask_on = $5 where id = $1`, [
      id,
      answer.answer,
      answer.reason,
      answer.asOf,
      askOn,
    ]);
  }

  async takeDue(tx: Tx, day: LocalDate, limit: number): Promise<VerificationRequest[]> {
    return sql<VerificationRequest>(
      tx,
      `update outcomes.verification set ask_on = null
       where id in (select id from outcomes.verification where ask_on <= $1 order by id limit $2 for update)
       returning ${REQUEST}`,
      [day, limit],
    );
  }
}
