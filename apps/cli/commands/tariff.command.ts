import { join } from 'node:path';
import { Command } from 'commander';
import { formatMinor, HubError, localDate } from '#libs/kernel/index.js';
import { checkFacts, checkTerms, loadTariff, price, runExamples, type Fee, type Tariff } from '#libs/tariffs/index.js';
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
    .requiredOption('--case <file>', 'JSON: { "asOf": day, "knownBy"?: moment, "terms"?, "attributes"?, "facts": […] }')
    .option('--json', 'answer as JSON')
    .action((file: string, options: { readonly case: string; readonly json?: true }) => {
      const tariff = load(file);
      const fees = priceCase(tariff, readJson(options.case), options.case);
      if (options.json === true) {
        cli.io.out(
          JSON.stringify(fees, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2),
        );
      } else {
        for (const line of table(['fee', 'answer', 'on', 'amount', 'why'], fees.map(feeRow), ['amount']))
          cli.io.out(line);
      }
    });

function priceCase(tariff: Tariff, body: unknown, file: string): readonly Fee[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HubError('case.shape', `${file}: a case is an object with asOf and facts.`);
  }
  const known = ['asOf', 'knownBy', 'terms', 'attributes', 'facts'];
  const stranger = Object.keys(body).find((key) => !known.includes(key));
  if (stranger !== undefined) {
    throw new HubError('case.shape', `${file}: unknown key "${stranger}"; a case has ${known.join(', ')}.`, {
      field: stranger,
    });
  }
  const { asOf, knownBy, terms, attributes, facts } = body as Partial<Record<string, unknown>>;
  if (typeof asOf !== 'string' || !Array.isArray(facts)) {
    throw new HubError('case.shape', `${file}: "asOf" (a day) and "facts" (a list) are needed.`, { field: 'asOf' });
  }
  const locked = { values: textMap(terms, 'terms', file), attributes: textMap(attributes, 'attributes', file) };
  checkTerms(tariff, locked);
  const day = localDate(asOf);
  return price(tariff, locked, checkFacts(facts), typeof knownBy === 'string' ? { day, knownBy } : { day });
}

function textMap(value: unknown, field: string, file: string): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  if (entries?.every(([, text]) => typeof text === 'string') !== true) {
    throw new HubError('case.shape', `${file}: "${field}" holds names with texts ("0.8", not 0.8).`, { field });
  }
  return Object.fromEntries(entries);
}

function feeRow(fee: Fee): readonly string[] {
  switch (fee.kind) {
    case 'due':
      return [fee.feeId, 'due', fee.on, formatMinor(fee.amount.amountMinor, fee.amount.currency), fee.why];
    case 'not-yet':
      return [fee.feeId, 'not yet', fee.earliest ?? '', '', fee.why];
    case 'needs':
      return [fee.feeId, 'needs', fee.earliest, '', fee.why];
    case 'never':
      return [fee.feeId, 'never', '', '', fee.why];
  }
}
