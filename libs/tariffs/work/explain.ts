import type {
  AttributeRule,
  Cells,
  ClaimRule,
  DaysRule,
  FeeRule,
  Formula,
  TariffDocument,
  Trigger,
  VerifyRule,
} from '../document/document.js';
import type { Tariff } from '../compile/tariff.js';
import { PlainWords } from './plain-words.js';

/** Prints a tariff in plain words, line by line: what is paid, when, under which rules. */
export function explainTariff({ document }: Tariff): readonly string[] {
  const say = new PlainWords(document).of;
  return [
    `${document.title} (${document.tariff}, version ${document.version})`,
    `In force from ${document.validFrom}${document.validTo === undefined ? '' : ` to ${document.validTo}`}. ${headOf(document, say)}`,
    ...section('What the contract or the voucher fixes', termLines(document, say)),
    ...section('What is decided about the person', attributeLines(document, say)),
    ...section('Numbers', parameterLines(document, say)),
    ...section('Bands', bandLines(document, say)),
    ...section('Tables', tableLines(document, say)),
    ...section(
      'Which days count',
      Object.entries(document.days ?? {}).map(([name, rule]) => `${name}: ${daysInWords(rule, say)}`),
    ),
    ...section(
      'What is worked out',
      Object.entries(document.values ?? {}).map(([name, formula]) => `${name} is ${say(formula)}`),
    ),
    ...section(
      'What is paid',
      Object.entries(document.fees).flatMap(([id, rule]) => feeLines(id, rule, say)),
    ),
    ...section(
      'What is paid back',
      Object.entries(document.recoveries ?? {}).flatMap(([id, rule]) => feeLines(id, rule, say)),
    ),
    ...section('Limits', limitLines(document, say)),
    ...section('What the sources leave open', document.open ?? []),
    ...section('Sources', document.sources),
  ];
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => (line.startsWith('    ') ? line : `  ${line}`))];

type Say = (formula: Formula) => string;

const VAT = {
  inclusive: 'include value-added tax',
  exclusive: 'exclude value-added tax',
  exempt: 'are exempt from value-added tax',
  unstated: 'say nothing of value-added tax',
} as const;

function headOf(
  { currency, vat, payee = 'provider', rounding, calendar, versionDate, ceiling }: TariffDocument,
  say: Say,
): string {
  const months = calendar.months === 'calendar' ? 'Months are calendar months' : 'Months have 30 days';
  return [
    `Amounts are in ${currency} and ${VAT[vat]}; the ${payee} is paid. Each payment is rounded to ${say(rounding.to)} (${rounding.mode}). ${months}.`,
    versionDate === undefined ? '' : ` The version is chosen by: ${say(versionDate)}.`,
    ceiling === undefined ? '' : ` One referral costs at most ${say(ceiling)}.`,
  ].join('');
}

const termLines = ({ terms = {} }: TariffDocument, say: Say): readonly string[] =>
  Object.entries(terms).map(
    ([name, rule]) =>
      `${name} (${rule.kind})${limits(rule, say)}${rule.required === true ? ', required' : ''}${noted(rule.note)}`,
  );

