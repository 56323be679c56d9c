import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { HubError } from '#libs/kernel/index.js';
import { readJobtechAd, readJobtechSourceAd, type JobtechAd, type JobtechSourceAd } from '../domain/jobtech.js';
import { readNavAd, type NavAd } from '../domain/nav.js';
import type { Advertisement } from '../domain/vacancy.js';
import type { DoorRow } from '../handlers/import-vacancies.handler.js';

/** Doors by name: `nav` reads the Norwegian feed, `jobtech` Swedish advertisements before and after their conversion. */
export const VACANCY_DOORS = ['nav', 'jobtech'] as const;
export type VacancyDoor = (typeof VACANCY_DOORS)[number];

export const DOCUMENT_BYTES_MAX = 10_000_000;
const EXTERNAL_ID_LENGTH_MAX = 60;

interface Format {
  readonly validate: ValidateFunction;
  readonly idOf: (row: Record<string, unknown>) => unknown;
  readonly read: (row: never) => Advertisement;
}

/** Translates documents of other systems into advertisements. It decides nothing. */
export class VacancyDoors {
  private readonly formats: Readonly<Record<'nav' | 'jobtechSource' | 'jobtech', Format>>;

  /** @param folder `schemas/doors`, which says what is read of each format. */
  constructor(folder: string) {
    const ajv = new Ajv2020({ allErrors: false, strict: true, allowUnionTypes: true });
    addFormats.default(ajv);
    const compiled = (name: string): ValidateFunction =>
      ajv.compile(JSON.parse(readFileSync(join(folder, `${name}.schema.json`), 'utf8')) as object);
    this.formats = {
      nav: { validate: compiled('nav-ad'), idOf: (row) => row['uuid'], read: (row: NavAd) => readNavAd(row) },
      jobtechSource: {
        validate: compiled('jobtech-source-ad'),
        idOf: (row) => row['annonsId'],
        read: (row: JobtechSourceAd) => readJobtechSourceAd(row),
      },
      jobtech: {
        validate: compiled('jobtech-ad'),
        idOf: (row) => row['id'],
        read: (row: JobtechAd) => readJobtechAd(row),
      },
    };
  }

  /** Throws `vacancy.document` when the document as a whole is not one of the door; a row that is wrong is answered as such. */
  read(door: VacancyDoor, document: string): DoorRow[] {
    if (Buffer.byteLength(document) > DOCUMENT_BYTES_MAX) {
      throw new HubError('vacancy.document', `A document has at most ${DOCUMENT_BYTES_MAX} bytes.`, {
        field: 'document',
      });
    }
    return rowsOf(door, parsed(document)).map((row) => this.readRow(door, row));
  }

  private readRow(door: VacancyDoor, row: unknown): DoorRow {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      return { externalId: null, refused: { field: '', rule: 'An advertisement is a JSON object.' } };
    }
    const members = row as Record<string, unknown>;
    const format = this.formats[door === 'nav' ? 'nav' : 'annonsId' in members ? 'jobtechSource' : 'jobtech'];
    const id = format.idOf(members);
    const externalId =
      typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, EXTERNAL_ID_LENGTH_MAX) : null;
    if (!format.validate(row)) return { externalId, refused: ruleOf(format.validate.errors?.[0]) };
    try {
      const advertisement = format.read(row as never);
      return { externalId: advertisement.externalId, advertisement };
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      return { externalId, refused: { field: error.field ?? '', rule: error.message } };
    }
  }
}

function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch (cause) {
    const place =
      cause instanceof SyntaxError
        ? ` (${/at position \d+(?: \(line \d+ column \d+\))?/.exec(cause.message)?.[0] ?? 'cut short'})`
        : '';
    throw new HubError('vacancy.document', `The document is not JSON${place}.`, { field: 'document' });
  }
}

/** Where the advertisements stand in what the door's source sends; a single one is a document, too. */
function rowsOf(door: VacancyDoor, document: unknown): readonly unknown[] {
  const list = Array.isArray(document) ? document : listIn(door, (document ?? {}) as Record<string, unknown>);
  if (list !== undefined) return list;
  const expected = door === 'nav' ? '"content" or one with a "uuid"' : '"testannonser" or "hits", or one advertisement';
  throw new HubError(
    'vacancy.document',
    `The door "${door}" reads a list of advertisements, an object with ${expected}.`,
    {
      field: 'document',
    },
  );
}

function listIn(door: VacancyDoor, document: Record<string, unknown>): readonly unknown[] | undefined {
  if (door === 'nav') return asList(document['content']) ?? ('uuid' in document ? [document] : undefined);
  if ('annonsId' in document || 'headline' in document) return [document];
  const hits = (document['hits'] as { hits?: unknown } | undefined)?.hits ?? document['hits'];
  return (
    asList(document['testannonser']) ??
    asList(hits)?.map((hit) => (hit as { _source?: unknown } | null)?._source ?? hit)
  );
}

const asList = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** `/employer/orgnr must match pattern` becomes the field `employer.orgnr` and a rule that a reader understands. */
function ruleOf(error: ErrorObject | undefined): { field: string; rule: string } {
  const missing = (error?.params as { missingProperty?: string } | undefined)?.missingProperty;
  const path = [...(error?.instancePath.split('/').slice(1) ?? []), ...(missing === undefined ? [] : [missing])].join(
    '.',
  );
  return { field: path, rule: missing === undefined ? `It ${error?.message ?? 'is invalid'}.` : 'It is required.' };
}
