import { HubError } from '#libs/kernel/index.js';
import type { Formula, TariffDocument } from '../document/document.js';
import { kindsOf } from '../document/kinds.js';
import { spellOn, type Frame, type Run } from '../engine/frame.js';
import { number } from '../engine/person.js';
import type { Spell } from '../engine/person.js';
import { combine, inWords, type Code } from '../language/code.js';
import type { Attributes } from '../facts.js';
import { own } from '../own.js';
import { compileAny, compileFormula, type NameKind, type Names } from '../language/compile.js';
import { fieldOf, SPELL_FIELDS } from '../language/fields.js';
import { RESERVED } from '../language/parse.js';
import { valueOrMissing } from '../language/read-value.js';
import { similarTo } from '../language/similar.js';
import { Missing, type Type, type Value } from '../language/value.js';
import { daysCode } from './days.js';
import {
  attributeCode,
  bandCode,
  oncePerPerson,
  parameterCode,
  remembered,
  tableCode,
  termCode,
} from './declarations.js';
import { located } from './located.js';

/** Events that every programme has. Others are declared under `events`. */
export const COMMON_EVENTS = ['accepted', 'started', 'plan-agreed', 'ended', 'referred', 're-referred'] as const;

const PAYMENT_NAMES = ['on', 'periodStart', 'periodEnd', 'n'] as const;

/** A published series, read beside the tariff: `name@version` → day → value. */
export type PublishedSeries = ReadonlyMap<string, Readonly<Record<string, Formula>>>;

/** The sections of a document that give a name a meaning, with what the section declares. */
const SECTIONS = [
  'terms',
  'attributes',
  'parameters',
  'bands',
  'tables',
  'values',
  'days',
  'amounts',
  'details',
] as const;

/** What the names of one tariff mean, compiled as they are asked for. */
export class TariffNames implements Names {
  private readonly compiled = new Map<string, Code | string>();
  private readonly underway: string[] = [];
  private readonly events: ReadonlySet<string>;
  private readonly fees: ReadonlySet<string>;
  private slots = 0;

  constructor(
    private readonly document: TariffDocument,
    private readonly published: PublishedSeries,
  ) {
    this.events = new Set([...COMMON_EVENTS, ...(document.events ?? [])]);
    this.fees = new Set([...Object.keys(document.fees), ...Object.keys(document.recoveries ?? {})]);
    this.refuseTwins();
  }

  /** Compiles a formula that stands at a place of the document; its error names the place. */
  readonly at = (place: string, formula: Formula, type: Type): Code =>
    located(place, () => compileFormula(String(formula), type, this));

  readonly any = (place: string, formula: Formula): Code => located(place, () => compileAny(String(formula), this));

  readonly value = (name: string, when: Code | undefined): Code | string => {
    if (when !== undefined) return this.onDay(name, when);
    const known = this.compiled.get(name);
    if (known !== undefined) return known;
    if (this.underway.includes(name)) return `"${name}" is defined by itself: ${[...this.underway, name].join(' → ')}.`;
    this.underway.push(name);
    const meaning = this.meaning(name);
    const code = typeof meaning === 'string' ? meaning : remembered(meaning);
    this.underway.pop();
    this.compiled.set(name, code);
    return code;
  };

  readonly cell = (name: string, keys: readonly Code[]): Code | string => {
    const table = own(this.document.tables, name);
    return table === undefined ? `"${name}" is not a table.` : tableCode(name, table, keys, this.at);
  };

  get feeIds(): readonly string[] {
    return this.namesOf('fee');
  }

  readonly has = (kind: NameKind, name: string): boolean => this.namesOf(kind).includes(name);

  readonly similar = (name: string, kind?: NameKind): readonly string[] => {
    const names = kind === undefined ? this.allNames() : this.namesOf(kind);
    return similarTo(name, names);
  };

  readonly kindsOf = (set: Formula): readonly string[] => kindsOf(this.document, set);

  private namesOf(kind: NameKind): readonly string[] {
    switch (kind) {
      case 'event':
        return [...this.events];
      case 'amount':
        return Object.keys(this.document.amounts ?? {});
      case 'fee':
        return [...this.fees];
      case 'field':
        return [
          ...Object.keys(SPELL_FIELDS).filter((name) => SPELL_FIELDS[name]?.type === 'number'),
          ...Object.keys(this.document.details ?? {}),
        ];
    }
  }

  private allNames(): readonly string[] {
    const declared = SECTIONS.flatMap((section) => Object.keys(this.document[section] ?? {}));
    return [...declared, ...this.events, ...Object.keys(SPELL_FIELDS), ...PAYMENT_NAMES];
  }

