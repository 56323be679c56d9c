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

/** Prints a tariff in plain words, line by line: what is paid, when, under which rules. */
export function explainTariff({ document }: Tariff): readonly string[] {
  return [
    `${document.title} (${document.tariff}, version ${document.version})`,
    `In force from ${document.validFrom}${document.validTo === undefined ? '' : ` to ${document.validTo}`}. ${headOf(document)}`,
    ...section('What the contract or the voucher fixes', termLines(document)),
    ...section('What is decided about the person', attributeLines(document)),
    ...section('Numbers', parameterLines(document)),
    ...section('Bands', bandLines(document)),
    ...section('Tables', tableLines(document)),
    ...section(
      'Which days count',
      Object.entries(document.days ?? {}).map(([name, rule]) => `${name}: ${daysInWords(rule)}`),
    ),
    ...section(
      'What is worked out',
      Object.entries(document.values ?? {}).map(([name, formula]) => `${name} is ${words(formula)}`),
    ),
    ...section(
      'What is paid',
      Object.entries(document.fees).flatMap(([id, rule]) => feeLines(id, rule)),
    ),
    ...section(
      'What is paid back',
      Object.entries(document.recoveries ?? {}).flatMap(([id, rule]) => feeLines(id, rule)),
    ),
    ...section('Limits', limitLines(document)),
    ...section('What the sources leave open', document.open ?? []),
    ...section('Sources', document.sources),
  ];
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => (line.startsWith('    ') ? line : `  ${line}`))];

const words = (formula: Formula): string => String(formula).trim().replace(/\s+/g, ' ');

const VAT = {
  inclusive: 'include value-added tax',
  exclusive: 'exclude value-added tax',
  exempt: 'are exempt from value-added tax',
  unstated: 'say nothing of value-added tax',
} as const;

function headOf({
  currency,
  vat,
  payee = 'provider',
  rounding,
  calendar,
  versionDate,
  ceiling,
}: TariffDocument): string {
  const months = calendar.months === 'calendar' ? 'Months are calendar months' : 'Months have 30 days';
  return [
    `Amounts are in ${currency} and ${VAT[vat]}; the ${payee} is paid. Each payment is rounded to ${words(rounding.to)} (${rounding.mode}). ${months}.`,
    versionDate === undefined ? '' : ` The version is chosen by: ${words(versionDate)}.`,
    ceiling === undefined ? '' : ` One referral costs at most ${words(ceiling)}.`,
  ].join('');
}

const termLines = ({ terms = {} }: TariffDocument): readonly string[] =>
  Object.entries(terms).map(
    ([name, rule]) =>
      `${name} (${rule.kind})${limits(rule)}${rule.required === true ? ', required' : ''}${noted(rule.note)}`,
  );

