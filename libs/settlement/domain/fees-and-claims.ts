import type { LocalDate } from '#libs/kernel/index.js';
import type { ClaimId, RecoveryId } from '../contract/ids.js';
import { isOpen, type Claim, type ClaimKind } from './claim.js';
import { isProposal, type Recovery } from './recovery.js';

/** What pricing says of one occurrence of one fee. */
export interface FeeAnswer {
  readonly feeId: string;
  /** Which of a repeating fee's payments; the empty text where there is one only. */
  readonly occurrence: string;
  /**
   * `undecided`: a register has been asked; nothing that was certified is touched until it answers. `not-by-this-hub`: somebody else than
   * the provider is paid, which is never claimed.
   */
  readonly answer: 'due' | 'not-due' | 'undecided' | 'not-by-this-hub';
  /** Zero unless due. */
  readonly amountMinor: bigint;
  /** The day it became due; null unless due. */
  readonly dueOn: LocalDate | null;
  readonly why: string;
  /** References of the employments it rests on. */
  readonly jobs: readonly string[];
}

export type ClaimMove =
  | {
      readonly do: 'generate';
      readonly kind: ClaimKind;
      readonly feeId: string;
      readonly occurrence: string;
      readonly amountMinor: bigint;
      readonly feeMinor: bigint;
      readonly dueOn: LocalDate;
      readonly why: string;
      readonly jobs: readonly string[];
      readonly correctsId: ClaimId | null;
    }
  | { readonly do: 'cancel'; readonly claimId: ClaimId; readonly code: string; readonly why: string }
  | { readonly do: 'reprice-claim'; readonly claimId: ClaimId; readonly tariffVersion: string; readonly why: string }
  | {
      readonly do: 'reprice-recovery';
      readonly recoveryId: RecoveryId;
      readonly tariffVersion: string;
      readonly why: string;
    }
  | {
      readonly do: 'propose-recovery';
      readonly claimId: ClaimId;
      readonly amountMinor: bigint;
      readonly feeMinor: bigint;
      readonly why: string;
    }
  | { readonly do: 'withdraw-recovery'; readonly recoveryId: RecoveryId };

export type ClaimView = Pick<
  Claim,
  | 'id'
  | 'state'
  | 'feeId'
  | 'occurrence'
  | 'askedMinor'
  | 'certifiedMinor'
  | 'feeMinor'
  | 'dueOn'
  | 'correctsId'
  | 'statementId'
  | 'disputedFrom'
  | 'tariffVersion'
>;
export type RecoveryView = Pick<
  Recovery,
  'id' | 'state' | 'claimId' | 'amountMinor' | 'recoveredMinor' | 'feeMinor' | 'withdrawn' | 'tariffVersion'
>;

/**
 * Compares what is due with what was claimed, for one referral, and answers the moves that make them equal.
 *
 * Not yet certified: cancelled, and generated anew where something else is due; what is due all the same by another version is priced by
 * that one from now on. Certified and not yet stated: stopped by a reversal
 * claim. Stated: a proposed recovery. More due than certified: an adjustment. A person's rejection (or a dropped recovery) holds
 * for as long as the fee comes to the same. A correction by another version than what it corrects names both, and so does what is due
 * for the first time while a fee that the version does not know is taken back. `on` is the day of a correction.
 */
export function compareFeesWithClaims(
  { fees, tariffVersion }: { readonly fees: readonly FeeAnswer[]; readonly tariffVersion: string },
  claims: readonly ClaimView[],
  recoveries: readonly RecoveryView[],
  on: LocalDate,
): readonly ClaimMove[] {
  const asked = new Map(fees.map((fee) => [keyOf(fee), fee]));
  const claimed = Map.groupBy(claims, keyOf);
  const keyOfClaim = new Map(claims.map((claim) => [claim.id, keyOf(claim)]));
  const recovered = Map.groupBy(recoveries, (recovery) => keyOfClaim.get(recovery.claimId) ?? '');
  const compared = [...new Set([...asked.keys(), ...claimed.keys()])].sort().map((key) => {
    const [own, taken] = [claimed.get(key) ?? [], recovered.get(key) ?? []];
    const moves = compareOne(asked.get(key) ?? gone(own), tariffVersion, own, taken, on);
    return { key, moves, standing: standingVersion(own, taken) };
  });
  const left = compared.find(({ key, moves }) => !asked.has(key) && moves.some((move) => signedMinor(move) < 0n));
  return compared.flatMap(({ moves, standing = left?.standing }) =>
    moves.map((move) =>
      'why' in move && move.do !== 'cancel' ? { ...move, why: byVersion(move.why, tariffVersion, standing) } : move,
    ),
  );
}

