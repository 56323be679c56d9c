import { Command } from 'commander';
import { formatMinor, HubError } from '#libs/kernel/index.js';
import {
  diffTariffs,
  explainTariff,
  price,
  strangersIn,
  TariffCatalogue,
  type Case,
  type Fee,
  type Repricing,
  type Tariff,
} from '#libs/tariffs/index.js';
import type { ConnectHub } from '../cli-hub.js';
import { readJson } from '../files.js';
import type { Cli } from '../io.js';
import { table } from '../table.js';
import { caseFrom, loadSeriesFiles, loadTariffFile } from '../tariff-files.js';
import { checkCommand } from './tariff-check.command.js';
import { factsCommand, simulateCommand } from './tariff-programme.command.js';
import { publishCommand } from './tariff-publish.command.js';
import { amountOf, asJson, tariffSubcommand, type TariffOptions } from './tariff-subcommand.js';

/** `liaison tariff …`: prove, price, explain and compare tariffs; `facts` alone needs a hub. */
export const tariffCommand = (cli: Cli, connect: ConnectHub): Command =>
  new Command('tariff')
    .description('Check tariffs, price cases, compare versions.')
    .addCommand(checkCommand(cli))
    .addCommand(priceCommand(cli))
    .addCommand(explainCommand(cli))
    .addCommand(diffCommand(cli))
    .addCommand(simulateCommand(cli))
    .addCommand(factsCommand(cli, connect))
    .addCommand(publishCommand(cli));

const priceCommand = (cli: Cli): Command =>
  tariffSubcommand('price', 'Price one case: what is due, not yet, or never, and why.')
    .argument(
      '<file...>',
      'one tariff document, or several versions: each payment is priced by the version its day selects',
    )
    .requiredOption(
      '--case <file>',
      'JSON: { "asOf": day, "knownBy"?, "subject"?, "terms"?, "attributes"?, "facts": […] }',
    )
    .action((files: readonly string[], options: TariffOptions & { readonly case: string }) => {
      const series = loadSeriesFiles(options.series);
      const tariffs = files.map((file) => loadTariffFile(file, series));
      const [last] = tariffs.slice(-1);
      if (last === undefined) return;
      if (tariffs.some(({ id }) => id !== last.id))
        throw new HubError('cli.usage', 'Several documents are versions of one tariff.');
      const given = caseFrom(tariffs.length === 1 ? last : tariffs, readJson(options.case), options.case);
      const asked = { attributes: given.locked.attributes, facts: given.facts };
      const notes = [...strangersIn(last, asked), ...(tariffs.length === 1 ? outOfForce(last, given) : [])];
      for (const note of notes) cli.io.error(`note: ${options.case}: ${note}`);
      const fees = priceCase(tariffs, last, given);
      if (options.json === true) cli.io.out(asJson(fees));
      else for (const line of feeTable(fees, last)) cli.io.out(line);
    });

/** One version alone is asked what it would pay, in force or not; that it is not is said. */
function outOfForce(tariff: Tariff, { locked, facts, asOf }: Case): readonly string[] {
  const fees = new TariffCatalogue([tariff]).price(tariff.id, locked, facts, asOf);
  const reasons = fees.flatMap((fee) =>
    fee.kind === 'unknown' && fee.missing.startsWith('no version of ') ? [fee.missing] : [],
  );
  return [...new Set(reasons)].map((reason) => `${reason}: priced as if version ${tariff.version} were`);
}

/** With what is due in all, the `total` of an example, and beside it what is to be repaid. */
function feeTable(fees: readonly Fee[], tariff: Tariff): readonly string[] {
  const sumOf = (direction: Fee['direction']): bigint =>
    fees.reduce(
      (sum, fee) => (fee.kind === 'due' && fee.direction === direction ? sum + fee.amount.amountMinor : sum),
      0n,
    );
  const repaid = sumOf('recover');
  return [
    ...table(['fee', 'answer', 'on', 'amount', 'rule', 'why'], fees.map(feeRow), ['amount']),
    `due in all: ${amountOf(tariff, sumOf('pay'))} ${tariff.currency}`,
    ...(repaid === 0n ? [] : [`to be repaid in all: ${amountOf(tariff, repaid)} ${tariff.currency}`]),
  ];
}

function priceCase(tariffs: readonly Tariff[], last: Tariff, { locked, facts, asOf }: Case): readonly Fee[] {
  if (tariffs.length === 1) return price(last, locked, facts, asOf);
  return new TariffCatalogue(tariffs).price(last.id, locked, facts, asOf);
}

function feeRow(fee: Fee): readonly string[] {
  const name = fee.occurrence === undefined ? fee.feeId : `${fee.feeId} #${fee.occurrence}`;
  const label = fee.direction === 'recover' ? `${name} (to be repaid)` : name;
  switch (fee.kind) {
    case 'due':
      return [label, 'due', fee.on, formatMinor(fee.amount.amountMinor, fee.amount.currency), fee.rule, fee.why];
    case 'not-yet':
      return [label, 'not yet', fee.earliest ?? '', '', fee.rule, fee.why];
    case 'needs':
      return [label, 'needs', fee.earliest, '', fee.rule, fee.why];
    case 'unknown':
    case 'never':
      return [label, fee.kind, '', '', fee.rule, fee.why];
  }
}

const explainCommand = (cli: Cli): Command =>
  tariffSubcommand('explain', 'Print a tariff in plain words.')
    .argument('<file>', 'tariff document (YAML)')
    .action((file: string, options: TariffOptions) => {
      const lines = explainTariff(loadTariffFile(file, loadSeriesFiles(options.series)));
      if (options.json === true) cli.io.out(asJson({ lines }));
      else for (const line of lines) cli.io.out(line);
    });

const diffCommand = (cli: Cli): Command =>
  tariffSubcommand('diff', 'What changed between two versions, and for which of their examples.')
    .argument('<before>', 'tariff document (YAML)')
    .argument('<after>', 'tariff document (YAML)')
    .action((before: string, after: string, options: TariffOptions) => {
      const series = loadSeriesFiles(options.series);
      const [old, fresh] = [loadTariffFile(before, series), loadTariffFile(after, series)];
      const { changes, examples } = diffTariffs(old, fresh);
      if (options.json === true) {
        cli.io.out(asJson({ changes, examples }));
        return;
      }
      const rows = changes.map(({ place, before: was, after: is }) => [place, was ?? '(new)', is ?? '(gone)']);
      for (const line of table(['rule', old.version, fresh.version], rows)) cli.io.out(line);
      cli.io.out('');
      for (const { example, from, changes: differences, refused } of examples) {
        cli.io.out(
          `example ${example} (of ${from === 'before' ? old.version : fresh.version})${refused === undefined ? '' : `: ${refused}`}`,
        );
        for (const each of differences) cli.io.out(`  ${repricingLine(old, each)}`);
      }
    });

const repricingLine = (tariff: Tariff, { feeId, occurrence, reverse, enter, differenceMinor }: Repricing): string => {
  const entry = (side: Repricing['enter']): string =>
    side === null
      ? 'nothing'
      : `${amountOf(tariff, side.amount.amountMinor)}${reverse?.vat === enter?.vat ? '' : ` (VAT ${side.vat})`} on ${side.on}`;
  const name = occurrence === '' ? feeId : `${feeId} #${occurrence}`;
  return `${name}: ${entry(reverse)} → ${entry(enter)} (${differenceMinor > 0n ? '+' : ''}${amountOf(tariff, differenceMinor)})`;
};
