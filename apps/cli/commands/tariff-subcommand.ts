import { Command } from 'commander';
import { formatMinor } from '#libs/kernel/index.js';
import type { Tariff } from '#libs/tariffs/index.js';

/** What every command on tariffs takes. */
export interface TariffOptions {
  readonly json?: true;
  readonly series?: readonly string[];
}

export const tariffSubcommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--series <file>', 'a published series that the tariff names (YAML); once for each', collected)
    .option('--json', 'answer as JSON');

/** One value each time: an option that took several would take the files after it, too. */
const collected = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Amounts are bigint: in JSON they are text, in minor units. */
export const asJson = (body: unknown): string =>
  JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2);

export const amountOf = (tariff: Tariff, amountMinor: bigint): string => formatMinor(amountMinor, tariff.currency);
