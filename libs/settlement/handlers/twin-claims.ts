import type { LocalDate } from '#libs/kernel/index.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { checkClaim } from '../domain/checks.js';
import type { Claim } from '../domain/claim.js';
import { claimsOfSameJobs } from '../outbound/claims.store.js';
import { HUB } from './actor-of.js';
import { moveClaims } from './move-claims.js';
import type { SettlementPorts } from './ports.js';

/** Claims in the database and claims just being made can be each other's twins. */
export async function sameJobClaims(tx: Tx, made: readonly Claim[]): Promise<Map<string, Claim[]>> {
  const fees = made.filter((claim) => claim.askedMinor > 0n);
  const stored = await claimsOfSameJobs(tx, fees);
  return new Map(
    fees.map((claim) => [
      claim.id,
      [
        ...(stored.get(claim.id) ?? []),
        ...fees.filter(
          (other) =>
            other.personId === claim.personId &&
            other.referralId !== claim.referralId &&
            other.jobs.some((job) => claim.jobs.includes(job)),
        ),
      ],
    ]),
  );
}

/** Living claims for the same fee, of referrals that run beside the claim's own: `beside` names them by referral. */
export function sameFeeClaims(
  made: readonly Claim[],
  claims: readonly Claim[],
  beside: ReadonlyMap<string, ReadonlySet<string>>,
): Map<string, Claim[]> {
  const living = claims.filter(({ kind, state }) => kind === 'FEE' && state !== 'CANCELLED' && state !== 'REJECTED');
  const sameFee = (claim: Claim) =>
    living.filter((other) => other.feeId === claim.feeId && beside.get(claim.referralId)?.has(other.referralId));
  return new Map(made.filter(({ askedMinor }) => askedMinor > 0n).map((claim) => [claim.id, sameFee(claim)]));
}

/** The claim that came first is held too while nobody has approved it: a person decides whose it was. */
export async function holdTheirTwins(
  tx: Tx,
  ports: SettlementPorts,
  made: readonly Claim[],
  { sameJobs, sameFees }: Readonly<Record<'sameJobs' | 'sameFees', ReadonlyMap<string, readonly Claim[]>>>,
  today: LocalDate,
): Promise<void> {
  const tasks = new Map<string, { claim: Claim; commands: readonly [{ do: 'hold'; findings: Claim['findings'] }] }>();
  for (const claim of made) {
    const [byJob, byFee] = [sameJobs.get(claim.id) ?? [], sameFees.get(claim.id) ?? []];
    for (const twin of new Set([...byJob, ...byFee])) {
      if (twin.state !== 'IN_VALIDATION') continue;
      const findings = checkClaim(twin, {
        sameJobClaims: byJob.some(({ id }) => id === twin.id) ? [claim.number] : [],
        sameFeeClaims: byFee.some(({ id }) => id === twin.id) ? [claim.number] : [],
        commitmentLeftMinor: twin.askedMinor,
        contractEndsOn: null,
      });
      tasks.set(twin.id, { claim: twin, commands: [{ do: 'hold', findings }] });
    }
  }
  await moveClaims(tx, ports.events, [...tasks.values()], HUB, today);
}
