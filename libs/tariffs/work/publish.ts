import { HubError, type LocalDate } from '#libs/kernel/index.js';
import { canonical } from '../canonical.js';
import { readDocument } from '../document/read-document.js';
import type { Tariff } from '../compile/tariff.js';

/** That a version was published: from then on it is never edited. Kept beside the documents. */
export interface Publication {
  readonly tariff: string;
  readonly version: string;
  /** SHA-256 of `contentOf` the document, in hexadecimal. */
  readonly sha256: string;
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

/** Publishes a version. Errors: `tariff.second-person` (one person alone), `tariff.published` (it is already, with another content). */
export function publish(
  tariff: Tariff,
  wanted: Omit<Publication, 'tariff' | 'version'>,
  published: readonly Publication[],
): readonly Publication[] {
  if (wanted.publishedBy.trim() === '' || wanted.approvedBy.trim() === '')
    throw new HubError('tariff.second-person', 'Publishing needs the names of two persons.', { field: 'approvedBy' });
  if (wanted.publishedBy.trim().toLowerCase() === wanted.approvedBy.trim().toLowerCase())
    throw new HubError(
      'tariff.second-person',
      'Who publishes a tariff does not approve it: a second person is needed.',
      { field: 'approvedBy' },
    );
  checkPublished(tariff, wanted.sha256, published);
  if (published.some((each) => isOf(each, tariff))) return published;
  return [...published, { tariff: tariff.id, version: tariff.version, ...wanted }];
}

/** Refuses a document that says something else than what was published under its version. Error: `tariff.published`. */
export function checkPublished(tariff: Tariff, sha256: string, published: readonly Publication[]): void {
  const known = published.find((each) => isOf(each, tariff));
  if (known === undefined || known.sha256 === sha256) return;
  throw new HubError(
    'tariff.published',
    `${tariff.id} ${tariff.version} was published on ${known.publishedOn} and is not edited any more: make a new version.`,
    { field: 'version' },
  );
}

const isOf = (publication: Publication, { id, version }: Tariff): boolean =>
  publication.tariff === id && publication.version === version;
