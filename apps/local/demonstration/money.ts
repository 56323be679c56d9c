import { addDays, localDate, type LocalDate } from '#libs/kernel/index.js';
import { act, all, attempt } from './api.js';
import type { Bank } from './bank.js';
import { nameAccount } from './partners.js';
import { workday } from './stories.js';
import type { Scene, Stage } from './telling.js';
import { CLOSED_ACCOUNT, NEW_ACCOUNT, PROVIDER_IBANS } from './world.js';

/** Bank days after a file on which its answers and statements are fetched. */
const BANK_DAYS = 9;

/** What managers, finance officers and the bank do every month, and the two accounts that change. */
export function moneyScenes(months: readonly string[], bank: Bank): readonly Scene[] {
  return [...months.flatMap((month) => monthScenes(bank, month)), newAccount];
}

function monthScenes(bank: Bank, month: string): readonly Scene[] {
  const scene = (
    number: number,
    name: string,
    play: (stage: Stage, key: string, day: LocalDate) => Promise<void>,
  ): Scene => {
    const day = workday(localDate(`${month}-${String(number).padStart(2, '0')}`));
    const key = `money/${month}/${name}`;
    return { day, key, play: (stage) => play(stage, key, day) };
  };
  return [
    scene(5, 'a-payment-file', (stage, key, day) => pay(stage, bank, key, day)),
    ...Array.from({ length: BANK_DAYS }, (_, index) =>
      scene(5 + index, `b-bank-${index}`, (stage, key, day) => fetchFromBank(stage, bank, key, day)),
    ),
    scene(16, 'held-payables', (stage, key, day) => releaseHeld(stage, key, day)),
    scene(20, 'claims', (stage, key, day) => certify(stage, key, day)),
    scene(22, 'recoveries', (stage, key) => answerRecoveries(stage, key)),
    scene(24, 'recoveries-decided', (stage, key) => decideRecoveries(stage, key)),
  ];
}

/** The first manager approves all that passed every automatic check, the second one certifies the frozen batch. */
async function certify({ partners }: Stage, key: string, day: LocalDate): Promise<void> {
  const first = partners.manager(1);
  const batch = await attempt(
    first,
    'approveClaims',
    'ClaimBatch',
    { dueUntil: day },
    `${key}/approved`,
    'id count sumMinor',
  );
  if (batch.__typename === 'Refusal') return;
  const { id: batchId, count, sumMinor } = batch;
  await act(partners.manager(2), 'certifyClaims', 'ClaimBatch', { batchId, count, sumMinor }, `${key}/certified`);
}

/** Prepared by one, released by another; the file goes to the bank as it is. */
async function pay({ partners }: Stage, bank: Bank, key: string, day: LocalDate): Promise<void> {
  const input = { executionDate: workday(addDays(day, 1)) };
  const prepared = await attempt(partners.manager(1), 'preparePaymentFile', 'PaymentFile', input, `${key}/prepared`);
  if (prepared.__typename === 'Refusal') return;
  const second = partners.manager(2);
  const released = await act(
    second,
    'releasePaymentFile',
    'PaymentFile',
    { paymentFileId: prepared['id'] },
    `${key}/released`,
    'messageId content',
  );
  bank.hand(String(released['messageId']), String(released['content']));
}

async function fetchFromBank({ partners }: Stage, bank: Bank, key: string, day: LocalDate): Promise<void> {
  const manager = partners.manager(1);
  for (const { name, content } of bank.live(day)) {
    await act(manager, 'importBankFile', 'BankImport', { name, content }, `${key}/${name}`, 'kind');
  }
}

interface Payable {
  readonly id: string;
  readonly attempts: number;
  readonly provider: { readonly name: string };
}

interface Account {
  readonly state: string;
  readonly provider: { readonly name: string };
}

/** What came back is paid again once its cause is cleared: the provider has named an account anew, and it was confirmed. */
async function releaseHeld(stage: Stage, key: string, day: LocalDate): Promise<void> {
  const manager = stage.partners.manager(2);
  const held = await all<Payable>(manager, 'payables', 'id attempts provider { name }', 'states: [HELD]');
  const accounts = await all<Account>(manager, 'payeeAccounts', 'state provider { name }');
  const confirmed = new Set(accounts.filter(({ state }) => state === 'CONFIRMED').map(({ provider }) => provider.name));
  for (const name of [...new Set(held.map(({ provider }) => provider.name))].sort()) {
    if (!confirmed.has(name)) await nameAccount(stage.partners, stage.progress, name, ibanOf(name, day), key);
  }
  for (const { id: payableId, attempts } of held) {
    await attempt(manager, 'releaseHeldPayable', 'Payable', { payableId }, `${key}/${payableId}/${attempts}`);
  }
}

/** Where a provider is paid on a day, as it says when it is asked. */
function ibanOf(provider: string, day: LocalDate): string {
  if (provider === CLOSED_ACCOUNT.provider && day >= CLOSED_ACCOUNT.from) return CLOSED_ACCOUNT.iban;
  if (provider === NEW_ACCOUNT.provider && day >= NEW_ACCOUNT.on) return NEW_ACCOUNT.iban;
  return PROVIDER_IBANS[provider] ?? '';
}

interface Recovery {
  readonly id: string;
  readonly provider: { readonly name: string };
}

async function answerRecoveries({ partners }: Stage, key: string): Promise<void> {
  const manager = partners.manager(1);
  for (const { id: recoveryId, provider } of await all<Recovery>(
    manager,
    'recoveries',
    'id provider { name }',
    'states: [PROPOSED]',
  )) {
    const input = { recoveryId, accepted: true, answer: 'The register is right: the job had ended before.' };
    await attempt(partners.finance(provider.name), 'answerRecovery', 'Recovery', input, `${key}/${recoveryId}`);
  }
}

async function decideRecoveries({ partners }: Stage, key: string): Promise<void> {
  const [first, second] = [partners.manager(1), partners.manager(2)];
  for (const { id: recoveryId } of await all<Recovery>(
    first,
    'recoveries',
    'id provider { name }',
    'states: [ANSWERED]',
  )) {
    const input = { recoveryId, decision: 'RECOVER' };
    await attempt(first, 'decideRecovery', 'Recovery', input, `${key}/${recoveryId}/proposed`);
    await attempt(second, 'decideRecovery', 'Recovery', input, `${key}/${recoveryId}/confirmed`);
  }
}

/** The provider that changes its account says so. */
const newAccount: Scene = {
  day: localDate(NEW_ACCOUNT.on),
  key: 'money/new-account',
  play: ({ partners, progress }) => nameAccount(partners, progress, NEW_ACCOUNT.provider, NEW_ACCOUNT.iban, 'second'),
};
