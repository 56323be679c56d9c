import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LocalDate } from '#libs/kernel/index.js';
import type { ContractType, OutcomeState } from '../contract/outcome.js';

/** The row of an outcome. It never leaves this folder. `ask_on` is the schedule's own column and is not mapped. */
@Entity({ schema: 'outcomes', name: 'outcome' })
export class OutcomeEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') state!: OutcomeState;
  @Column('text') origin!: 'REPORTED' | 'DETECTED';
  @Column('int') version!: number;
  @Column('uuid', { name: 'person_id' }) personId!: string;
  @Column('uuid', { name: 'authority_id' }) authorityId!: string;
  @Column('uuid', { name: 'referral_id', nullable: true }) referralId!: string | null;
  @Column('uuid', { name: 'provider_id', nullable: true }) providerId!: string | null;
  @Column('uuid', { name: 'reporter_id', nullable: true }) reporterId!: string | null;
  @Column('date', { name: 'started_on' }) startedOn!: LocalDate;
  @Column('date', { name: 'ended_on', nullable: true }) endedOn!: LocalDate | null;
  @Column('text', { name: 'contract_type' }) contractType!: ContractType;
  @Column('int', { name: 'contract_months', nullable: true }) contractMonths!: number | null;
  @Column('numeric', { name: 'weekly_hours' }) weeklyHours!: string;
  @Column('numeric', { name: 'normal_hours_share', nullable: true }) normalHoursShare!: string | null;
  @Column('boolean') insured!: boolean;
  @Column('text', { name: 'employer_ref' }) employerRef!: string;
  @Column('text', { name: 'employer_name', nullable: true }) employerName!: string | null;
  @Column('uuid', { name: 'vacancy_id', nullable: true }) vacancyId!: string | null;
  @Column('date', { name: 'reported_end', nullable: true }) reportedEnd!: LocalDate | null;
  @Column('text', { name: 'register_ref', nullable: true }) registerRef!: string | null;
  @Column('int') rung!: number;
  @Column('text', { name: 'evidence_reason', nullable: true }) evidenceReason!: string | null;
  @Column('date', { name: 'evidence_since', nullable: true }) evidenceSince!: LocalDate | null;
  @Column('jsonb', { nullable: true }) verification!: StoredVerification | null;
}

export interface StoredVerification {
  readonly source: string;
  readonly method: string;
  readonly answeredAt: string;
  readonly reason: string | null;
}
