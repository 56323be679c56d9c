import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { HubError, isUuid } from '#libs/kernel/index.js';
import { findOrganisation, listOrganisations } from '#libs/partners/index.js';
import type { HubPrincipal } from '#libs/platform/auth/principal.js';
import {
  importVacancies,
  PostgresVacancyStore,
  summaryOf,
  VACANCY_DOCUMENT_BYTES_MAX,
  VACANCY_DOORS,
  VacancyDoors,
  type ImportSummary,
  type VacancyDoor,
} from '#libs/vacancies/index.js';
import { EXIT, withHub, type CliHub, type ConnectHub } from '../cli-hub.js';

interface VacancyOptions {
  readonly door: VacancyDoor;
  readonly as?: string;
  readonly json?: boolean;
}

/** `liaison import …`: documents of other systems, through the same doors as the API. */
export function importCommand(connect: ConnectHub): Command {
  const command = new Command('import').description("take over another system's document");
  command
    .command('vacancies')
    .description('take over vacancies, row by row; the same file twice changes nothing')
    .argument('<file>', 'the document as it came, JSON')
    .addOption(new Option('--door <name>', 'what kind of document it is').choices(VACANCY_DOORS).makeOptionMandatory())
    .option(
      '--as <organisation>',
      'id of the organisation that shares them (default: the first authority on record)',
      organisationId,
    )
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', `\nExit code: 0 every row was taken over, 1 a row or the document was refused.\n`)
    .action(async (file: string, options: VacancyOptions) => {
      const summary = await withHub(connect, (hub) => importFile(hub, file, options));
      process.stdout.write(options.json === true ? `${JSON.stringify(summary, null, 2)}\n` : asText(summary));
      process.exitCode = summary.refused === 0 ? EXIT.done : EXIT.refused;
    });
  return command;
}

function organisationId(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('An id is a lower-case UUID.');
  return text;
}

async function importFile(hub: CliHub, file: string, options: VacancyOptions): Promise<ImportSummary> {
  const { size } = await stat(file);
  if (size > VACANCY_DOCUMENT_BYTES_MAX) {
    throw new HubError('vacancy.document', `A document has at most ${VACANCY_DOCUMENT_BYTES_MAX} bytes.`, {
      field: 'document',
    });
  }
  const rows = new VacancyDoors(join(hub.schemaFolder, 'doors')).read(options.door, await readFile(file, 'utf8'));
  const operator: HubPrincipal = { kind: 'operator', actorId: `cli:${userInfo().username}` };
  return hub.unitOfWork.transaction(operator, async (tx, now) => {
    const [first] = options.as === undefined ? await listOrganisations(tx, { kind: 'PES', after: null, limit: 1 }) : [];
    const sharing = options.as === undefined ? first : await findOrganisation(tx, options.as);
    if (sharing === undefined) {
      throw new HubError('vacancy.shared-by', 'There is no such organisation to share the vacancies.', { field: 'as' });
    }
    const services = { vacancies: new PostgresVacancyStore(), events: hub.events };
    const command = { sharedBy: sharing.id, door: options.door, rows };
    return summaryOf(await importVacancies(tx, operator, services, command, now));
  });
}

function asText(summary: ImportSummary): string {
  const { imported, changed, unchanged, removed, refused, rows } = summary;
  const refusals = rows
    .filter(({ outcome }) => outcome === 'REFUSED')
    .map(
      ({ row, externalId, field, rule }) =>
        `row ${String(row)} (${externalId ?? 'no id'}): ${field ?? ''}: ${rule ?? ''}`,
    );
  const counts = Object.entries({ imported, changed, unchanged, removed, refused }).map(
    ([name, count]) => `${String(count)} ${name}`,
  );
  return [...refusals, counts.join(', '), ''].join('\n');
}
