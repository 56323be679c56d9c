import { HubError, type LocalDate } from '#libs/kernel/index.js';
import { canonical } from '../canonical.js';
import { readDocument } from '../document/read-document.js';
import type { Tariff } from '../compile/tariff.js';

/**
 * That a version was published: from then on it is never edited. Kept beside the documents, one after the other: a later entry of the same
 * version sets its last day.
 */
export interface Publication {
  readonly tariff: string;
  readonly version: string;
  /** SHA-256 of `contentOf` the document, in hexadecimal. */
  readonly sha256: string;
  /** The last day that was approved; null while it is open. */
  readonly validTo: LocalDate | null;
  readonly publishedBy: string;
  readonly approvedBy: string;
  readonly publishedOn: LocalDate;
}

/**
 * What a document says, whatever its spacing, comments and order of keys: the text that a publication seals. All but its last day: that is
 * set when the next version is known.
 */
export function contentOf(text: string, fileName: string): string {
  const { body } = readDocument(text, fileName);
  if (typeof body !== 'object' || body === null) return canonical(body);
  return canonical(Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'validTo')));
}

/**
 * Publishes a version; the same list where it is published already. Errors: `tariff.second-person` (one person alone), `tariff.published`
 * (it is already, with another content), `tariff.publication-day` (before a day that is written down already).
 */
export function publish(
  tariff: Tariff,
  wanted: Omit<Publication, 'tariff' | 'version' | 'validTo'>,
  published: readonly Publication[],
): readonly Publication[] {
  if (wanted.publishedBy.trim() === '' || wanted.approvedBy.trim() === '')
    throw new HubError('tariff.second-person', 'Publishing needs the names of two persons.', { field: 'approvedBy' });
  if (nameOf(wanted.publishedBy) === nameOf(wanted.approvedBy))
    throw new HubError(
      'tariff.second-person',
      'Who publishes a tariff does not approve it: a second person is needed.',
      { field: 'approvedBy' },
    );
  checkContent(tariff, wanted.sha256, published);
  const { id, version, validTo } = tariff;
  if (publicationOf(tariff, published)?.validTo === validTo) return published;
  checkDay(wanted.publishedOn, published);
  return [...published, { tariff: id, version, validTo, ...wanted }];
}

/** One person is one, however the name is written: composed or not, in capitals or not, with more blanks or fewer. */
const nameOf = (name: string): string =>
  name.normalize('NFKC').toUpperCase().toLowerCase().trim().replace(/\s+/gu, ' ');

/** How a version was published last. */
export const publicationOf = ({ id, version }: Tariff, published: readonly Publication[]): Publication | undefined =>
  published.findLast((each) => each.tariff === id && each.version === version);

/** What was written down is never preceded: nobody can say later that something had been published before. */
function checkDay(day: LocalDate, published: readonly Publication[]): void {
  const later = published.find(({ publishedOn }) => publishedOn > day);
  if (later === undefined) return;
  throw new HubError(
    'tariff.publication-day',
    `${day} lies before ${later.publishedOn}, when ${later.tariff} ${later.version} was published: publications are written down in the order of their days.`,
    { field: 'publishedOn' },
  );
}

/**
 * Refuses a document that says something else than what was published under its version, or that ends on another day than two persons
 * set. Error: `tariff.published`.
 */
export function checkPublished(tariff: Tariff, sha256: string, published: readonly Publication[]): void {
  checkContent(tariff, sha256, published);
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

function checkContent(tariff: Tariff, sha256: string, published: readonly Publication[]): void {
  const known = publicationOf(tariff, published);
  if (known === undefined || known.sha256 === sha256) return;
  throw new HubError(
    'tariff.published',
    `${tariff.id} ${tariff.version} was published on ${known.publishedOn} and is not edited any more: make a new version.`,
    { field: 'version' },
  );
}