  /** Two meanings of one name would be decided by chance. */
  private refuseTwins(): void {
    const seen = new Map<string, string>();
    const own = [...PAYMENT_NAMES, ...Object.keys(SPELL_FIELDS), ...this.events];
    for (const name of own) seen.set(name, 'the language');
    for (const section of SECTIONS) {
      for (const name of Object.keys(this.document[section] ?? {})) {
        const field = `${section}.${name}`;
        if (!/^[A-Za-z]\w*(-[A-Za-z0-9]+)*$/.test(name) || RESERVED.has(name))
          throw new HubError(
            'tariff.name',
            `"${name}" cannot be a name: letters, digits and hyphens, no word of the language.`,
            { field },
          );
        const other = seen.get(name);
        if (other !== undefined)
          throw new HubError('tariff.name', `"${name}" already means something in ${other}: choose another name.`, {
            field,
          });
        seen.set(name, section);
      }
    }
  }

  private onDay(name: string, when: Code): Code | string {
    const { attributes, parameters } = this.document;
    const parameter = own(parameters, name);
    if (parameter !== undefined)
      return parameterCode(name, parameter, when, this.at, (reference) => this.published.get(reference));
    const attribute = own(attributes, name);
    if (attribute !== undefined) return attributeCode(name, attribute, when, this.at);
    return `"${name}" does not change with the day: only series and attributes are followed by "at".`;
  }

  private meaning(name: string): Code | string {
    const { terms, attributes, parameters, bands, tables, values, days, amounts, details } = this.document;
    const parameter = own(parameters, name);
    if (parameter !== undefined)
      return parameterCode(name, parameter, undefined, this.at, (reference) => this.published.get(reference));
    const term = own(terms, name);
    if (term !== undefined) return this.once(termCode(name, term, this.at));
    const attribute = own(attributes, name);
    if (attribute !== undefined) return this.once(attributeCode(name, attribute, undefined, this.at));
    const band = own(bands, name);
    if (band !== undefined) return this.once(bandCode(name, band, this.at));
    const table = own(tables, name);
    if (table !== undefined) {
      const stranger = table.by.find((key) => !this.allNames().includes(key));
      if (stranger !== undefined) {
        const near = similarTo(stranger, this.allNames());
        const meant = near.length === 0 ? '' : ` Or is ${near.map((each) => `"${each}"`).join(' or ')} meant?`;
        return `"${stranger}" is no name, so the keys are written: ${name}[${table.by.join(', ')}].${meant}`;
      }
      const keys = table.by.map((key) => located(`tables.${name}.by`, () => compileAny(key, this)));
      return tableCode(name, table, keys, this.at);
    }
    const value = own(values, name);
    if (value !== undefined) return this.named(this.any(`values.${name}`, value));
    const rule = own(days, name);
    if (rule !== undefined) return this.once(daysCode(name, rule, this));
    if (own(amounts, name) !== undefined)
      return `"${name}" is told day by day: write sum(${name}, from, to) or latest(${name}, day).`;
    return this.common(name, details);
  }

  private common(name: string, details: TariffDocument['details']): Code | string {
    const detail = own(details, name);
    if (detail !== undefined) return detailCode(name, detail);
    if (this.events.has(name)) return eventCode(name);
    if (name.startsWith('job.')) return this.job(name.slice('job.'.length));
    const field = own(SPELL_FIELDS, name);
    if (field !== undefined) return spellCode(name, field.type, (spell) => fieldOf(spell, name, field));
    return paymentCode(name) ?? '';
  }

  /** A named formula: shown by its value; computed once where it is the same for every fee. */
  private named(code: Code): Code {
    const once = this.once(code);
    return once.depth === 0 ? once : { ...once, rank: 8, show: (frame) => inWords(once.run(frame)) };
  }

  private once(code: Code): Code {
    this.slots += 1;
    return oncePerPerson(this.slots, code);
  }

