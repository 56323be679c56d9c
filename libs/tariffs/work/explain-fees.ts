import type { Apportionment, ClaimRule, FeeRule, Formula, Proviso, VerifyRule } from '../document/document.js';
import { linesOf, triggerLines } from './explain-triggers.js';
import { listed, named, roundedTo } from './function-words.js';
import type { PlainWords } from './plain-words.js';

type Lines = readonly string[];

/** What amounts, or one amount, do about value-added tax. */
export const VAT = {
  inclusive: { many: 'include', one: 'includes' },
  exclusive: { many: 'exclude', one: 'excludes' },
  exempt: { many: 'are exempt from', one: 'is exempt from' },
  unstated: { many: 'say nothing of', one: 'says nothing of' },
} as const;

const listOf = <Item>(items: Item | readonly Item[] | undefined): readonly Item[] =>
  items === undefined ? [] : Array.isArray(items) ? (items as readonly Item[]) : [items as Item];

/** One fee or recovery: its title, when it is reached, under which conditions, and what it pays. */
export function feeLines(id: string, rule: FeeRule, direction: 'pay' | 'recover', say: PlainWords): Lines {
  const [head = '', ...rules] = triggerLines(rule.when, say);
  const verb = direction === 'pay' ? 'pays' : 'pays back';
  const checks = rule.verify === 'none' ? [] : listOf(rule.verify);
  const lines = linesOf(
    head,
    ...rules.map((line) => `  ${line}`),
    rule.requires === undefined
      ? undefined
      : `only if ${listed(rule.requires.map(named))} is due too, and not before it`,
    ...listOf<Formula | Proviso>(rule.provided).map((each) => proviso(each, say)),
    ...checks.flatMap((check) => verifyLines(check, say)),
    rule.verify === 'none' ? 'no register is asked' : undefined,
    rule.claim === undefined ? undefined : claimInWords(rule.claim, say),
    rule.heldWhile === undefined
      ? undefined
      : `if it falls on a day of ${say.phrase(rule.heldWhile)}, it is due on the first day after these days`,
    `${verb} ${typeof rule.amount === 'object' ? inParts(rule.amount, say) : say.of(rule.amount)}`,
    rule.rounding === undefined ? undefined : roundedTo(say.of(rule.rounding.to), rule.rounding.mode),
    rule.vat === undefined ? undefined : `the amount ${VAT[rule.vat].one} value-added tax`,
    rule.payee === undefined ? undefined : `${direction === 'pay' ? 'to' : 'by'} the ${rule.payee}`,
    rule.sharedBy === undefined
      ? undefined
      : `shared among the sources of ${named(rule.sharedBy)}, in proportion to what each told until then`,
    rule.versionDate === undefined ? undefined : `paid by the version in force on ${say.phrase(rule.versionDate)}`,
  );
  const who = rule.for === 'programme' ? ' (for the programme)' : '';
  const note = rule.note === undefined ? '' : ` (${rule.note})`;
  return [`${rule.title} [${id}]${who}${note}`, ...lines.map((line) => `  ${line}`)];
}

function proviso(each: Formula | Proviso, say: PlainWords): string {
  if (typeof each !== 'object') return `provided that ${say.condition(each)}`;
  return `provided that ${say.condition(each.if)} (else not paid: ${each.else})`;
}

function verifyLines({ question, over, from, to, earliest, otherwise }: VerifyRule, say: PlainWords): Lines {
  const days = from === undefined && to === undefined ? '' : ` about the days${say.span(from, to)}`;
  const last = over === undefined ? '' : ` about the last ${say.phrase(over)} that counted`;
  return linesOf(
    `only after a register said yes to ${question}${last}${days}`,
    earliest === undefined ? undefined : `  it is not asked before ${say.phrase(earliest)}`,
    otherwise === undefined ? undefined : `  where it does not know, it is asked ${otherwise.join(', then ')}`,
  );
}

const oneOf = (kinds: string | readonly string[]): string =>
  typeof kinds === 'string' ? kinds : kinds.length === 1 ? String(kinds[0]) : `one of (${kinds.join(', ')})`;

function claimInWords({ by, from, until, evidence = [] }: ClaimRule, say: PlainWords): string {
  const window = say.span(from, until);
  const proof = evidence.length === 0 ? '' : `, with ${listed(evidence.map(oneOf))}`;
  switch (by) {
    case 'automatic':
      return `no claim is needed${window === '' ? '' : ` (its window:${window})`}${proof}`;
    case 'report':
      return `the job must be reported${window}${proof}; a job without a day of report was reported in time`;
    case 'claim':
      return `it must be claimed${say.span(from ?? 'on', until)}${proof}`;
  }
}

function inParts({ apportion, shares, residual }: Apportionment, say: PlainWords): string {
  const parts = Object.entries(shares).map(
    ([range, share]) =>
      `${say.of(share)} ${range.includes('-') ? `in equal parts in payments ${range.replace('-', ' to ')}` : `in payment ${range}`}`,
  );
  return `${say.phrase(apportion)} in parts: ${listed(parts)}; the ${residual} payment takes what rounding leaves`;
}
