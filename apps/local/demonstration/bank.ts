import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalDate } from '#libs/kernel/index.js';
import { runBankDay } from '#tests/support/stand-in-bank/bank.js';
import { USUAL, type Habits } from '#tests/support/stand-in-bank/habits.js';
import { AUTHORITY_IBAN, CLOSED_ACCOUNT, PROVIDER_IBANS, STRAY } from './world.js';

/** The authority's bank: it knows payment files and nothing else. All it remembers is in its two folders. */
export class Bank {
  private readonly inFolder: string;
  private readonly outFolder: string;

  constructor(
    folder: string,
    private readonly seed: string,
  ) {
    this.inFolder = join(folder, 'in');
    this.outFolder = join(folder, 'out');
    mkdirSync(this.inFolder, { recursive: true });
    mkdirSync(this.outFolder, { recursive: true });
  }

  /** Puts an order into the bank's folder, whole or not at all. */
  hand(name: string, content: string): void {
    const file = join(this.inFolder, `${name}.xml`);
    writeFileSync(`${file}.part`, content);
    renameSync(`${file}.part`, file);
  }

  /** The bank lives a day; answers its answers, then its statements. */
  live(day: LocalDate): readonly { readonly name: string; readonly content: string }[] {
    const { amountMinor, text } = STRAY;
    const report = runBankDay({
      inFolder: this.inFolder,
      outFolder: this.outFolder,
      day,
      habits: this.habits(day),
      strays: day === STRAY.on ? [{ account: AUTHORITY_IBAN, amountMinor, text }] : [],
    });
    return [...report.answers, ...report.statements].map((name) => ({
      name: `${name}.xml`,
      content: readFileSync(join(this.outFolder, `${name}.xml`), 'utf8'),
    }));
  }

  private habits(day: LocalDate): Habits {
    const closed = PROVIDER_IBANS[CLOSED_ACCOUNT.provider] ?? '';
    return { ...USUAL, seed: this.seed, closedAccounts: day >= CLOSED_ACCOUNT.from ? [closed] : [] };
  }
}
