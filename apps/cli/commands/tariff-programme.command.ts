import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { dayIn, HubError, localDate } from '#libs/kernel/index.js';
import { Simulation, type Simulated, type Tariff } from '#libs/tariffs/index.js';
import { programmeCases, TariffPricing } from '#libs/settlement/index.js';
import { loadTariffs } from '../../tariffs.module.js';
import { withHub, type CliHub, type ConnectHub } from '../cli-hub.js';
import { exactJson } from '../files.js';
import { EXIT, type Cli } from '../io.js';
import { OPERATOR } from '../operator.js';
import { readId } from '../options.js';
import { table } from '../table.js';
import { caseFrom, loadSeriesFiles, loadTariffFile } from '../tariff-files.js';
import { amountOf, asJson, tariffSubcommand, type TariffOptions } from './tariff-subcommand.js';

/** A line of facts is a case; longer ones are refused. */
const LINE_LENGTH_MAX = 2_000_000;

export const simulateCommand = (cli: Cli): Command =>
  tariffSubcommand('simulate', 'Price a whole programme by two versions: money by fee and group, before and after.')
    .argument('<before>', 'tariff document (YAML)')
    .argument('<after>', 'tariff document (YAML)')
    .requiredOption('--facts <file>', 'one case a line (JSON), as for "price"; read as a stream')
    .option('--by <name>', 'the attribute or term that makes the groups')
    .action(
      async (
        before: string,
        after: string,
        options: TariffOptions & { readonly facts: string; readonly by?: string },
      ) => {
        const series = loadSeriesFiles(options.series);
        const [old, fresh] = [loadTariffFile(before, series), loadTariffFile(after, series)];
        const result = await simulate(new Simulation(old, fresh, options.by), old, fresh, options.facts);
        if (options.json === true) cli.io.out(asJson(result));
        else for (const line of simulatedLines(result, old)) cli.io.out(line);
      },
    );

async function simulate(simulation: Simulation, old: Tariff, fresh: Tariff, file: string): Promise<Simulated> {
  let number = 0;
  const input = createReadStream(file, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      if (line.trim() === '') continue;
      const place = `${file}:${number}`;
      if (line.length > LINE_LENGTH_MAX)
        throw new HubError('case.shape', `${place}: longer than ${LINE_LENGTH_MAX} characters.`);
      const body = parsed(line, place);
      simulation.add(caseFrom(old, body, place), caseFrom(fresh, body, place));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new HubError('cli.file', `${file} cannot be read: ENOENT.`, { field: file });
    throw error;
  }
  return simulation.result;
}

function parsed(line: string, place: string): unknown {
  try {
    return exactJson(line);
  } catch (error) {
    throw new HubError('case.shape', `${place} is not JSON: ${(error as Error).message}`);
  }
}

function simulatedLines({ persons, changedPersons, unknownPersons, lines }: Simulated, tariff: Tariff): string[] {
  const head = ['group', 'fee', 'payments before', 'after', 'money before', 'money after', 'difference'];
  const total = (side: 'beforeMinor' | 'afterMinor'): bigint => lines.reduce((sum, line) => sum + line[side], 0n);
  const rows = lines.map((line) => [
    ...[line.group, line.feeId, String(line.paymentsBefore), String(line.paymentsAfter)],
    ...[line.beforeMinor, line.afterMinor, line.afterMinor - line.beforeMinor].map((minor) => amountOf(tariff, minor)),
  ]);
  const [was, is] = [total('beforeMinor'), total('afterMinor')];
  const sum = ['total', '', '', '', ...[was, is, is - was].map((minor) => amountOf(tariff, minor))];
  return [
    ...table(head, [...rows, sum], head.slice(2)),
    `${persons} persons, ${changedPersons} with a difference, ${unknownPersons} with a payment that cannot be priced (${tariff.currency})`,
  ];
}

interface FactsOptions {
  readonly tariff: string;
  readonly ofVersion?: string;
  readonly contract?: string;
  readonly asOf?: string;
  readonly json?: true;
}

const FACTS_PAGE = 500;

export const factsCommand = (cli: Cli, connect: ConnectHub): Command =>
  new Command('facts')
    .description(
      'Write a programme\'s recorded facts, one case a line, as "simulate" reads them; nobody is named in them.',
    )
    .requiredOption('--tariff <id>', 'of the referrals priced by this tariff')
    .option('--of-version <version>', 'and by this version of it only')
    .option('--contract <id>', 'of one contract only', readId)
    .option('--as-of <day>', 'the day to be priced, YYYY-MM-DD (else today)')
    .option('--json', 'one JSON list instead of a line a case')
    .action(async (options: FactsOptions) => {
      const list: object[] = [];
      const count = await withHub(connect, (hub) =>
        recorded(hub, options, (each) => (options.json === true ? list.push(each) : cli.io.out(JSON.stringify(each)))),
      );
      if (options.json === true) cli.io.out(JSON.stringify(list, undefined, 2));
      if (count > 0) return;
      cli.io.error(
        `No referral is priced by ${options.tariff}${options.ofVersion === undefined ? '' : ` ${options.ofVersion}`}.`,
      );
      cli.exit(EXIT.failed);
    });

/** Hands on one case after the other; answers how many. */
async function recorded(hub: CliHub, options: FactsOptions, take: (each: object) => void): Promise<number> {
  const pricing = new TariffPricing(loadTariffs(join(hub.schemaFolder, 'tariffs')));
  const day = options.asOf === undefined ? undefined : localDate(options.asOf);
  let count = 0;
  for (let after: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof programmeCases>> = await hub.unitOfWork.transaction(OPERATOR, (tx, now) =>
      programmeCases(
        tx,
        pricing,
        {
          tariffId: options.tariff,
          tariffVersion: options.ofVersion ?? null,
          contractId: options.contract ?? null,
          after,
          limit: FACTS_PAGE,
        },
        day ?? dayIn('UTC', now),
      ),
    );
    for (const each of page.cases) take(each);
    count += page.cases.length;
    if (page.next === null) return count;
    after = page.next;
  }
}
