import { basename, join } from 'node:path';
import { Command, Option } from 'commander';
import { HubError } from '#libs/kernel/index.js';
import { findOrganisation, listOrganisations } from '#libs/partners/index.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { BooksLedger, decodeXml, importBankFileFor, SettlementPorts, TariffPricing } from '#libs/settlement/index.js';
import {
  importVacancies,
  PostgresVacancyStore,
  summaryOf,
  VACANCY_DOORS,
  VacancyDoors,
  type ImportSummary,
  type VacancyDoor,
} from '#libs/vacancies/index.js';
import { withHub, type CliHub, type ConnectHub } from '../cli-hub.js';
import { loadTariffs } from '../../tariffs.module.js';
import { readBytes, readText } from '../files.js';
import { EXIT, type Cli } from '../io.js';
import { OPERATOR } from '../operator.js';
import { readId } from '../options.js';

interface VacancyOptions {
  readonly door: VacancyDoor;
  readonly as?: string;
  readonly json?: boolean;
}

/** `liaison import …`: documents of other systems, through the same doors as the API. */
export function importCommand(cli: Cli, connect: ConnectHub): Command {
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
  command
    .command('statement')
    .description(
      "Take over a bank's file (pain.002, camt.052, camt.053, camt.054) whole; the same file twice changes nothing.",
    )
    .argument('<file>', 'the file as the bank sent it')
    .option('--as <authority>', 'id of the authority whose bank it is (else the first one on record)', readId)
    .option('--json', 'print the whole answer as JSON')
    .action(async (file: string, options: { as?: string; json?: boolean }) => {
      const content = decodeXml(readBytes(file));
      const result = await withHub(connect, (hub) => importStatement(hub, basename(file), content, options.as));
      const { duplicate, kind, ...counts } = result;
      if (options.json === true) cli.io.out(JSON.stringify(result, null, 2));
      else if (duplicate) cli.io.out(`${kind}: imported before, nothing was changed.`);
      else
        cli.io.out(
          `${kind}: ${Object.entries(counts)
            .map(([name, count]) => `${String(count)} ${name}`)
            .join(', ')}`,
        );
    });
  return command;
}

async function importStatement(
  hub: CliHub,
  name: string,
  content: string,
  authorityId: string | undefined,
): Promise<BankImport> {
  const tariffs = loadTariffs(join(hub.schemaFolder, 'tariffs'));
  const ports = new SettlementPorts(hub.events, new TariffPricing(tariffs), new BooksLedger());
  return hub.unitOfWork.transaction(OPERATOR, async (tx, now) => {
    const authority = await authorityOf(tx, authorityId);
    return importBankFileFor(tx, ports, { authorityId: authority, actorId: OPERATOR.actorId }, { name, content }, now);
  });
}

type BankImport = Awaited<ReturnType<typeof importBankFileFor>>;

async function authorityOf(tx: Tx, id: string | undefined): Promise<string> {
  const [first] = await listOrganisations(tx, { kind: 'PES', after: null, limit: 1 });
  const found = id === undefined ? first : await findOrganisation(tx, id);
  if (found?.kind !== 'PES') throw new HubError('cli.authority', 'There is no such authority.', { field: 'as' });
  return found.id;
}

function importDocument(hub: CliHub, text: string, options: VacancyOptions): Promise<ImportSummary> {
  const rows = new VacancyDoors(join(hub.schemaFolder, 'doors')).read(options.door, text);
  return hub.unitOfWork.transaction(OPERATOR, async (tx, now) => {
    const [first] = options.as === undefined ? await listOrganisations(tx, { kind: 'PES', after: null, limit: 1 }) : [];
    const sharing = options.as === undefined ? first : await findOrganisation(tx, options.as);
    if (sharing === undefined) {
      throw new HubError('vacancy.shared-by', 'There is no such organisation to share the vacancies.', { field: 'as' });
    }
    const services = { vacancies: new PostgresVacancyStore(), events: hub.events };
    const command = { sharedBy: sharing.id, door: options.door, rows };
    return summaryOf(await importVacancies(tx, OPERATOR, services, command, now));
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