  /** What the fee's job says: its first and last day, or what its contract says on the day of the payment. */
  private job(field: string): Code | string {
    const ofJob = (type: Type, run: (frame: Frame) => Value): Code => ({
      ...combine([], { type, depth: 2, run, show: (frame) => inWords(run(frame)) }),
      needsJob: true,
    });
    const none = new Missing('unknown', 'there is no job');
    if (field === 'start') return ofJob('date', ({ job }) => job?.unsure ?? job?.start ?? none);
    if (field === 'end') {
      const goesOn = new Missing('pending', 'the job goes on');
      const endOf = ({ end, openEnd, unsure }: Run): Value => unsure ?? openEnd ?? (end === Infinity ? goesOn : end);
      return ofJob('date', ({ job }) => (job === null ? none : endOf(job)));
    }
    if (field === 'agreedMonths') return ofJob('number', agreedMonths);
    const known = own(SPELL_FIELDS, field);
    const detail = own(this.document.details, field);
    const ofSpell =
      known !== undefined
        ? (spell: Spell) => fieldOf(spell, field, known)
        : detail !== undefined
          ? (spell: Spell) => detailValue(spell.fact.attributes, field, detail)
          : undefined;
    const type = known?.type ?? detail;
    if (ofSpell === undefined || type === undefined) return `"job.${field}" is nothing that a job says.`;
    return ofJob(type, ({ job, on }) => {
      const spell = job === null ? null : spellOn(job, on);
      return spell === null || spell instanceof Missing ? (spell ?? none) : ofSpell(spell);
    });
  }
}

/** Months agreed in all contracts of the job until the day: an extension adds to them. */
function agreedMonths({ job, on }: Frame): Value {
  if (job?.unsure !== undefined) return job.unsure;
  const rival = job?.mayHave?.find(({ start }) => start <= on);
  if (rival !== undefined) return new Missing('unknown', `whether ${rival.id} belongs to the same job`);
  let sum = number('0');
  for (const spell of job?.spells ?? []) {
    if (spell.start > on && spell !== job?.spells[0]) continue;
    if (spell.fact.contractMonths == null)
      return new Missing('unknown', `nobody said for how long ${spell.id} was agreed`);
    sum = sum.add(spell.fact.contractMonths);
  }
  return sum;
}

type DetailKind = 'number' | 'text' | 'truth';

function detailValue(attributes: Attributes | undefined, name: string, kind: DetailKind): Value {
  const value = own(attributes, name);
  return value === undefined
    ? new Missing('unknown', `nobody said ${name}`)
    : valueOrMissing(name, String(value), { kind });
}

function detailCode(name: string, kind: DetailKind): Code {
  const run = (frame: Frame): Value => {
    if (frame.spell === null && frame.event !== null) return detailValue(frame.event.attributes, name, kind);
    const spell = spellAtHand(frame);
    return spell instanceof Missing ? spell : detailValue(spell?.fact.attributes, name, kind);
  };
  // Spells and events both have details: where there is neither, nobody said it.
  return combine([], { type: kind, depth: 2, run, show: (frame) => inWords(run(frame)) });
}

function spellCode(name: string, type: Type, of: (spell: Spell) => Value): Code {
  const run = (frame: Frame): Value => {
    const spell = spellAtHand(frame);
    if (spell instanceof Missing) return spell;
    return spell === null ? new Missing('unknown', `there is no job to ask for its ${name}`) : of(spell);
  };
  return { ...combine([], { type, depth: 2, run, show: (frame) => inWords(run(frame)) }), needsSpell: true };
}

const spellAtHand = (frame: Frame): Spell | Missing | null =>
  frame.spell ?? (frame.job === null ? null : spellOn(frame.job, frame.on));

function paymentCode(name: string): Code | undefined {
  const code = (type: Type, run: (frame: Frame) => Value): Code => ({
    ...combine([], { type, depth: 2, run, show: (frame) => inWords(run(frame)) }),
    asksPayment: true,
  });
  switch (name) {
    case 'on':
      return code('date', (frame) => frame.on);
    case 'periodStart':
      return code('date', (frame) => frame.periodStart);
    case 'periodEnd':
      return code('date', (frame) => frame.periodEnd);
    case 'n':
      return code('number', (frame) => number(String(frame.n)));
    default:
      return undefined;
  }
}

/** The day of an event, the first where it happened more than once. */
function eventCode(name: string): Code {
  const run = ({ person }: Frame): Value => {
    const first = person.eventsOf(name)[0];
    if (first === undefined) return new Missing('pending', `${name} has not happened`);
    person.used.add(`event:${name}`);
    return first.on <= person.asOf ? first.on : new Missing('pending', `${name} is still ahead`, first.on);
  };
  const code = combine([], { type: 'date', depth: 1, run, show: (frame) => inWords(run(frame)) });
  const ahead = ({ person }: Frame): number | undefined => {
    const first = person.eventsOf(name)[0];
    return first !== undefined && first.on > person.asOf ? first.on : undefined;
  };
  return { ...code, changesOn: ahead };
}