function limits(
  { min, max, codes, default: fallback }: Pick<AttributeRule, 'min' | 'max' | 'codes' | 'default'>,
  say: Say,
): string {
  const parts = [
    codes === undefined ? '' : `one of ${codes.join(', ')}`,
    min === undefined ? '' : `at least ${say(min)}`,
    max === undefined ? '' : `at most ${say(max)}`,
    fallback === undefined ? '' : `${say(fallback)} where nothing was said`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

const noted = (note: string | undefined): string => (note === undefined ? '' : ` (${note})`);

const attributeLines = ({ attributes = {} }: TariffDocument, say: Say): readonly string[] =>
  Object.entries(attributes).map(([name, rule]) => {
    const taken = rule.at === undefined ? 'as locked at the start' : `as it stands on: ${say(rule.at)}`;
    const who =
      rule.sources === undefined
        ? ''
        : `, decided by ${rule.sources.join(' before ')}${rule.allSources === true ? ' (all of them)' : ''}`;
    return `${name} (${rule.kind})${limits(rule, say)}, ${taken}${who}${noted(rule.note)}`;
  });

const parameterLines = ({ parameters = {} }: TariffDocument, say: Say): readonly string[] =>
  Object.entries(parameters).map(([name, rule]) => {
    if (typeof rule !== 'object') return `${name}: ${say(rule)}`;
    if (rule.unknown !== undefined) return `${name}: not known (${rule.unknown})`;
    if (rule.published !== undefined) return `${name}: the series ${rule.published}${noted(rule.note)}`;
    if (rule.value !== undefined) return `${name}: ${say(rule.value)}${noted(rule.note)}`;
    const series = Object.entries(rule.series ?? {}).map(([day, value]) => `${say(value)} from ${day}`);
    return `${name}: ${series.join(', ')}${noted(rule.note)}`;
  });

const bandLines = ({ bands = {} }: TariffDocument, say: Say): readonly string[] =>
  Object.entries(bands).map(([name, { of, bands: each }]) => {
    const limits = Object.entries(each).map(([label, { from, above, below, upTo }]) => {
      const parts = [
        from === undefined ? '' : `from ${say(from)}`,
        above === undefined ? '' : `above ${say(above)}`,
        below === undefined ? '' : `below ${say(below)}`,
        upTo === undefined ? '' : `up to ${say(upTo)}`,
      ];
      return `${label} ${parts.filter((part) => part !== '').join(' and ')}`;
    });
    return `${name}, by ${say(of)}: ${limits.join(', ')}`;
  });

/** One line a cell, with its place: nobody has to find a column. */
const tableLines = ({ tables = {} }: TariffDocument, say: Say): readonly string[] =>
  Object.entries(tables).flatMap(([name, { by, cells }]) => [
    `${name}, by ${by.join(' and ')}`,
    ...cellLines(cells, say).map((line) => `    ${line}`),
  ]);

const cellLines = (cells: Cells, say: Say): readonly string[] =>
  Object.entries(cells).flatMap(([word, inner]) =>
    typeof inner === 'object' ? cellLines(inner, say).map((line) => `${word}, ${line}`) : [`${word}: ${say(inner)}`],
  );

function daysInWords(rule: DaysRule, say: Say): string {
  const list = (items: string | readonly Formula[]): string =>
    typeof items === 'string' ? items : items.map(say).join(' or ');
  const parts = [
    rule.spells === undefined ? '' : `days of ${list(rule.spells)}`,
    rule.union === undefined ? '' : `days of ${list(rule.union)}`,
    rule.overlap === undefined ? '' : `days that are in ${rule.overlap.map(say).join(' and in ')}`,
    rule.days === undefined ? '' : `days of ${say(rule.days)}`,
    rule.periods === undefined
      ? ''
      : `every ${rule.periods.every} from ${say(rule.periods.from)} in which ${say(rule.periods.where)}`,
    rule.where === undefined ? '' : `where ${say(rule.where)}`,
    rule.together === undefined
      ? ''
      : `on which ${rule.together.sum} together is at least ${say(rule.together.atLeast)}`,
    rule.without === undefined ? '' : `without ${say(rule.without)}`,
    rule.bridge === undefined
      ? ''
      : `gaps of up to ${rule.bridge.upTo} count${rule.bridge.over === undefined ? '' : ` where they lie in ${say(rule.bridge.over)}`}`,
    rule.from === undefined ? '' : `from ${say(rule.from)}`,
    rule.to === undefined ? '' : `until ${say(rule.to)}`,
  ];
  return `${parts.filter((part) => part !== '').join(', ')}${noted(rule.note)}`;
}

function feeLines(id: string, rule: FeeRule, say: Say): readonly string[] {
  const conditions = rule.provided === undefined ? [] : Array.isArray(rule.provided) ? rule.provided : [rule.provided];
  const checks =
    rule.verify === undefined || rule.verify === 'none' ? [] : Array.isArray(rule.verify) ? rule.verify : [rule.verify];
  return [
    `${rule.title} [${id}]${rule.for === 'programme' ? ' (for the programme)' : ''}${noted(rule.note)}`,
    `    when ${triggerInWords(rule.when, say)}`,
    ...(rule.requires === undefined ? [] : [`    only with ${rule.requires.join(' and ')}`]),
    ...conditions.map(
      (each) =>
        `    provided that ${say(typeof each === 'object' ? (each as { readonly if: Formula }).if : (each as Formula))}`,
    ),
    ...(checks as readonly VerifyRule[]).map(
      (check) =>
        `    after a register said yes to ${check.question}${check.over === undefined ? '' : ` over the last ${check.over}`}`,
    ),
    ...(rule.verify === 'none' ? ['    no register is asked'] : []),
    ...(rule.claim === undefined ? [] : [`    ${claimInWords(rule.claim, say)}`]),
    ...(rule.heldWhile === undefined ? [] : [`    held back during ${say(rule.heldWhile)}`]),
    `    pays ${
      typeof rule.amount === 'object'
        ? `a share of ${say(rule.amount.apportion)}: ${Object.entries(rule.amount.shares)
            .map(([range, share]) => `${say(share)} over payments ${range}`)
            .join(', ')}; the ${rule.amount.residual} takes what rounding leaves`
        : say(rule.amount)
    }`,
    ...(rule.payee === undefined ? [] : [`    to the ${rule.payee}`]),
    ...(rule.sharedBy === undefined ? [] : [`    shared by ${rule.sharedBy}`]),
  ];
}

function claimInWords({ by, from, until, evidence = [] }: ClaimRule, say: Say): string {
  const what = { automatic: 'no claim is needed', report: 'reported in time', claim: 'claimed by the provider' }[by];
  const window = `${from === undefined ? '' : ` from ${say(from)}`}${until === undefined ? '' : ` until ${say(until)}`}`;
  return `${what}${window}${evidence.length === 0 ? '' : `, with ${evidence.join(' and ')}`}`;
}

function triggerInWords(when: Trigger, say: Say): string {
  if ('all' in when) return when.all.map((each) => triggerInWords(each, say)).join(', and ');
  if ('first' in when) return `the first of: ${when.first.map((each) => triggerInWords(each, say)).join('; or ')}`;
  if ('date' in when) return `the day is ${say(when.date)}`;
  if ('fee' in when)
    return `${when.fee} was due${when.times === undefined ? '' : ` ${say(when.times)} times`}${when.plus === undefined ? '' : `, and ${when.plus} have passed`}`;
  const window = `${when.from === undefined ? '' : ` from ${say(when.from)}`}${when.to === undefined ? '' : ` until ${say(when.to)}`}`;
  if ('event' in when) {
    const each =
      when.oncePer === undefined ? (when.each === true ? ', each time' : '') : `, once after each ${when.oncePer}`;
    return `${when.event} happens${each}${where(when.where, say)}${window}`;
  }
  if ('adds' in when) {
    const within = when.within === undefined ? '' : ` within any ${when.within}`;
    const weight = when.weight === undefined ? '' : `, a day counting ${say(when.weight)}`;
    return `${say(when.adds)} of ${say(when.of)} add up${within}${weight}${window}${times(when.times, say)}`;
  }
  if ('sums' in when)
    return `${typeof when.sums === 'string' ? when.sums : when.sums.join(' and ')} add up to ${say(when.reaches)}${window}${times(when.times, say)}`;
  if ('every' in when && when.passes !== undefined) {
    const within = when.within === undefined ? '' : ` within ${say(when.within)}`;
    return `${say(when.passes)} periods${within} (${when.every}) passed${where(when.where, say)}${window}${times(when.times, say)}`;
  }
  if ('every' in when)
    return `every ${when.every} ends${where(when.where, say)}${window}${times(when.times, say)}${when.clock === 'counting' ? ' that are paid' : ''}`;
  const same = when.sameJobAs === undefined ? '' : `, the job of ${when.sameJobAs}`;
  if (when.begins !== undefined) return `a job of ${say(when.begins)} begins${same}${where(when.where, say)}${window}`;
  if (when.ends !== undefined) return `a job of ${say(when.ends)} ends${same}${where(when.where, say)}${window}`;
  return `one job of ${say(when.of ?? '')} lasts ${say(when.lasts ?? '')}${same}${where(when.where, say)}${window}`;
}

const where = (formula: Formula | undefined, say: Say): string => (formula === undefined ? '' : `, if ${say(formula)}`);
const times = (formula: Formula | undefined, say: Say): string =>
  formula === undefined ? '' : `, up to ${say(formula)} times`;

const limitLines = ({ oneOf = {}, caps = {} }: TariffDocument, say: Say): readonly string[] => [
  ...Object.values(oneOf).map((fees) => `of ${fees.join(' and ')} only the one reached first is paid`),
  ...Object.entries(caps).map(([id, cap]) => {
    const fees = cap.fees === 'all' ? 'all fees' : cap.fees.join(' and ');
    const most = [
      cap.amount === undefined ? '' : say(cap.amount),
      cap.payments === undefined ? '' : `${say(cap.payments)} payments`,
    ].filter((part) => part !== '');
    return `${cap.title ?? id}: at most ${most.join(' and ')} for ${fees}${cap.per === 'calendar-year' ? ' in a calendar year' : ''}`;
  }),
];
