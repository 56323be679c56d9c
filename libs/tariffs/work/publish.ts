import { createHash } from 'node:crypto';
import { HubError, localDate, type LocalDate } from '#libs/kernel/index.js';
import type { Tariff } from '../compile/tariff.js';
import type { PublishedSeries } from '../compile/tariff-names.js';
import { own } from '../own.js';

/** What a publication seals, as SHA-256 in hexadecimal. */
export interface Seal {
  /** Of what the document says. */
  readonly sha256: string;
  /** Of the values of each published series that it names, by `name@version`. */
  readonly series: Readonly<Record<string, string>>;
}

/**
 * That a version was published: from then on it is never edited. Kept beside the documents, one after the other: a later entry of the same
 * version sets its last day.
 */
export interface Publication extends Seal {
  readonly tariff: string;
  readonly version: string;
  /** The last day that was approved; null while it is open. */
  readonly validTo: LocalDate | null;
  readonly publishedBy: string;
  readonly approvedBy: string;
  readonly publishedOn: LocalDate;
}

/**
 * What a document says, whatever its spacing and comments. The order of its keys is a part of that: caps pay in the order of the fees, and a
 * number lies in the first band that fits. All but its last day: that is set when the next version is known.
 */
export function sealOf({ document }: Tariff, published: PublishedSeries): Seal {
  const series = seriesNamedIn(document).map((name) => [name, hashOf(published.get(name) ?? {})] as const);
  return { sha256: hashOf({ ...document, validTo: undefined }), series: Object.fromEntries(series) };
}

/** The published series that a document names, each once; also of one that nobody has checked yet. */
export function seriesNamedIn({ parameters }: { readonly parameters?: unknown }): readonly string[] {
  const rules = Object.values((parameters ?? {}) as Readonly<Record<string, { readonly published?: unknown } | null>>);
  return [...new Set(rules.flatMap((rule) => (typeof rule?.published === 'string' ? [rule.published] : [])))];
}

const hashOf = (content: object): string => createHash('sha256').update(JSON.stringify(content)).digest('hex');

/**
 * Publishes a version; the same list where it is published already. Errors: `tariff.second-person` (one person alone), `tariff.published`
 * (it is already, with another content, or a series of it is), `tariff.publication-day` (ahead, or before a day that is written down already).
 */
export function publish(
  tariff: Tariff,
  wanted: Omit<Publication, 'tariff' | 'version' | 'validTo'>,
  published: readonly Publication[],
  today: LocalDate,
): readonly Publication[] {
  checkTwoPersons(wanted);
  checkContent(tariff, wanted, published);
  const { id, version, validTo } = tariff;
  if (publicationOf(tariff, published)?.validTo === validTo) return published;
  checkDay(wanted.publishedOn, published, today);
  return [...published, { tariff: id, version, validTo, ...wanted }];
}

function checkTwoPersons({ publishedBy, approvedBy }: Pick<Publication, 'publishedBy' | 'approvedBy'>): void {
  const refused = (message: string): HubError => new HubError('tariff.second-person', message, { field: 'approvedBy' });
  const names = [publishedBy, approvedBy].map(nameOf);
  if (!names.every((name) => /\p{L}/u.test(name)))
    throw refused('Publishing needs the names of two persons, written in letters.');
  const addresses = names.map((name) => /[^\s<>(),;]+@[^\s<>(),;]+/.exec(name)?.[0]);
  const [one, other] = addresses.every((address) => address !== undefined) ? addresses : names;
  if (one === other) throw refused('Who publishes a tariff does not approve it: a second person is needed.');
}

/**
 * One person is one, however the name is written: composed or not, in capitals or not, with more blanks, characters that nobody sees or a
 * full stop.
 */
const nameOf = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/^[\p{P}\s]+|[\p{P}\s]+$/gu, '')
    .toUpperCase()
    .toLowerCase();

/** How a version was published last. */
export const publicationOf = ({ id, version }: Tariff, published: readonly Publication[]): Publication | undefined =>
  published.findLast((each) => each.tariff === id && each.version === version);

/** Whether its last day was set, and is to be an earlier one that lies before what was published last: days that are over lose their version. */
export function isCutShort(tariff: Tariff, published: readonly Publication[]): boolean {
  const known = publicationOf(tariff, published)?.validTo ?? null;
  const newest = published.at(-1)?.publishedOn;
  const { validTo } = tariff;
  return known !== null && validTo !== null && newest !== undefined && validTo < known && validTo < newest;
}

/** What was written down is never preceded, and nothing ahead is: nobody can say later that something had been published before. */
function checkDay(day: LocalDate, published: readonly Publication[], today: LocalDate): void {
  const refused = (message: string): HubError =>
    new HubError('tariff.publication-day', message, { field: 'publishedOn' });
  if (day > today) throw refused(`${day} lies ahead: a version is published today, ${today}, or was on a day before.`);
  const later = published.find(({ publishedOn }) => publishedOn > day);
  if (later === undefined) return;
  throw refused(
    `${day} lies before ${later.publishedOn}, when ${later.tariff} ${later.version} was published: publications are written down in the order of their days.`,
  );
}

/**
 * Refuses a document that says something else than what was published under its version, that names a series which does, or that ends on
 * another day than two persons set. Error: `tariff.published`.
 */
