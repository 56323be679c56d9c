import { join } from 'node:path';
import { Command } from 'commander';
import { dayIn, localDate } from '#libs/kernel/index.js';
import { pairNotes, Simulation, type Simulated, type Tariff } from '#libs/tariffs/index.js';
import { programmeCases, TariffPricing } from '#libs/settlement/index.js';
import { loadTariffs } from '../../tariffs.module.js';
import { withHub, type CliHub, type ConnectHub } from '../cli-hub.js';
import { EXIT, type Cli } from '../io.js';
import { OPERATOR } from '../operator.js';
import { readId } from '../options.js';
import { casesOf } from '../programme-file.js';
import { oneLine, table } from '../table.js';
import { loadSeriesFiles, loadTariffFile } from '../tariff-files.js';
import { amountOf, asJson, tariffSubcommand, type TariffOptions } from './tariff-subcommand.js';

export const simulateCommand = (cli: Cli): Command =>
  tariffSubcommand(
    'simulate',
    'Price a whole programme by two versions: money by fee and group, before and after. Answers 1 when a version refuses somebody.',
  )
    .argument('<before>', 'tariff document (YAML)')
    .argument('<after>', 'tariff document (YAML)')
    .requiredOption(
      '--facts <file>',
      'cases as for "price", as "facts" writes them: one a line (read as a stream) or a JSON list',
    )
    .option('--by <name>', 'the attribute or term that makes the groups')
    .action(
      async (
        before: string,
        after: string,
        options: TariffOptions & { readonly facts: string; readonly by?: string },
      ) => {
        const series = loadSeriesFiles(options.series);
        const [old, fresh] = [loadTariffFile(before, series), loadTariffFile(after, series)];
        const simulation = new Simulation(old, fresh, options.by);
        for await (const { place, body } of casesOf(options.facts)) simulation.add(place, body);
        const { result } = simulation;
        for (const note of [...pairNotes(old, fresh), ...strangersInWords(result)]) cli.io.error(`note: ${note}`);
        for (const line of refusalLines(result)) cli.io.error(oneLine(line));
        if (options.json === true) cli.io.out(asJson(result));
        else for (const line of simulatedLines(result, old)) cli.io.out(line);
        if (result.refusedPersons > 0) cli.exit(EXIT.failed);
      },
    );

const strangersInWords = ({ strangers }: Simulated): string[] =>
  strangers.map(({ what, persons }) => oneLine(`${what} (persons: ${persons})`));

function refusalLines({ refusals, refusedPersons }: Simulated): string[] {
  const persons = new Set(refusals.map(({ place }) => place)).size;
  const more = refusedPersons === persons ? [] : [`and ${refusedPersons - persons} more.`];
  return [...refusals.map(({ place, version, reason }) => `${place}: refused by ${version}: ${reason}`), ...more];
}

function simulatedLines(result: Simulated, tariff: Tariff): string[] {
  const { persons, changedPersons, unknownPersons, refusedPersons, lines } = result;
  const head = [
    ...['group', 'fee', 'payments before', 'after', 'unknown before', 'unknown after'],
    ...['money before', 'money after', 'difference'],
  ];
  const total = (side: 'beforeMinor' | 'afterMinor'): bigint => lines.reduce((sum, line) => sum + line[side], 0n);
  const rows = lines.map((line) => [
    ...[line.group ?? '(nobody said)', line.feeId, ...counts(line)],
    ...[line.beforeMinor, line.afterMinor, line.afterMinor - line.beforeMinor].map((minor) => amountOf(tariff, minor)),
  ]);
  const [was, is] = [total('beforeMinor'), total('afterMinor')];
  const sum = ['total', '', '', '', '', '', ...[was, is, is - was].map((minor) => amountOf(tariff, minor))];
  return [
    ...table(head, [...rows, sum], head.slice(2)),
    `${persons} persons, ${changedPersons} with a difference, ${unknownPersons} with a payment that cannot be priced (${tariff.currency})`,
    ...(refusedPersons === 0 ? [] : [`Refused by a version, and in no line: ${refusedPersons}.`]),
  ];
}

const counts = (line: Simulated['lines'][number]): string[] =>
  [line.paymentsBefore, line.paymentsAfter, line.unknownBefore, line.unknownAfter].map(String);

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
