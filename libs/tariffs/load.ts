import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { HubError, localDate } from '#libs/kernel/index.js';
import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import { compileTariff, type Tariff } from './compile.js';
import type { TariffDocument } from './document.js';

const TEXT_LENGTH_MAX = 500_000;
const validators = new WeakMap<object, ValidateFunction>();

/**
 * Reads one tariff document (YAML or JSON) and compiles it. Errors name file, line, construct and what would be right:
 * `tariff.syntax`, `tariff.schema` (unknown keys are errors), and those of `compileTariff`.
 *
 * @param schema `schemas/tariffs/tariff.schema.json`, parsed
 */
export function loadTariff(text: string, fileName: string, schema: object): Tariff {
  if (text.length > TEXT_LENGTH_MAX)
    throw new HubError('tariff.syntax', `${fileName}: longer than ${TEXT_LENGTH_MAX} characters.`);
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const broken = yaml.errors[0];
  if (broken !== undefined)
    throw new HubError(
      'tariff.syntax',
      `${fileName}:${broken.linePos?.[0].line ?? 1}: ${broken.message.split('\n')[0] ?? ''}`,
    );
  const document: unknown = yaml.toJS();
  const validate = validatorOf(schema);
  if (!validate(document)) {
    const error = mostSpecific(validate.errors ?? []);
    const line = lineOf(yaml, lines, pathOf(error));
    throw new HubError(
      'tariff.schema',
      `${fileName}:${line}: ${error.instancePath.slice(1).replaceAll('/', '.') || 'the document'} ${sentence(error)}`,
    );
  }
  const tariff = document as TariffDocument;
  try {
    localDate(tariff.validFrom);
    if (tariff.validTo !== undefined && localDate(tariff.validTo) < tariff.validFrom) {
      throw new HubError('tariff.period', 'validTo lies before validFrom.', { field: 'validTo' });
    }
    return compileTariff(tariff);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const path = (error.field ?? '').split('.').filter((part) => part !== '');
    throw new HubError(
      error.code,
      `${fileName}:${lineOf(yaml, lines, path)}: ${error.field ?? ''} ${error.message}`.replace(/ {2,}/g, ' '),
      {
        ...(error.field === undefined ? {} : { field: error.field }),
      },
    );
  }
}

function validatorOf(schema: object): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const compiled = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
  validators.set(schema, compiled);
  return compiled;
}

/** The deepest complaint: one about a key inside a construct says more than "matches none of the forms". */
function mostSpecific(errors: readonly ErrorObject[]): ErrorObject {
  const depth = (error: ErrorObject): number => pathOf(error).length * 2 + (error.keyword === 'oneOf' ? 0 : 1);
  const [first] = [...errors].sort((a, b) => depth(b) - depth(a));
  if (first === undefined) throw new Error('A schema refused without an error.');
  return first;
}

function pathOf(error: ErrorObject): string[] {
  const path = error.instancePath.split('/').slice(1);
  const extra = (error.params as { additionalProperty?: string }).additionalProperty;
  return extra === undefined ? path : [...path, extra];
}

function sentence(error: ErrorObject): string {
  const params = error.params as {
    additionalProperty?: string;
    allowedValues?: readonly string[];
    missingProperty?: string;
  };
  if (params.additionalProperty !== undefined) return `has the unknown key "${params.additionalProperty}".`;
  if (params.missingProperty !== undefined) return `lacks "${params.missingProperty}".`;
  if (params.allowedValues !== undefined) return `must be one of: ${params.allowedValues.join(', ')}.`;
  return `${error.message ?? 'is wrong'}.`;
}

/** The line of the deepest node of the path that exists. */
function lineOf(yaml: Document, lines: LineCounter, path: readonly string[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const keys = path.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const parent: unknown = length === 1 ? yaml.contents : yaml.getIn(keys.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(keys.at(-1))) : undefined;
    const node = (pair?.key ?? yaml.getIn(keys, true)) as { range?: readonly number[] } | undefined;
    if (node?.range?.[0] !== undefined) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