export function checkPublished(tariff: Tariff, seal: Seal, published: readonly Publication[]): void {
  checkContent(tariff, seal, published);
  const known = publicationOf(tariff, published);
  if (known === undefined || known.validTo === tariff.validTo) return;
  const [is, was] = [tariff, known].map(({ validTo }) =>
    validTo === null ? 'without a last day' : `until ${validTo}`,
  );
  throw new HubError(
    'tariff.published',
    `${tariff.id} ${tariff.version} was published ${was ?? ''}, and this one holds ${is ?? ''}: a second person approves its last day when it is published again.`,
    { field: 'validTo' },
  );
}

function checkContent(tariff: Tariff, seal: Seal, published: readonly Publication[]): void {
  const known = publicationOf(tariff, published);
  if (known !== undefined && known.sha256 !== seal.sha256)
    throw new HubError(
      'tariff.published',
      `${tariff.id} ${tariff.version} was published on ${known.publishedOn} and is not edited any more: make a new version.`,
      { field: 'version' },
    );
  for (const [name, sha256] of Object.entries(seal.series)) {
    if (known !== undefined && own(known.series, name) === undefined)
      throw new HubError(
        'tariff.publications',
        `entry ${published.indexOf(known) + 1} of what was published lacks the series ${name}, which ${tariff.id} ${tariff.version} names: put the entry back as it was written down.`,
      );
    const sealed = published.find(({ series }) => own(series, name) !== undefined);
    if (sealed === undefined || own(sealed.series, name) === sha256) continue;
    throw new HubError(
      'tariff.published',
      `the series ${name} of ${tariff.id} ${tariff.version} was published with ${sealed.tariff} ${sealed.version} on ${sealed.publishedOn} and is not edited any more: make a new version of it.`,
      { field: 'parameters' },
    );
  }
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
const isSeal = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isDay(value: unknown): boolean {
  try {
    return typeof value === 'string' && localDate(value) === value;
  } catch {
    return false;
  }
}

type Field = readonly [must: string, holds: (value: unknown) => boolean];

const TEXT: Field = ['a text', isText];
const FIELDS: Readonly<Record<keyof Publication, Field>> = {
  tariff: TEXT,
  version: TEXT,
  sha256: ['64 hexadecimal digits', isSeal],
  series: ['64 hexadecimal digits for each series', (value) => isRecord(value) && Object.values(value).every(isSeal)],
  validTo: ['a day or null', (value) => value === null || isDay(value)],
  publishedBy: TEXT,
  approvedBy: TEXT,
  publishedOn: ['a day', isDay],
};

/** Reads a list of publications. Errors: `tariff.publications`, which names the entry and what is wrong with it, and `tariff.second-person`. */
export function readPublications(body: unknown, today: LocalDate): readonly Publication[] {
  if (!Array.isArray(body)) throw new HubError('tariff.publications', 'it is a list of publications.');
  const publications = body.map((entry: unknown, index) => readPublication(entry, refusedAt(index)));
  for (const [index, publication] of publications.entries()) {
    const before = publications.slice(0, index);
    checkOrder(publication, before, today, refusedAt(index));
    checkSameContent(publication, before, refusedAt(index));
  }
  return publications;
}

type Refused = (message: string) => HubError;

const refusedAt =
  (index: number): Refused =>
  (message) =>
    new HubError('tariff.publications', `entry ${index + 1} ${message}`);

function checkOrder(
  { publishedOn }: Publication,
  before: readonly Publication[],
  today: LocalDate,
  refused: Refused,
): void {
  if (publishedOn > today) throw refused(`is of ${publishedOn}, a day that lies ahead.`);
  const last = before.at(-1);
  if (last === undefined || last.publishedOn <= publishedOn) return;
  throw refused(
    `is of ${publishedOn}, and entry ${before.length} of ${last.publishedOn}: publications are written down in the order of their days.`,
  );
}

/** Each version and each series has one content, whichever entry seals it. */
function checkSameContent(publication: Publication, before: readonly Publication[], refused: Refused): void {
  const { tariff, version, sha256, series } = publication;
  const names = (of: Seal): string => Object.keys(of.series).sort().join();
  const same = before.findIndex((each) => each.tariff === tariff && each.version === version);
  const first = before[same];
  if (first !== undefined && (first.sha256 !== sha256 || names(first) !== names(publication)))
    throw refused(`seals something else of ${tariff} ${version} than entry ${same + 1}: a version has one content.`);
  for (const [name, values] of Object.entries(series)) {
    const other = before.findIndex((each) => (own(each.series, name) ?? values) !== values);
    if (other >= 0)
      throw refused(`seals something else of the series ${name} than entry ${other + 1}: a series has one content.`);
  }
}

function readPublication(entry: unknown, refused: Refused): Publication {
  if (!isRecord(entry)) throw refused('is no publication.');
  const stranger = Object.keys(entry).find((name) => !Object.hasOwn(FIELDS, name));
  if (stranger !== undefined)
    throw refused(`says "${stranger}", which no publication says: its keys are ${Object.keys(FIELDS).join(', ')}.`);
  for (const [name, [must, holds]] of Object.entries(FIELDS)) {
    if (!Object.hasOwn(entry, name)) throw refused(`lacks "${name}": ${must}.`);
    if (!holds(entry[name])) throw refused(`says something else in "${name}" than ${must}.`);
  }
  const publication = entry as unknown as Publication;
  checkTwoPersons(publication);
  return publication;
}
