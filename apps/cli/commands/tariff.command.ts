import { createReadStream, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { dayIn, formatMinor, HubError, localDate } from '#libs/kernel/index.js';
import {
  diffTariffs,
  explainTariff,
  lintTariff,
  lintVersions,
  price,
  publish,
  runExamples,
  strangersIn,
  Simulation,
  TariffCatalogue,
  type Case,
  type Fee,
  type Finding,
  type Repricing,
  type Simulated,
  type Tariff,
} from '#libs/tariffs/index.js';
import { programmeCases, TariffPricing } from '#libs/settlement/index.js';
import { loadTariffs } from '../../tariffs.module.js';
import { exactJson, readJson } from '../files.js';
import { withHub, type CliHub, type ConnectHub } from '../cli-hub.js';
import { EXIT, type Cli } from '../io.js';
import { OPERATOR } from '../operator.js';
import { readId } from '../options.js';
import { table } from '../table.js';
import {
  caseFrom,
  loadSeriesFiles,
  loadTariffFile,
  loadUnsealed,
  PUBLICATIONS,
  publicationsBeside,
  publishedBeside,
  sealOf,
} from '../tariff-files.js';

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

const FACTS_PAGE = 500;

interface Options {
  readonly json?: true;
  readonly series?: readonly string[];
}

const command = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--series <file...>', 'published series that the tariff names (YAML)')
    .option('--json', 'answer as JSON');

/** Amounts are bigint: in JSON they are text, in minor units. */
const asJson = (body: unknown): string =>
  JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2);

const money = (tariff: Tariff, amountMinor: bigint): string => formatMinor(amountMinor, tariff.currency);

const checkCommand = (cli: Cli): Command =>
  command('check', 'Check tariff documents: shape, names, formulas, lints, own worked examples; versions together.')
    .argument('<file...>', 'tariff documents (YAML); all versions of a tariff, to check that they follow each other')
    .option('--strict', 'warnings fail too')
    .action((files: readonly string[], options: Options & { readonly strict?: true }) => {
      const series = loadSeriesFiles(options.series);
      const results = files.map((file) => checkFile(file, series));
      const together = lintVersions(results.flatMap(({ loaded }) => (loaded === undefined ? [] : [loaded])));
      const findings = [...together, ...results.flatMap((result) => result.findings)];
      const ok =
        results.every((result) => result.ok) &&
        !findings.some(({ level }) => level === 'error' || options.strict === true);
      if (options.json === true) {
        cli.io.out(
          asJson({ ok, versions: together, files: results.map((result) => ({ ...result, loaded: undefined })) }),
        );
      } else {
        for (const line of [...results.flatMap(resultLines), ...together.map(findingLine)]) cli.io.out(line);
      }
      if (!ok) cli.exit(EXIT.failed);
    });

interface CheckResult {
  readonly file: string;
  readonly ok: boolean;
  readonly tariff?: string;
  readonly examples: number;
  readonly problems: readonly string[];
  readonly findings: readonly Finding[];
  readonly loaded?: Tariff;
}

function checkFile(file: string, series: ReturnType<typeof loadSeriesFiles>, load = loadTariffFile): CheckResult {
  try {
    const loaded = load(file, series);
    const examples = runExamples(loaded);
    const problems = examples.flatMap(({ id, difference }) =>
      difference === null ? [] : [`example ${id}: ${difference}`],
    );
    const findings = lintTariff(loaded);
    const ok = problems.length === 0 && !findings.some(({ level }) => level === 'error');
    return {
      file,
      ok,
      tariff: `${loaded.id}@${loaded.version}`,
      examples: examples.length,
      problems,
      findings,
      loaded,
    };
  } catch (error) {
    if (!(error instanceof HubError) || error.code.startsWith('cli.')) throw error;
    return { file, ok: false, examples: 0, problems: [`${error.message} [${error.code}]`], findings: [] };
  }
}

const resultLines = ({ file, ok, tariff, examples, problems, findings }: CheckResult): string[] => [
  `${ok ? 'ok    ' : 'FAILED'} ${file}${tariff === undefined ? '' : `: ${tariff}, ${examples} examples`}`,
  ...problems.map((problem) => `       ${problem}`),
  ...findings.map(findingLine),
];

const findingLine = ({ level, place, message }: Finding): string => `       ${level}: ${place}: ${message}`;

