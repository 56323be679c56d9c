import { Command } from 'commander';
import { addMoney, formatMinor, HubError, money, type Money } from '#libs/kernel/index.js';
import {
  diffTariffs,
  explainTariff,
  pairNames,
  pairNotes,
  price,
  strangersIn,
  TariffCatalogue,
  type Case,
  type ChangedCondition,
  type Entry,
  type Fee,
  type Repricing,
  type Tariff,
  type TariffDiff,
} from '#libs/tariffs/index.js';
import type { ConnectHub } from '../cli-hub.js';
import { readJson } from '../files.js';
import type { Cli } from '../io.js';
import { oneLine, table } from '../table.js';
import { caseFrom, loadSeriesFiles, loadTariffFile } from '../tariff-files.js';
import { checkCommand } from './tariff-check.command.js';
import { factsCommand, simulateCommand } from './tariff-programme.command.js';
import { publishCommand } from './tariff-publish.command.js';
import { asJson, tariffSubcommand, type TariffOptions } from './tariff-subcommand.js';

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
      const notes = [...strangersIn(tariffs, asked), ...(tariffs.length === 1 ? outOfForce(last, given) : [])];
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
const feeTable = (fees: readonly Fee[], { currency }: Tariff): readonly string[] => [
  ...table(['fee', 'answer', 'on', 'amount', 'rule', 'why'], fees.map(feeRow), ['amount']),
  ...totalLines('due in all', 'pay', fees, money(0n, currency)),
  ...totalLines('to be repaid in all', 'recover', fees),
];

/** A total for each currency: versions of one tariff may pay in several. */
function totalLines(
  title: string,
  direction: Fee['direction'],
  fees: readonly Fee[],
  ...none: readonly Money[]
): readonly string[] {
  const due = fees.flatMap((fee) => (fee.kind === 'due' && fee.direction === direction ? [fee.amount] : []));
  const sums = [...Map.groupBy(due, ({ currency }) => currency).values()].map((amounts) => amounts.reduce(addMoney));
  return (sums.length === 0 ? none : sums).map(
    ({ amountMinor, currency }) => `${title}: ${formatMinor(amountMinor, currency)} ${currency}`,
  );
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
      else for (const line of lines) cli.io.out(oneLine(line));
    });

const diffCommand = (cli: Cli): Command =>
  tariffSubcommand('diff', 'What changed between two versions, and for which of their examples.')
    .argument('<before>', 'tariff document (YAML)')
    .argument('<after>', 'tariff document (YAML)')
    .action((before: string, after: string, options: TariffOptions) => {
      const series = loadSeriesFiles(options.series);
      const [old, fresh] = [loadTariffFile(before, series), loadTariffFile(after, series)];
      const diff = diffTariffs(old, fresh);
      for (const note of pairNotes(old, fresh)) cli.io.error(`note: ${note}`);
      if (options.json === true) cli.io.out(asJson(diff));
      else for (const line of diffLines(diff, pairNames(old, fresh))) cli.io.out(oneLine(line));
    });

function diffLines({ changes, examples }: TariffDiff, [before, after]: readonly [string, string]): readonly string[] {
  if (changes.length + examples.length === 0)
    return ['They say the same: no rule differs, and no example comes to anything else.'];
  const rows = changes.map(({ place, before: was, after: is }) => [place, was ?? '(new)', is ?? '(gone)']);
  return [
    ...table(['rule', before, after], rows),
    '',
    ...examples.flatMap(({ example, from, changes: differences, conditions, refused }) => [
      `example ${example} (of ${from === 'before' ? before : after})${refused === undefined ? '' : `: ${refused}`}`,
      ...differences.map((each) => `  ${repricingLine(each)}`),
      ...conditions.map((each) => `  ${conditionLine(each)}`),
    ]),
  ];
}

const nameOf = ({ feeId, occurrence }: Repricing | ChangedCondition): string =>
  occurrence === '' ? feeId : `${feeId} #${occurrence}`;

function repricingLine(change: Repricing): string {
  const { reverse, enter, differenceMinor } = change;
  const currency = (enter ?? reverse)?.amount.currency;
  const difference =
    differenceMinor === null || currency === undefined
      ? 'another currency'
      : `${differenceMinor > 0n ? '+' : ''}${formatMinor(differenceMinor, currency)}`;
  return `${nameOf(change)}: ${entryInWords(reverse, enter)} → ${entryInWords(enter, reverse)} (${difference})`;
}

/** Amount and day, and whatever else the other side says otherwise. */
function entryInWords(entry: Entry | null, other: Entry | null): string {
  if (entry === null) return 'nothing';
  const { amount, vat, on, payee, shares, direction } = entry;
  const words = (words: string, differs: boolean): string => (other !== null && differs ? ` ${words}` : '');
  const shared = (of: Entry | null): string =>
    of?.shares
      .map((each) => `${each.payee} ${formatMinor(each.amount.amountMinor, each.amount.currency)}`)
      .join(', ') ?? '';
  return [
    formatMinor(amount.amountMinor, amount.currency),
    words(amount.currency, amount.currency !== other?.amount.currency),
    words(direction === 'pay' ? 'to be paid' : 'to be repaid', direction !== other?.direction),
    words(`(VAT ${vat})`, vat !== other?.vat),
    words(`to ${payee}`, payee !== other?.payee),
    words(`shared by ${shared(entry)}`, shares.length > 0 && shared(entry) !== shared(other)),
    ` on ${on}`,
  ].join('');
}

const conditionLine = (change: ChangedCondition): string =>
  `${nameOf(change)}: ${change.what === 'claim' ? 'claimable' : 'asks'} ${change.before || 'nothing'} → ${change.after || 'nothing'}`;
