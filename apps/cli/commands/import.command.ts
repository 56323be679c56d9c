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
  VACANCY_DOORS,
  VacancyDoors,
  type ImportSummary,
  type VacancyDoor,
} from '#libs/vacancies/index.js';
import { connectHub, withHub, type CliHub, type ConnectHub } from '../cli-hub.js';
import { readText } from '../files.js';
import { EXIT, type Cli } from '../io.js';

interface VacancyOptions {
  readonly door: VacancyDoor;
  readonly as?: string;
  readonly json?: boolean;
}

/** `liaison import …`: documents of other systems, through the same doors as the API. */
export function importCommand(cli: Cli, connect: ConnectHub = connectHub): Command {
  const command = new Command('import').description("Take over another system's document.");
  command
    .command('vacancies')
    .description(
      'Take over vacancies row by row; the same file twice changes nothing. Answers 1 when a row is refused.',
    )
    .argument('<file>', 'the document as it came, JSON')
    .addOption(new Option('--door <name>', 'what kind of document it is').choices(VACANCY_DOORS).makeOptionMandatory())
    .option(
      '--as <organisation>',
      'id of the organisation that shares them (else the first authority on record)',
      readId,
    )
    .option('--json', 'print the whole answer as JSON')
    .action(async (file: string, options: VacancyOptions) => {
      const text = readText(file);
      const summary = await withHub(connect, (hub) => importDocument(hub, text, options));
      for (const line of options.json === true ? [JSON.stringify(summary, null, 2)] : asText(summary)) cli.io.out(line);
      if (summary.refused > 0) cli.exit(EXIT.failed);
    });
  return command;
}

function readId(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('An id is a lower-case UUID.');
  return text;
}

function importDocument(hub: CliHub, text: string, options: VacancyOptions): Promise<ImportSummary> {
  const rows = new VacancyDoors(join(hub.schemaFolder, 'doors')).read(options.door, text);
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

function asText(summary: ImportSummary): string[] {
  const { imported, changed, unchanged, removed, refused, rows } = summary;
  const refusals = rows
    .filter(({ outcome }) => outcome === 'REFUSED')
    .map(
      ({ row, externalId, field, rule }) =>
        `row ${String(row)} (${externalId ?? 'no id'}): ${field ?? ''}: ${rule ?? ''}`,
    );
  const counts = Object.entries({ imported, changed, unchanged, removed, refused });
  return [...refusals, counts.map(([name, count]) => `${String(count)} ${name}`).join(', ')];
}
