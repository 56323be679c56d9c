import { HubError } from '#libs/kernel/index.js';
import { isCountry } from '../country.js';
import type { AttributeRule, BandRule, ParameterRule, TariffDocument, TermRule } from '../document/document.js';
import { constantOf, inWords } from '../language/code.js';
import { compareValues } from '../language/operators.js';
import { readValue } from '../language/read-value.js';
import { Missing, type Value } from '../language/value.js';
import { limitsOf } from './declarations.js';
import type { TariffNames } from './tariff-names.js';

const refused = (field: string, message: string): HubError => new HubError('tariff.contradiction', message, { field });

/** Refuses what a document says against itself. Error: `tariff.contradiction`, with what would be right. */
export function checkContradictions(document: TariffDocument, names: TariffNames): void {
  if (document.country !== undefined && !isCountry(document.country))
    throw refused('country', `"${document.country}" is no country: two letters of ISO 3166, for example DE.`);
  for (const [name, rule] of Object.entries(document.terms ?? {})) checkDeclared(`terms.${name}`, rule, names);
  for (const [name, rule] of Object.entries(document.attributes ?? {}))
    checkDeclared(`attributes.${name}`, rule, names);
  for (const [name, rule] of Object.entries(document.parameters ?? {}))
    if (typeof rule === 'object') checkParameter(`parameters.${name}`, rule);
  for (const [name, rule] of Object.entries(document.bands ?? {})) checkBands(name, rule, names);
  for (const section of ['fees', 'recoveries'] as const)
    for (const [id, { claim }] of Object.entries(document[section] ?? {}))
      if (claim?.evidence !== undefined && claim.by !== 'claim')
        throw refused(`${section}.${id}.claim.evidence`, 'evidence comes with a claim only: say "by: claim".');
}

function checkDeclared(place: string, rule: TermRule | AttributeRule, names: TariffNames): void {
  if ('required' in rule && rule.required && rule.default !== undefined)
    throw refused(`${place}.default`, 'what is required has no default: leave out one of the two.');
  if (rule.codes !== undefined && rule.kind !== 'code')
    throw refused(`${place}.codes`, `only a code has codes, not a ${rule.kind}.`);
  if ((rule.min ?? rule.max) !== undefined && (rule.kind === 'code' || rule.kind === 'truth'))
    throw refused(place, `a ${rule.kind} has no least and no most.`);
  const limits = limitsOf(place, rule, names.at);
  const [min, max] = [known(constantOf(limits.min)), known(constantOf(limits.max))];
  if (min !== undefined && max !== undefined && compareValues(min, max) > 0)
    throw refused(`${place}.min`, `${inWords(min)} is above the most of ${inWords(max)}.`);
  if (rule.default === undefined) return;
  const value = defaultOf(place, rule, names);
  if (value === undefined) return;
  if (max !== undefined && compareValues(value, max) > 0)
    throw refused(`${place}.default`, `${inWords(value)} is above the most of ${inWords(max)}.`);
  if (min !== undefined && compareValues(value, min) < 0)
    throw refused(`${place}.default`, `${inWords(value)} is below the least of ${inWords(min)}.`);
}

/** A default that is always the same. */
function defaultOf(place: string, rule: TermRule | AttributeRule, names: TariffNames): Value | undefined {
  if (rule.kind !== 'code') {
    const type = rule.kind === 'money' ? 'number' : rule.kind;
    return known(constantOf(names.at(`${place}.default`, rule.default ?? '', type)));
  }
  try {
    return readValue(String(rule.default), rule);
  } catch (error) {
    throw refused(`${place}.default`, (error as Error).message);
  }
}

const known = (value: Value | undefined): Value | undefined =>
  value === null || value instanceof Missing ? undefined : value;

function checkParameter(place: string, rule: ParameterRule): void {
  const given = (['value', 'series', 'published', 'unknown'] as const).filter((key) => rule[key] !== undefined);
  if (given.length !== 1)
    throw refused(
      place,
      `a parameter has exactly one of value, series, published, unknown, not ${given.join(' and ') || 'none'}.`,
    );
  if (rule.at !== undefined && rule.series === undefined && rule.published === undefined)
    throw refused(`${place}.at`, 'only a series changes with the day.');
}

function checkBands(name: string, { bands }: BandRule, names: TariffNames): void {
  for (const [label, band] of Object.entries(bands)) {
    const place = `bands.${name}.bands.${label}`;
    for (const [one, other] of [
      ['from', 'above'],
      ['upTo', 'below'],
    ] as const)
      if (band[one] !== undefined && band[other] !== undefined)
        throw refused(place, `it has "${one}" and "${other}": leave out one of the two.`);
    const limit = (formula: typeof band.from): Value | undefined =>
      formula === undefined ? undefined : known(constantOf(names.at(place, formula, 'number')));
    const [low, high] = [limit(band.from ?? band.above), limit(band.upTo ?? band.below)];
    if (low === undefined || high === undefined) continue;
    const order = compareValues(low, high);
    const single = band.from !== undefined && band.upTo !== undefined;
    if (order > 0 || (order === 0 && !single))
      throw refused(place, `no number lies between ${inWords(low)} and ${inWords(high)}.`);
  }
}