const priceCommand = (cli: Cli): Command =>
  command('price', 'Price one case: what is due, not yet, or never, and why.')
    .argument(
      '<file...>',
      'one tariff document, or several versions: each payment is priced by the version its day selects',
    )
    .requiredOption(
      '--case <file>',
      'JSON: { "asOf": day, "knownBy"?, "subject"?, "terms"?, "attributes"?, "facts": […] }',
    )
    .action((files: readonly string[], options: Options & { readonly case: string }) => {
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

/** With what is due in all, less what is to be paid back. */
function feeTable(fees: readonly Fee[], tariff: Tariff): readonly string[] {
  const dueMinor = fees.reduce((sum, fee) => {
    if (fee.kind !== 'due') return sum;
    return fee.direction === 'pay' ? sum + fee.amount.amountMinor : sum - fee.amount.amountMinor;
  }, 0n);
  return [
    ...table(['fee', 'answer', 'on', 'amount', 'rule', 'why'], fees.map(feeRow), ['amount']),
    `due in all: ${money(tariff, dueMinor)} ${tariff.currency}`,
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
  command('explain', 'Print a tariff in plain words.')
    .argument('<file>', 'tariff document (YAML)')
    .action((file: string, options: Options) => {
      const lines = explainTariff(loadTariffFile(file, loadSeriesFiles(options.series)));
      if (options.json === true) cli.io.out(asJson({ lines }));
      else for (const line of lines) cli.io.out(line);
    });

const diffCommand = (cli: Cli): Command =>
  command('diff', 'What changed between two versions, and for which of their examples.')
    .argument('<before>', 'tariff document (YAML)')
    .argument('<after>', 'tariff document (YAML)')
    .action((before: string, after: string, options: Options) => {
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
      : `${money(tariff, side.amount.amountMinor)}${reverse?.vat === enter?.vat ? '' : ` (VAT ${side.vat})`} on ${side.on}`;
  const name = occurrence === '' ? feeId : `${feeId} #${occurrence}`;
  return `${name}: ${entry(reverse)} → ${entry(enter)} (${differenceMinor > 0n ? '+' : ''}${money(tariff, differenceMinor)})`;
};

/** A line of facts is a case; longer ones are refused. */
const LINE_LENGTH_MAX = 2_000_000;

const simulateCommand = (cli: Cli): Command =>
  command('simulate', 'Price a whole programme by two versions: money by fee and group, before and after.')
    .argument('<before>', 'tariff document (YAML)')
    .argument('<after>', 'tariff document (YAML)')
    .requiredOption('--facts <file>', 'one case a line (JSON), as for "price"; read as a stream')
    .option('--by <name>', 'the attribute or term that makes the groups')
    .action(
      async (before: string, after: string, options: Options & { readonly facts: string; readonly by?: string }) => {
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
    ...[line.beforeMinor, line.afterMinor, line.afterMinor - line.beforeMinor].map((minor) => money(tariff, minor)),
  ]);
  const [was, is] = [total('beforeMinor'), total('afterMinor')];
  const sum = ['total', '', '', '', ...[was, is, is - was].map((minor) => money(tariff, minor))];
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

const factsCommand = (cli: Cli, connect: ConnectHub): Command =>
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

const publishCommand = (cli: Cli): Command =>
  command(
    'publish',
    'Publish a version: it passes every check, a second person approves it, and it is never edited again; once more, to set its last day.',
  )
    .argument('<file>', 'tariff document (YAML)')
    .requiredOption('--by <name>', 'who publishes it')
    .requiredOption('--approved-by <name>', 'the second person')
    .requiredOption('--on <day>', 'the day, YYYY-MM-DD')
    .option('--with-gap', 'no version holds for some days, and that is meant')
    .action(
      (
        file: string,
        options: Options & {
          readonly by: string;
          readonly approvedBy: string;
          readonly on: string;
          readonly withGap?: true;
        },
      ) => {
        const checked = checkFile(file, loadSeriesFiles(options.series), loadUnsealed);
        if (!checked.ok || checked.loaded === undefined) {
          for (const line of resultLines(checked)) cli.io.error(line);
          cli.exit(EXIT.failed);
          return;
        }
        const clashes = lintVersions([checked.loaded, ...publishedBeside(file, checked.loaded)]);
        for (const finding of clashes) cli.io.error(findingLine(finding).trim());
        const gap = clashes.some(({ place }) => place === 'validFrom') && options.withGap !== true;
        if (gap) cli.io.error('Where it is meant that no version holds for some days, say --with-gap.');
        if (gap || clashes.some(({ level }) => level === 'error')) {
          cli.exit(EXIT.failed);
          return;
        }
        const wanted = {
          sha256: sealOf(file),
          publishedBy: options.by,
          approvedBy: options.approvedBy,
          publishedOn: localDate(options.on),
        };
        const publications = publish(checked.loaded, wanted, publicationsBeside(file));
        writeFileSync(join(dirname(file), PUBLICATIONS), `${JSON.stringify(publications, undefined, 2)}\n`);
        cli.io.out(
          options.json === true ? asJson(publications) : `${checked.loaded.id} ${checked.loaded.version} is published.`,
        );
      },
    );
