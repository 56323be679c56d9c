import { join } from 'node:path';
import { Command } from 'commander';
import { formatMinor, HubError } from '#libs/kernel/index.js';
import { loadTariff, price, readCase, runExamples, type Case, type Fee, type Tariff } from '#libs/tariffs/index.js';
import { projectFolder, readJson, readText } from '../files.js';
import { EXIT, type Cli } from '../io.js';
import { table } from '../table.js';

/** `liaison tariff …`: prove, price and compare tariffs, without a database. */
export const tariffCommand = (cli: Cli): Command =>
  new Command('tariff')
    .description('Check tariffs and price cases.')
    .addCommand(checkCommand(cli))
    .addCommand(priceCommand(cli));

const load = (path: string): Tariff =>
  loadTariff(readText(path), path, readJson(join(projectFolder('schemas/tariffs'), 'tariff.schema.json')) as object);

const checkCommand = (cli: Cli): Command =>
  new Command('check')
    .description('Check tariff documents: schema, rules, and their own worked examples.')
    .argument('<file...>', 'tariff documents (YAML)')
    .option('--json', 'answer as JSON')
    .action((files: readonly string[], options: { readonly json?: true }) => {
      const results = files.map(checkFile);
      if (options.json === true) cli.io.out(JSON.stringify(results, undefined, 2));
      else for (const result of results) for (const line of resultLines(result)) cli.io.out(line);
      if (results.some((result) => !result.ok)) cli.exit(EXIT.failed);
    });

interface CheckResult {
  readonly file: string;
  readonly ok: boolean;
  readonly tariff?: string;
  readonly examples: number;
  readonly problems: readonly string[];
}

function checkFile(file: string): CheckResult {
  try {
    const tariff = load(file);
    const examples = runExamples(tariff);
    const problems = examples.flatMap(({ id, difference }) =>
      difference === null ? [] : [`example ${id}: ${difference}`],
    );
    return {
      file,
      ok: problems.length === 0,
      tariff: `${tariff.id}@${tariff.version}`,
      examples: examples.length,
      problems,
    };
  } catch (error) {
    if (!(error instanceof HubError) || error.code.startsWith('cli.')) throw error;
    return { file, ok: false, examples: 0, problems: [`${error.message} [${error.code}]`] };
  }
}

const resultLines = ({ file, ok, tariff, examples, problems }: CheckResult): string[] => [
  `${ok ? 'ok    ' : 'FAILED'} ${file}${tariff === undefined ? '' : `: ${tariff}, ${examples} examples`}`,
  ...problems.map((problem) => `       ${problem}`),
];

const priceCommand = (cli: Cli): Command =>
  new Command('price')
    .description('Price one case: what is due, not yet, or never, and why.')
    .argument('<file>', 'tariff document (YAML)')
    .requiredOption(
      '--case <file>',
      'JSON: { "asOf": day, "knownBy"?, "subject"?, "terms"?, "attributes"?, "facts": […] }',
    )
    .option('--json', 'answer as JSON')
    .action((file: string, options: { readonly case: string; readonly json?: true }) => {
      const tariff = load(file);
      const { locked, facts, asOf } = caseFrom(tariff, options.case);
      const fees = price(tariff, locked, facts, asOf);
      if (options.json === true) {
        cli.io.out(
          JSON.stringify(fees, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2),
        );
      } else {
        for (const line of table(['fee', 'answer', 'on', 'amount', 'why'], fees.map(feeRow), ['amount']))
          cli.io.out(line);
      }
    });

/** A case; its error names the file. */
function caseFrom(tariff: Tariff, file: string): Case {
  try {
    return readCase(tariff, readJson(file));
  } catch (error) {
    if (!(error instanceof HubError) || error.code.startsWith('cli.')) throw error;
    throw new HubError(
      error.code,
      `${file}: ${error.message}`,
      error.field === undefined ? {} : { field: error.field },
    );
  }
}

function feeRow(fee: Fee): readonly string[] {
  const name = fee.occurrence === undefined ? fee.feeId : `${fee.feeId} #${fee.occurrence}`;
  const label = fee.direction === 'recover' ? `${name} (to be repaid)` : name;
  switch (fee.kind) {
    case 'due':
      return [label, 'due', fee.on, formatMinor(fee.amount.amountMinor, fee.amount.currency), fee.why];
    case 'not-yet':
      return [label, 'not yet', fee.earliest ?? '', '', fee.why];
    case 'needs':
      return [label, 'needs', fee.earliest, '', fee.why];
    case 'unknown':
    case 'never':
      return [label, fee.kind, '', '', fee.why];
  }
}