function limits({
  min,
  max,
  codes,
  default: fallback,
}: Pick<AttributeRule, 'min' | 'max' | 'codes' | 'default'>): string {
  const parts = [
    codes === undefined ? '' : `one of ${codes.join(', ')}`,
    min === undefined ? '' : `at least ${words(min)}`,
    max === undefined ? '' : `at most ${words(max)}`,
    fallback === undefined ? '' : `${words(fallback)} where nothing was said`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

const noted = (note: string | undefined): string => (note === undefined ? '' : ` (${note})`);

const attributeLines = ({ attributes = {} }: TariffDocument): readonly string[] =>
  Object.entries(attributes).map(([name, rule]) => {
    const taken = rule.at === undefined ? 'as locked at the start' : `as it stands on: ${words(rule.at)}`;
    const who =
      rule.sources === undefined
        ? ''
        : `, decided by ${rule.sources.join(' before ')}${rule.allSources === true ? ' (all of them)' : ''}`;
    return `${name} (${rule.kind})${limits(rule)}, ${taken}${who}${noted(rule.note)}`;
  });

const parameterLines = ({ parameters = {} }: TariffDocument): readonly string[] =>
  Object.entries(parameters).map(([name, rule]) => {
    if (typeof rule !== 'object') return `${name}: ${words(rule)}`;
    if (rule.unknown !== undefined) return `${name}: not known (${rule.unknown})`;
    if (rule.published !== undefined) return `${name}: the series ${rule.published}${noted(rule.note)}`;
    if (rule.value !== undefined) return `${name}: ${words(rule.value)}${noted(rule.note)}`;
    const series = Object.entries(rule.series ?? {}).map(([day, value]) => `${words(value)} from ${day}`);
    return `${name}: ${series.join(', ')}${noted(rule.note)}`;
  });

const bandLines = ({ bands = {} }: TariffDocument): readonly string[] =>
  Object.entries(bands).map(([name, { of, bands: each }]) => {
    const limits = Object.entries(each).map(([label, { from, above, below, upTo }]) => {
      const parts = [
        from === undefined ? '' : `from ${words(from)}`,
        above === undefined ? '' : `above ${words(above)}`,
        below === undefined ? '' : `below ${words(below)}`,
        upTo === undefined ? '' : `up to ${words(upTo)}`,
      ];
      return `${label} ${parts.filter((part) => part !== '').join(' and ')}`;
    });
    return `${name}, by ${words(of)}: ${limits.join(', ')}`;
  });

/** One line a cell, with its place: nobody has to find a column. */
const tableLines = ({ tables = {} }: TariffDocument): readonly string[] =>
  Object.entries(tables).flatMap(([name, { by, cells }]) => [
    `${name}, by ${by.join(' and ')}`,
    ...cellLines(cells).map((line) => `    ${line}`),
  ]);

const cellLines = (cells: Cells): readonly string[] =>
  Object.entries(cells).flatMap(([word, inner]) =>
    typeof inner === 'object' ? cellLines(inner).map((line) => `${word}, ${line}`) : [`${word}: ${words(inner)}`],
  );

function daysInWords(rule: DaysRule): string {
  const list = (items: string | readonly Formula[]): string =>
    typeof items === 'string' ? items : items.map(words).join(' or ');
  const parts = [
    rule.spells === undefined ? '' : `days of ${list(rule.spells)}`,
    rule.union === undefined ? '' : `days of ${list(rule.union)}`,
    rule.overlap === undefined ? '' : `days that are in ${rule.overlap.map(words).join(' and in ')}`,
    rule.days === undefined ? '' : `days of ${words(rule.days)}`,
    rule.periods === undefined
      ? ''
      : `every ${rule.periods.every} from ${words(rule.periods.from)} in which ${words(rule.periods.where)}`,
    rule.where === undefined ? '' : `where ${words(rule.where)}`,
    rule.together === undefined
      ? ''
      : `on which ${rule.together.sum} together is at least ${words(rule.together.atLeast)}`,
    rule.without === undefined ? '' : `without ${words(rule.without)}`,
    rule.bridge === undefined
      ? ''
      : `gaps of up to ${rule.bridge.upTo} count${rule.bridge.over === undefined ? '' : ` where they lie in ${words(rule.bridge.over)}`}`,
    rule.from === undefined ? '' : `from ${words(rule.from)}`,
    rule.to === undefined ? '' : `until ${words(rule.to)}`,
  ];
  return `${parts.filter((part) => part !== '').join(', ')}${noted(rule.note)}`;
}

function feeLines(id: string, rule: FeeRule): readonly string[] {
  const conditions = rule.provided === undefined ? [] : Array.isArray(rule.provided) ? rule.provided : [rule.provided];
  const checks =
    rule.verify === undefined || rule.verify === 'none' ? [] : Array.isArray(rule.verify) ? rule.verify : [rule.verify];
  return [
    `${rule.title} [${id}]${rule.for === 'programme' ? ' (for the programme)' : ''}${noted(rule.note)}`,
    `    when ${triggerInWords(rule.when)}`,
    ...(rule.requires === undefined ? [] : [`    only with ${rule.requires.join(' and ')}`]),
    ...conditions.map(
      (each) =>
        `    provided that ${words(typeof each === 'object' ? (each as { readonly if: Formula }).if : (each as Formula))}`,
    ),
    ...(checks as readonly VerifyRule[]).map(
      (check) =>
        `    after a register said yes to ${check.question}${check.over === undefined ? '' : ` over the last ${check.over}`}`,
    ),
    ...(rule.verify === 'none' ? ['    no register is asked'] : []),
    ...(rule.claim === undefined ? [] : [`    ${claimInWords(rule.claim)}`]),
    ...(rule.heldWhile === undefined ? [] : [`    held back during ${words(rule.heldWhile)}`]),
    `    pays ${
      typeof rule.amount === 'object'
        ? `a share of ${words(rule.amount.apportion)}: ${Object.entries(rule.amount.shares)
            .map(([range, share]) => `${words(share)} over payments ${range}`)
            .join(', ')}; the ${rule.amount.residual} takes what rounding leaves`
        : words(rule.amount)
    }`,
    ...(rule.payee === undefined ? [] : [`    to the ${rule.payee}`]),
    ...(rule.sharedBy === undefined ? [] : [`    shared by ${rule.sharedBy}`]),
  ];
}

function claimInWords({ by, from, until, evidence = [] }: ClaimRule): string {
  const what = { automatic: 'no claim is needed', report: 'reported in time', claim: 'claimed by the provider' }[by];
  const window = `${from === undefined ? '' : ` from ${words(from)}`}${until === undefined ? '' : ` until ${words(until)}`}`;
  return `${what}${window}${evidence.length === 0 ? '' : `, with ${evidence.join(' and ')}`}`;
}

function triggerInWords(when: Trigger): string {
  if ('all' in when) return when.all.map(triggerInWords).join(', and ');
  if ('first' in when) return `the first of: ${when.first.map(triggerInWords).join('; or ')}`;
  if ('date' in when) return `the day is ${words(when.date)}`;
  if ('fee' in when)
    return `${when.fee} was due${when.times === undefined ? '' : ` ${words(when.times)} times`}${when.plus === undefined ? '' : `, and ${when.plus} have passed`}`;
  const window = `${when.from === undefined ? '' : ` from ${words(when.from)}`}${when.to === undefined ? '' : ` until ${words(when.to)}`}`;
  if ('event' in when) {
    const each =
      when.oncePer === undefined ? (when.each === true ? ', each time' : '') : `, once after each ${when.oncePer}`;
    return `${when.event} happens${each}${where(when.where)}${window}`;
  }
  if ('adds' in when) {
    const within = when.within === undefined ? '' : ` within any ${when.within}`;
    const weight = when.weight === undefined ? '' : `, a day counting ${words(when.weight)}`;
    return `${words(when.adds)} of ${words(when.of)} add up${within}${weight}${window}${times(when.times)}`;
  }
  if ('sums' in when)
    return `${typeof when.sums === 'string' ? when.sums : when.sums.join(' and ')} add up to ${words(when.reaches)}${window}${times(when.times)}`;
  if ('every' in when && when.passes !== undefined) {
    const within = when.within === undefined ? '' : ` within ${words(when.within)}`;
    return `${words(when.passes)} periods${within} (${when.every}) passed${where(when.where)}${window}${times(when.times)}`;
  }
  if ('every' in when)
    return `every ${when.every} ends${where(when.where)}${window}${times(when.times)}${when.clock === 'counting' ? ' that are paid' : ''}`;
  const same = when.sameJobAs === undefined ? '' : `, the job of ${when.sameJobAs}`;
  if (when.begins !== undefined) return `a job of ${words(when.begins)} begins${same}${where(when.where)}${window}`;
  if (when.ends !== undefined) return `a job of ${words(when.ends)} ends${same}${where(when.where)}${window}`;
  return `one job of ${words(when.of ?? '')} lasts ${words(when.lasts ?? '')}${same}${where(when.where)}${window}`;
}

const where = (formula: Formula | undefined): string => (formula === undefined ? '' : `, if ${words(formula)}`);
const times = (formula: Formula | undefined): string =>
  formula === undefined ? '' : `, up to ${words(formula)} times`;

const limitLines = ({ oneOf = {}, caps = {} }: TariffDocument): readonly string[] => [
  ...Object.values(oneOf).map((fees) => `of ${fees.join(' and ')} only the one reached first is paid`),
  ...Object.entries(caps).map(([id, cap]) => {
    const fees = cap.fees === 'all' ? 'all fees' : cap.fees.join(' and ');
    const most = [
      cap.amount === undefined ? '' : words(cap.amount),
      cap.payments === undefined ? '' : `${words(cap.payments)} payments`,
    ].filter((part) => part !== '');
    return `${cap.title ?? id}: at most ${most.join(' and ')} for ${fees}${cap.per === 'calendar-year' ? ' in a calendar year' : ''}`;
  }),
];
