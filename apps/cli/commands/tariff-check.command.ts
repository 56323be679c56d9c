import type { Command } from 'commander';
import { HubError } from '#libs/kernel/index.js';
import {
  lintTariff,
  lintVersions,
  runExamples,
  type Finding,
  type Tariff,
  type VersionFinding,
} from '#libs/tariffs/index.js';
import { EXIT, type Cli } from '../io.js';
import { loadSeriesFiles, loadTariffFile, seriesIn } from '../tariff-files.js';
import { asJson, tariffSubcommand, type TariffOptions } from './tariff-subcommand.js';

export const checkCommand = (cli: Cli): Command =>
  tariffSubcommand(
    'check',
    'Check tariff documents: shape, names, formulas, lints, own worked examples; versions together.',
  )
    .argument('<file...>', 'tariff documents (YAML); all versions of a tariff, to check that they follow each other')
    .option('--strict', 'warnings fail too')
    .action((files: readonly string[], options: TariffOptions & { readonly strict?: true }) => {
      const series = loadSeriesFiles(options.series);
      const results = files.map((file) => checkSeries(file) ?? checkFile(file, series));
      const together = lintVersions(results.flatMap(({ loaded }) => loaded ?? [])).map((finding) =>
        placed(finding, results),
      );
      const findings = [...together, ...results.flatMap((result) => result.findings)];
      const ok =
        results.every((result) => result.ok) &&
        !findings.some(({ level }) => level === 'error' || options.strict === true);
      if (options.json === true) {
        cli.io.out(
          asJson({ ok, versions: together, files: results.map((result) => ({ ...result, loaded: undefined })) }),
        );
      } else {
        for (const line of [...results.flatMap(resultLines), ...together.map(placedLine)]) cli.io.out(line);
      }
      if (!ok) cli.exit(EXIT.failed);
    });

interface PlacedFinding extends Finding {
  readonly line: number;
}

/** A finding between versions, with the file and the line that it is mended in. */
function placed(
  { tariff, ...finding }: VersionFinding,
  results: readonly CheckResult[],
): PlacedFinding & { file: string } {
  const file = results.find(({ loaded }) => loaded === tariff)?.file ?? '';
  return { file, line: tariff.lineOf(finding.place), ...finding };
}

const placedLine = ({ file, line, ...finding }: PlacedFinding & { file: string }): string =>
  `       ${file}:${line}: ${findingLine(finding).trim()}`;

export interface CheckResult {
  readonly file: string;
  readonly ok: boolean;
  readonly tariff?: string;
  /** It is no tariff but a published series, `name@version`. */
  readonly series?: string;
  readonly examples: number;
  readonly problems: readonly string[];
  readonly findings: readonly PlacedFinding[];
  readonly loaded?: Tariff;
}

/** What is wrong with one document, and what may be. */
export function checkFile(
  file: string,
  series: ReturnType<typeof loadSeriesFiles>,
  load = loadTariffFile,
): CheckResult {
  try {
    const loaded = load(file, series);
    const examples = runExamples(loaded);
    const problems = examples.flatMap(({ id, difference }) =>
      difference === null ? [] : [`${file}:${loaded.lineOf(`examples.${id}`)}: example ${id}: ${difference}`],
    );
    const findings = lintTariff(loaded).map((finding) => ({ ...finding, line: loaded.lineOf(finding.place) }));
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
    return refused(file, error);
  }
}

/** A published series that lies among the documents; undefined where it is none. */
function checkSeries(file: string): CheckResult | undefined {
  try {
    const series = seriesIn(file);
    return series === undefined ? undefined : { file, ok: true, series, examples: 0, problems: [], findings: [] };
  } catch (error) {
    return refused(file, error);
  }
}

/** What is wrong with the file itself is told of each file; that it cannot be read ends the command. */
function refused(file: string, error: unknown): CheckResult {
  if (!(error instanceof HubError) || error.code.startsWith('cli.')) throw error;
  return { file, ok: false, examples: 0, problems: [`${error.message} [${error.code}]`], findings: [] };
}

export const resultLines = ({ file, ok, tariff, series, examples, problems, findings }: CheckResult): string[] => [
  `${ok ? 'ok    ' : 'FAILED'} ${file}${tariff === undefined ? (series === undefined ? '' : `: series ${series}`) : `: ${tariff}, ${examples} examples`}`,
  ...problems.map((problem) => `       ${problem}`),
  ...findings.map((finding) => placedLine({ file, ...finding })),
];

export const findingLine = ({ level, place, message }: Finding): string => `       ${level}: ${place}: ${message}`;
