import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LocalDate, Term } from '#libs/kernel/index.js';
import type { ReferralState } from '../contract/referral.js';
import type { Assessment, LockedPrice, Offer } from '../domain/referral.js';

/** The row of a referral. It never leaves this folder. */
@Entity({ schema: 'referrals', name: 'referral' })
export class ReferralEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') state!: ReferralState;
  @Column('int') version!: number;
  @Column('uuid', { name: 'person_id' }) personId!: string;
  @Column('uuid', { name: 'authority_id' }) authorityId!: string;
  @Column('text') service!: string;
  @Column('jsonb') assessment!: Assessment;
  @Column('date', { name: 'unemployed_since', nullable: true }) unemployedSince!: LocalDate | null;
  @Column('jsonb') terms!: readonly Term[];
  @Column('jsonb') offers!: readonly Offer[];
  @Column('uuid', { name: 'asked_provider_ids', array: true }) askedProviderIds!: string[];
  @Column('int') attempt!: number;
  @Column('date', { name: 'choose_by', nullable: true }) chooseBy!: LocalDate | null;
  @Column('uuid', { name: 'contract_id', nullable: true }) contractId!: string | null;
  @Column('uuid', { name: 'provider_id', nullable: true }) providerId!: string | null;
  @Column('text', { name: 'chosen_by', nullable: true }) chosenBy!: 'PERSON' | 'DEFAULT_RULE' | null;
  @Column('date', { name: 'answer_by', nullable: true }) answerBy!: LocalDate | null;
  @Column('date', { name: 'remind_on', nullable: true }) remindOn!: LocalDate | null;
  @Column('date', { name: 'accepted_on', nullable: true }) acceptedOn!: LocalDate | null;
  @Column('date', { name: 'started_on', nullable: true }) startedOn!: LocalDate | null;
  @Column('date', { name: 'ended_on', nullable: true }) endedOn!: LocalDate | null;
  @Column('text', { name: 'reason_code', nullable: true }) reasonCode!: string | null;
  @Column('jsonb', { nullable: true }) price!: LockedPrice | null;
}
