import { realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { dayIn, HubError, localDate, type LocalDate } from '#libs/kernel/index.js';
import {
  isCutShort,
  lintVersions,
  publicationOf,
  publish,
  type Finding,
  type Publication,
  type Tariff,
} from '#libs/tariffs/index.js';
import { EXIT, type Cli } from '../io.js';
import { PUBLICATIONS, type TariffFolder } from '../../tariff-folder.js';
import { folderOf, loadSeriesFiles, loadUnsealed, publishedBeside } from '../tariff-files.js';
import { checkFile, findingLine, resultLines } from './tariff-check.command.js';
import { asJson, tariffSubcommand, type TariffOptions } from './tariff-subcommand.js';

export const publishCommand = (cli: Cli): Command =>
  tariffSubcommand(
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
        options: TariffOptions & {
          readonly by: string;
          readonly approvedBy: string;
          readonly on: string;
          readonly withGap?: true;
        },
      ) => {
        const series = loadSeriesFiles(options.series);
        const checked = checkFile(file, series, loadUnsealed);
        if (!checked.ok || checked.loaded === undefined) {
          for (const line of resultLines(checked)) cli.io.error(line);
          cli.exit(EXIT.failed);
          return;
        }
        const folder = folderOf(file, series);
        checkSeriesBeside(folder, options.series);
        const clashes = clashesOf(folder, checked.loaded);
        for (const finding of clashes) cli.io.error(findingLine(finding).trim());
        const gap = clashes.some(leavesGap) && options.withGap !== true;
        if (gap) cli.io.error('Where it is meant that no version holds for some days, say --with-gap.');
        if (gap || clashes.some(({ level }) => level === 'error')) {
          cli.exit(EXIT.failed);
          return;
        }
        const wanted = {
          ...folder.sealOf(checked.loaded),
          publishedBy: options.by,
          approvedBy: options.approvedBy,
          publishedOn: localDate(options.on),
        };
        const before = folder.publications;
        const publications = publish(checked.loaded, wanted, before, today());
        if (publications !== before)
          writeFileSync(join(folder.path, PUBLICATIONS), `${JSON.stringify(publications, undefined, 2)}\n`);
        else cli.io.error(alreadyPublished(checked.loaded, before));
        if (options.json === true) cli.io.out(asJson(publications));
        else if (publications !== before) cli.io.out(`${checked.loaded.id} ${checked.loaded.version} is published.`);
      },
    );

const leavesGap = ({ level, place }: Finding): boolean => level === 'warning' && place.startsWith('valid');

/** What speaks against a version among those that are published beside it. Errors: `tariff.twins`, `tariff.published`. */
function clashesOf(folder: TariffFolder, tariff: Tariff): readonly Finding[] {
  folder.checkTwins(
    folder.documents().filter(({ body }) => body['tariff'] === tariff.id && String(body['version']) === tariff.version),
  );
  const beside = publishedBeside(folder, tariff);
  const clashes = lintVersions([tariff, ...beside]);
  const { id, version, validTo, validFrom } = tariff;
  if (!isCutShort(tariff, folder.publications) || beside.some((each) => each.validFrom > validFrom)) return clashes;
  const message = `${id}: ${version} would end on ${validTo ?? ''} already, and no version follows: days that are over would have none.`;
  return [...clashes, { level: 'warning', place: 'validTo', message }];
}

/** Error: `tariff.series`. */
function checkSeriesBeside(folder: TariffFolder, series: readonly string[] = []): void {
  const elsewhere = series.find((path) => realpathSync(dirname(path)) !== realpathSync(folder.path));
  if (elsewhere === undefined) return;
  throw new HubError(
    'tariff.series',
    `${elsewhere} lies in another folder than the document, and a hub reads only its own: copy the series beside the document.`,
  );
}

/** Where the person sits. */
const today = (): LocalDate => dayIn(Intl.DateTimeFormat().resolvedOptions().timeZone, new Date());

/** Nothing is wrong where a publication is sent again, but nothing is written down a second time either. */
function alreadyPublished(tariff: Tariff, publications: readonly Publication[]): string {
  const { publishedOn, publishedBy, approvedBy } = publicationOf(tariff, publications) ?? {};
  return `${tariff.id} ${tariff.version} was already published on ${publishedOn ?? ''} by ${publishedBy ?? ''}, approved by ${approvedBy ?? ''}: nothing is written down.`;
}
