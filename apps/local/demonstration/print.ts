import { asCurrency, formatMinor } from '#libs/kernel/index.js';
import type { Result } from './result.js';

interface Where {
  readonly url: string;
  readonly signIns: readonly (readonly [login: string, password: string])[];
}

/** The result for people: what became of whom, what was paid, whether it adds up, and where to look next. */
export function printResult(
  result: Result,
  problems: readonly string[],
  where: Where,
  say: (line: string) => void,
): void {
  say(`\nResult of the demonstration programme: ${result.people} people`);
  printCounts('Referrals by state', result.referralsByState, say);
  say(`  ${'accepted once, with a commitment'.padEnd(34)}${String(result.referralsAccepted).padStart(16)}`);
  printCounts('Outcomes by kind', result.outcomesByKind, say);
  printCounts('Claims by state', result.claimsByState, say);
  printCounts('Commitments by state', result.commitmentsByState, say);
  say('Certified by tariff and fee');
  for (const [fee, sums] of Object.entries(result.moneyByFee)) printSums(`  ${fee}`, sums, say);
  for (const [label, sums] of [
    ['Committed', result.committedMinor],
    ['Of it drawn', result.drawnMinor],
    ['Of it reserved for what may be due', result.reservedMinor],
    ['Certified', result.certifiedMinor],
    ['Owed, not paid yet', result.owedMinor],
    ['Sent to the bank, every attempt', result.sentMinor],
    ['  awaiting its answer', result.awaitingMinor],
    ['  rejected, never booked', result.rejectedMinor],
    ['  returned after booking', result.returnedMinor],
    ['  paid, with the provider now', result.paidMinor],
    ['Of paid: on a bank statement', result.reconciledMinor],
    ['Of paid: in transit at the bank', result.inTransitMinor],
    ['Recovered', result.recoveredMinor],
    ['Of it repaid by transfer', result.repaidMinor],
    ['To be recovered', result.toRecoverMinor],
    ['Written off', result.writtenOffMinor],
    ['Trial balance', result.trialBalanceMinor],
  ] as const)
    printSums(label, sums, say);
  printCounts('Open unmatched items by reason', result.breaksByReason, say);
  say('The mistakes of the programme, and where each one ended');
  for (const { mistake, ending } of result.mistakes) say(`  ${mistake}: ${ending}`);
  say(problems.length === 0 ? '\nThe result adds up.' : `\nThe result does not add up:\n  ${problems.join('\n  ')}`);
  say(
    `\nWhere to look next: ${where.url}/sign-in, then POST ${where.url}/graphql (docs/partners.md shows the first steps)`,
  );
  say('Sign-ins (login, password):');
  for (const [login, password] of where.signIns) say(`  ${login.padEnd(34)}${password}`);
}

function printSums(label: string, sums: Readonly<Record<string, string>>, say: (line: string) => void): void {
  for (const [currency, minor] of Object.entries(sums))
    say(`${label.padEnd(36)}${formatMinor(BigInt(minor), asCurrency(currency)).padStart(16)} ${currency}`);
}

function printCounts(label: string, counts: Readonly<Record<string, number>>, say: (line: string) => void): void {
  say(label);
  const entries = Object.entries(counts);
  if (entries.length === 0) say('  none');
  for (const [code, count] of entries) say(`  ${code.padEnd(34)}${String(count).padStart(16)}`);
}
