import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { HubError } from '#libs/kernel/index.js';
import { compileTariff, type Tariff } from './compile/tariff.js';
import type { PublishedSeries } from './compile/tariff-names.js';
import type { Formula, TariffDocument } from './document/document.js';
import { COMMA_SPLITS, readDocument, type ReadDocument } from './document/read-document.js';
import { similarTo } from './language/similar.js';

const validators = new WeakMap<object, ValidateFunction>();

/**
 * Reads one tariff document (YAML or JSON) and compiles it. Errors name file, line, construct and what would be right:
 * `tariff.syntax`, `tariff.schema` (unknown keys are errors), and those of `compileTariff`.
 *
 * @param schema `schemas/tariffs/tariff.schema.json`, parsed
 * @param published series that the document names as `name@version`
 */
export function loadTariff(text: string, fileName: string, schema: object, published?: PublishedSeries): Tariff {
  const read = readDocument(text, fileName);
  checkShape(read, fileName, schema);
  try {
    const tariff = compileTariff(read.body as TariffDocument, published);
    return { ...tariff, lineOf: (place) => read.lineOf(splitPath(place, read.body)) };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const path = splitPath(error.field ?? '', read.body);
    const place = error.field === undefined ? '' : `${error.field}: `;
    throw new HubError(error.code, `${fileName}:${read.lineOf(path)}: ${place}${error.message}`, {
      ...(error.field === undefined ? {} : { field: error.field }),
    });
  }
}

/** Names may hold points: the longest key that exists is taken at each step. */
function splitPath(field: string, body: unknown): readonly string[] {
  const parts = field.split('.').filter((part) => part !== '');
  const path: string[] = [];
  let node = body;
  for (let index = 0; index < parts.length;) {
    if (typeof node !== 'object' || node === null) break;
    let length = 1;
    while (index + length <= parts.length && !Object.hasOwn(node, parts.slice(index, index + length).join('.')))
      length += 1;
    const key = parts.slice(index, index + length).join('.');
    if (!Object.hasOwn(node, key)) break;
    path.push(key);
    node = (node as Record<string, unknown>)[key];
    index += length;
  }
  return path;
}

/** Reads a published series: `series`, `version`, `values` by day. Error: `tariff.series`. */
export function loadSeries(text: string, fileName: string): readonly [string, Readonly<Record<string, Formula>>] {
  const { body } = readDocument(text, fileName);
  const { series, version, values, ...others } = (body ?? {}) as Partial<Record<string, unknown>>;
  const known = ['title', 'unit', 'sources', 'note'];
  const stranger = Object.keys(others).find((key) => !known.includes(key));
  if (stranger !== undefined) throw new HubError('tariff.series', `${fileName}: has the unknown key "${stranger}".`);
  if (
    typeof series !== 'string' ||
    (typeof version !== 'string' && typeof version !== 'number') ||
    typeof values !== 'object' ||
    values === null
  )
    throw new HubError('tariff.series', `${fileName}: a series has "series", "version" and "values" by day.`);
  return [`${series}@${version}`, values as Readonly<Record<string, Formula>>];
}

function checkShape(read: ReadDocument, fileName: string, schema: object): void {
  const validate = validatorOf(schema);
  if (validate(read.body)) return;
  const error = mostSpecific(validate.errors ?? []);
  const path = pathOf(error);
  const place = error.instancePath.slice(1).replaceAll('/', '.');
  throw new HubError(
    'tariff.schema',
    `${fileName}:${read.lineOf(path)}: ${place || 'the document'} ${sentence(error)}`,
    {
      field: path.join('.'),
    },
  );
}

function validatorOf(schema: object): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const compiled = new Ajv2020({ allErrors: true, strict: false, verbose: true }).compile(schema);
  validators.set(schema, compiled);
  return compiled;
}

const ALTERNATIVES: ReadonlySet<string> = new Set(['oneOf', 'anyOf', 'if']);

/** The deepest complaint: one about a key inside a construct says more than "matches none of the forms". */
function mostSpecific(errors: readonly ErrorObject[]): ErrorObject {
  const weight = (error: ErrorObject): number =>
    pathOf(error).length * 4 + (ALTERNATIVES.has(error.keyword) ? 0 : error.keyword === 'additionalProperties' ? 3 : 2);
  const [first] = [...errors].sort((a, b) => weight(b) - weight(a));
  if (first === undefined) throw new Error('A schema refused without an error.');
  return first;
}

const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

/** What an error says besides its keyword. */
interface Params {
  readonly additionalProperty?: string;
  readonly allowedValues?: readonly string[];
  readonly missingProperty?: string;
}

/** Where it is wrong; a key that should not be there is a place of its own. */
function pathOf(error: ErrorObject): string[] {
  const path = error.instancePath.split('/').slice(1).map(unescaped);
  const { additionalProperty } = error.params as Params;
  const extra = additionalProperty ?? error.propertyName ?? (error.keyword === 'not' ? strangeKey(error) : undefined);
  return extra === undefined ? path : [...path, extra];
}

const descriptionOf = ({ parentSchema }: ErrorObject): string | undefined =>
  (parentSchema as { readonly description?: string } | undefined)?.description;

/** The key of a construct by which no form of it is known: the one that is nearest to a key that would be. */
function strangeKey(error: ErrorObject): string | undefined {
  const keys = typeof error.data === 'object' && error.data !== null ? Object.keys(error.data) : [];
  return keys.find((key) => meantBy(key, error).length > 0) ?? keys[0];
}

/** The description ends with the keys that make a construct: "a trigger has one of: event, begins". */
const meantBy = (key: string, error: ErrorObject): readonly string[] =>
  similarTo(key, descriptionOf(error)?.split(/: |, /).slice(1) ?? []);

function sentence(error: ErrorObject): string {
  const { additionalProperty, allowedValues, missingProperty } = error.params as Params;
  const keys = Object.keys((error.parentSchema as { readonly properties?: object } | undefined)?.properties ?? {});
  const description = descriptionOf(error);
  if (error.propertyName !== undefined)
    return `has the key "${error.propertyName}", which is not ${description ?? 'allowed'}.`;
  if (additionalProperty !== undefined)
    return `has the unknown key "${additionalProperty}"${keys.length === 0 ? '' : `; known: ${keys.join(', ')}`}${split(additionalProperty)}.`;
  if (missingProperty !== undefined) return `lacks "${missingProperty}".`;
  if (error.keyword === 'not') return `is not known: ${strangerOf(error)}${description ?? ''}.`;
  if (allowedValues !== undefined) return `must be one of: ${allowedValues.join(', ')}.`;
  const hint = description === undefined ? '' : ` (${description})`;
  if (error.keyword === 'const') return `must be: ${description ?? JSON.stringify(error.schema)}.`;
  if (error.keyword === 'type') return `must be ${kindsInWords(error.schema)}${hint}.`;
  return `${error.message ?? 'is wrong'}${hint}.`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
};

const kindsInWords = (kinds: unknown): string =>
  [kinds]
    .flat()
    .map((kind) => KINDS[String(kind)] ?? String(kind))
    .join(' or ');

/** YAML ended a value at a comma, and took what followed for a key. */
const split = (key: string): string => (/[()[\]'"<>=*/+]|^\d/.test(key) ? ` (${COMMA_SPLITS})` : '');

function strangerOf(error: ErrorObject): string {
  const key = strangeKey(error);
  if (key === undefined) return '';
  const [near] = meantBy(key, error);
  return near === undefined ? `"${key}" is none of its keys; ` : `"${key}" is none of its keys, was "${near}" meant? `;
}
