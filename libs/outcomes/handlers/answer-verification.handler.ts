import type { LocalDate } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { RegisterAnswer } from '../contract/outcome.js';
import { actingFor } from './change-outcome.js';
import type { VerificationRequest } from './ports.js';
import { askAgainOn } from './record-verification.handler.js';
import type { RegisterServices } from './services.js';

/** Pricing needs to know one thing: it is put to the register at once, or on the earliest day it can be asked. */
export async function takeUpVerification(
  tx: Tx,
  by: Principal,
  services: RegisterServices,
  request: VerificationRequest & { readonly earliest: LocalDate },
  now: Date,
): Promise<void> {
  const { today } = await actingFor(tx, by, request.authorityId, now);
  const isNow = request.earliest <= today;
  const isNew = await services.verifications.insert(tx, request, isNow ? null : request.earliest);
  if (isNew && isNow) {
    await services.addJob(tx, 'ask-register-for-verification', { verificationId: request.id, asOf: today });
  }
}

/** What the register said, for whoever waits for it. UNKNOWN is said as well, and asked again on a later day. */
export async function recordAnswer(
  tx: Tx,
  services: RegisterServices,
  command: {
    readonly verificationId: string;
    readonly answer: RegisterAnswer;
    readonly reason: string;
    readonly asOf: LocalDate;
  },
): Promise<void> {
  const { verificationId, answer, asOf } = command;
  const open = await services.verifications.open(tx, verificationId);
  if (open === undefined) return;
  const isFinal = answer !== 'UNKNOWN';
  const reason = isFinal ? null : command.reason;
  const askOn = isFinal ? null : askAgainOn(asOf, command.reason);
  await services.verifications.answer(tx, verificationId, { answer, reason, asOf }, askOn);
  const { referralId, personId, authorityId, question, from, to } = open;
  await services.events.publish(tx, [
    {
      type: 'liaison.verification.answered.v1',
      subject: verificationId,
      data: { verificationId, referralId, personId, authorityId, question, from, to, asOf, answer },
    },
  ]);
}