const byVersion = (why: string, tariffVersion: string, standing = tariffVersion): string =>
  standing === tariffVersion ? why : `By version ${tariffVersion} instead of ${standing}: ${why}`;

/** The version that what stands of a fee was priced by: that of the last entry which the books know. Ids are in the order of time. */
function standingVersion(claims: readonly ClaimView[], recoveries: readonly RecoveryView[]): string | undefined {
  const certified = claims.filter((claim) => claim.certifiedMinor !== null);
  const comingBack = recoveries.filter((recovery) => comingBackMinor(recovery) !== 0n);
  const entries: readonly (ClaimView | RecoveryView)[] = [...certified, ...comingBack];
  return entries.toSorted((a, b) => (a.id < b.id ? -1 : 1)).at(-1)?.tariffVersion;
}

/** The one payment of a fee is the first of those that it has where another version repeats it. */
const keyOf = ({ feeId, occurrence }: { readonly feeId: string; readonly occurrence: string }): string =>
  `${feeId}#${occurrence === '' ? '1' : occurrence}`;

function gone(claims: readonly ClaimView[]): FeeAnswer {
  const { feeId, occurrence } = claims[0] ?? { feeId: '', occurrence: '' };
  const why = 'This fee is no longer due.';
  return { feeId, occurrence, answer: 'not-due', amountMinor: 0n, dueOn: null, why, jobs: [] };
}

function compareOne(
  fee: FeeAnswer,
  tariffVersion: string,
  claims: readonly ClaimView[],
  recoveries: readonly RecoveryView[],
  on: LocalDate,
): readonly ClaimMove[] {
  const open = claims.filter((claim) => isOpen(claim.state) && !isRejected(claim, fee));
  const proposals = recoveries.filter((recovery) => isProposal(recovery.state));
  const firmMinor = certifiedSum(claims) - recoveredSum(recoveries);
  const openMinor = sum(open.map((claim) => claim.askedMinor)) - sum(proposals.map((each) => each.amountMinor));
  const restMinor = restOf(fee.amountMinor, firmMinor, writtenOffSum(recoveries));
  const sameDay = open.every((claim) => claim.correctsId !== null || claim.dueOn === fee.dueOn);
  const takenBack = [...open.map((claim) => cancel(claim, fee, tariffVersion)), ...proposals.map(withdraw)];
  if (fee.answer === 'undecided') return takenBack;
  const wanted = restMinor === 0n ? [] : correct(fee, claims, restMinor, on);
  const moves = wanted.filter((move) => !isDecided(move, fee, claims, recoveries));
  // What is open already and what is wanted come to the same: nothing is taken back to be asked again.
  return openMinor === sum(moves.map(signedMinor)) && sameDay
    ? repriced(fee, tariffVersion, open, proposals)
    : [...takenBack, ...moves];
}

/** What people have said of a claim or a recovery holds while the money is the same. */
function repriced(
  { why }: FeeAnswer,
  tariffVersion: string,
  open: readonly ClaimView[],
  proposals: readonly RecoveryView[],
): readonly ClaimMove[] {
  const isOther = (each: ClaimView | RecoveryView): boolean => each.tariffVersion !== tariffVersion;
  return [
    ...open.filter(isOther).map(({ id }) => ({ do: 'reprice-claim', claimId: id, tariffVersion, why }) as const),
    ...proposals
      .filter(isOther)
      .map(({ id }) => ({ do: 'reprice-recovery', recoveryId: id, tariffVersion, why }) as const),
  ];
}

/** What nobody will give back stays with the provider: it pays for a fee that is due again, and is not asked for a second time. */
function restOf(feeMinor: bigint, firmMinor: bigint, writtenOffMinor: bigint): bigint {
  if (feeMinor >= firmMinor) return feeMinor - firmMinor;
  const keptMinor = feeMinor > writtenOffMinor ? feeMinor : writtenOffMinor;
  return firmMinor > keptMinor ? keptMinor - firmMinor : 0n;
}

const signedMinor = (move: ClaimMove): bigint =>
  move.do === 'generate' ? move.amountMinor : move.do === 'propose-recovery' ? -move.amountMinor : 0n;

const cancel = (claim: ClaimView, fee: FeeAnswer, tariffVersion: string): ClaimMove => ({
  do: 'cancel',
  claimId: claim.id,
  code: claim.tariffVersion === tariffVersion ? 'FACTS_CHANGED' : 'VERSION_CHANGED',
  why: byVersion(fee.why, tariffVersion, claim.tariffVersion),
});
const withdraw = (recovery: RecoveryView): ClaimMove => ({ do: 'withdraw-recovery', recoveryId: recovery.id });

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

