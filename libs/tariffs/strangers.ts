import type { Tariff } from './compile/tariff.js';
import { COMMON_EVENTS } from './compile/tariff-names.js';
import type { FeeRule, TariffDocument } from './document/document.js';
import { similarTo } from './language/similar.js';

/** Names that every programme knows of a person; a tariff may do without them. */
const COMMON_ATTRIBUTES = ['group', 'index', 'area', 'unemployedSince'];
const COMMON_KINDS = ['employment', 'past-employment'];

/** What a fact can name, in words, and the names of each that a tariff can ask for. */
interface Asked {
  readonly event: readonly string[];
  readonly amount: readonly string[];
  readonly attribute: readonly string[];
  readonly claim: readonly string[];
  readonly question: readonly string[];
  readonly evidence: readonly string[];
  readonly 'kind of spell': readonly string[];
}

/**
 * Names in a case that no formula of the tariffs (versions of one, as a rule) can ask for: they change nothing, and are often a slip of
 * the pen. One sentence each, after its place in the case, with the nearest name there is.
 */
export function strangersIn(
  tariffs: readonly Tariff[],
  given: { readonly attributes?: object; readonly facts?: readonly unknown[] },
): readonly string[] {
  const asked = tariffs.map(({ document }) => askedBy(document));
  const asker = [...new Set(tariffs.map(({ id }) => id))].join(' and ');
  const stranger = (place: string, what: keyof Asked, name: unknown): readonly string[] => {
    if (typeof name !== 'string' || asked.some((each) => each[what].includes(name))) return [];
    const near = similarTo(name, [...new Set(asked.flatMap((each) => each[what]))]);
    const meant = near.length === 0 ? '' : `; was ${near.map((each) => `"${each}"`).join(' or ')} meant?`;
    return [`${place}: ${asker} asks for no ${what} "${name}"${meant}`];
  };
  const facts = (given.facts ?? []).map((fact) => (fact ?? {}) as Named);
  return [
    ...Object.keys(given.attributes ?? {}).flatMap((name) => stranger('attributes', 'attribute', name)),
    ...facts.flatMap((fact, index) => [
      ...namesIn(fact).flatMap(([what, name]) => stranger(`facts[${index}]`, what, name)),
      ...(takesNothingBack(fact, facts)
        ? [`facts[${index}]: it takes back the spell "${String(fact.spellId)}", which no fact here tells`]
        : []),
    ]),
  ];
}

/** A fact as far as it names something; its shape may still be wrong. */
type Named = Readonly<Partial<Record<'type' | 'name' | 'fee' | 'kind' | 'question' | 'evidence' | 'spellId', unknown>>>;

function namesIn({ type, name, fee, kind, question, evidence }: Named): readonly (readonly [keyof Asked, unknown])[] {
  switch (type) {
    case 'event':
    case 'amount':
    case 'attribute':
      return [[type, name]];
    case 'spell':
      return [['kind of spell', kind]];
    case 'verification':
      return [['question', question]];
    case 'claim':
      return [
        // A claim may say which payment of a fee: "monthly#2".
        ['claim', typeof fee === 'string' ? fee.replace(/#[1-9]\d*$/, '') : fee],
        ...(Array.isArray(evidence) ? evidence.map((each: unknown) => ['evidence', each] as const) : []),
      ];
    default:
      return [];
  }
}

const takesNothingBack = ({ type, spellId }: Named, facts: readonly Named[]): boolean =>
  type === 'spell-retracted' && !facts.some((other) => other.type === 'spell' && other.spellId === spellId);

function askedBy(document: TariffDocument): Asked {
  const rules: readonly FeeRule[] = [...Object.values(document.fees), ...Object.values(document.recoveries ?? {})];
  const kinds = Object.values(document.days ?? {}).flatMap(({ spells }) => spells ?? []);
  const questions = rules.flatMap(({ verify }) =>
    verify === undefined || verify === 'none'
      ? []
      : [verify].flat().flatMap((rule) => [rule.question, ...(rule.otherwise ?? [])]),
  );
  return {
    event: [...COMMON_EVENTS, ...(document.events ?? [])],
    amount: Object.keys(document.amounts ?? {}),
    attribute: [...COMMON_ATTRIBUTES, ...Object.keys(document.attributes ?? {})],
    claim: [...Object.keys(document.fees), ...Object.keys(document.recoveries ?? {})],
    question: questions,
    evidence: rules.flatMap(({ claim }) => (claim?.evidence ?? []).flat()),
    'kind of spell': [...COMMON_KINDS, ...kinds],
  };
}