const certifiedSum = (claims: readonly ClaimView[]): bigint => sum(claims.map((claim) => claim.certifiedMinor ?? 0n));

/** What the books already know to be coming back. */
const recoveredSum = (recoveries: readonly RecoveryView[]): bigint => sum(recoveries.map(comingBackMinor));

function comingBackMinor({ state, recoveredMinor, amountMinor }: RecoveryView): bigint {
  if (isProposal(state) || state === 'DROPPED') return 0n;
  return state === 'WRITTEN_OFF' ? recoveredMinor : amountMinor;
}

const writtenOffSum = (recoveries: readonly RecoveryView[]): bigint =>
  sum(
    recoveries
      .filter((each) => each.state === 'WRITTEN_OFF')
      .map(({ amountMinor, recoveredMinor }) => amountMinor - recoveredMinor),
  );

/** A person already said no to exactly this: to a claim of that amount, or two to a recovery of it, while the fee came to the same. */
function isDecided(
  move: ClaimMove,
  fee: FeeAnswer,
  claims: readonly ClaimView[],
  recoveries: readonly RecoveryView[],
): boolean {
  if (move.do === 'generate')
    return claims.some(
      (claim) =>
        isRejected(claim, fee) &&
        claim.askedMinor === move.amountMinor &&
        (claim.correctsId === null) === (move.correctsId === null),
    );
  return (
    move.do === 'propose-recovery' &&
    recoveries.some(
      (each) =>
        each.state === 'DROPPED' &&
        !each.withdrawn &&
        each.feeMinor === fee.amountMinor &&
        each.amountMinor === move.amountMinor,
    )
  );
}

/** A rejection holds for as long as the fee comes to the same; a dispute about it ends it only when it is upheld. */
const isRejected = ({ state, disputedFrom, feeMinor }: ClaimView, fee: FeeAnswer): boolean =>
  (state === 'REJECTED' || (state === 'DISPUTED' && disputedFrom === 'REJECTED')) &&
  (fee.answer === 'undecided' || feeMinor === fee.amountMinor);

function correct(fee: FeeAnswer, claims: readonly ClaimView[], restMinor: bigint, on: LocalDate): readonly ClaimMove[] {
  const certified = claims.filter((claim) => claim.state === 'CERTIFIED');
  const first = certified.find((claim) => claim.correctsId === null) ?? certified[0];
  if (first === undefined) return [generate(fee, 'FEE', restMinor, fee.dueOn ?? on, null)];
  if (restMinor > 0n) return [generate(fee, 'ADJUSTMENT', restMinor, on, first.id)];
  return takeBack(fee, certified, -restMinor, on, first);
}

/** What stands on no provider statement yet is stopped; the rest was stated, so the provider is heard first. */
function takeBack(
  fee: FeeAnswer,
  certified: readonly ClaimView[],
  excessMinor: bigint,
  on: LocalDate,
  first: ClaimView,
): readonly ClaimMove[] {
  const unstated = certified.filter((claim) => claim.statementId === null);
  const unstatedMinor = certifiedSum(unstated);
  const stoppedMinor = unstatedMinor <= 0n ? 0n : unstatedMinor < excessMinor ? unstatedMinor : excessMinor;
  const recoverMinor = excessMinor - stoppedMinor;
  const whole = fee.amountMinor === 0n && recoverMinor === 0n;
  const stopped = unstated[0] ?? first;
  return [
    ...(stoppedMinor > 0n ? [generate(fee, whole ? 'REVERSAL' : 'ADJUSTMENT', -stoppedMinor, on, stopped.id)] : []),
    ...(recoverMinor > 0n
      ? [
          {
            do: 'propose-recovery',
            claimId: first.id,
            amountMinor: recoverMinor,
            feeMinor: fee.amountMinor,
            why: fee.why,
          } as const,
        ]
      : []),
  ];
}

const generate = (
  fee: FeeAnswer,
  kind: ClaimKind,
  amountMinor: bigint,
  dueOn: LocalDate,
  correctsId: ClaimId | null,
): ClaimMove => ({
  do: 'generate',
  kind,
  feeId: fee.feeId,
  occurrence: fee.occurrence,
  amountMinor,
  feeMinor: fee.amountMinor,
  dueOn,
  why: fee.why,
  jobs: fee.jobs,
  correctsId,
});
