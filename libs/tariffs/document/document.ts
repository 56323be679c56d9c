/** A formula as it stands in a file: text, or a bare number. */
export type Formula = string | number | boolean;

/** A tariff as it stands in a file. `schemas/tariffs/tariff.schema.json` has every construct with its meaning. */
export interface TariffDocument {
  readonly tariff: string;
  readonly version: string;
  readonly title: string;
  readonly country?: string;
  readonly currency: string;
  readonly validFrom: string;
  readonly validTo?: string;
  /** The day that decides which version prices a referral; a fee may name its own. */
  readonly versionDate?: Formula;
  readonly vat: 'inclusive' | 'exclusive' | 'exempt' | 'unstated';
  /** Who is paid, where a fee does not say otherwise. */
  readonly payee?: string;
  readonly rounding: Rounding;
  readonly calendar: CalendarRule;
  /** The most one referral can cost, where the source says so. */
  readonly ceiling?: Formula;
  readonly sources: readonly string[];
  /** What the sources leave open, in words. */
  readonly open?: readonly string[];
  readonly events?: readonly string[];
  readonly amounts?: Readonly<Record<string, 'money' | 'number'>>;
  readonly details?: Readonly<Record<string, 'number' | 'text' | 'truth'>>;
  readonly terms?: Readonly<Record<string, TermRule>>;
  readonly attributes?: Readonly<Record<string, AttributeRule>>;
  readonly parameters?: Readonly<Record<string, ParameterRule | Formula>>;
  readonly bands?: Readonly<Record<string, BandRule>>;
  readonly tables?: Readonly<Record<string, TableRule>>;
  readonly values?: Readonly<Record<string, Formula>>;
  readonly days?: Readonly<Record<string, DaysRule>>;
  readonly fees: Readonly<Record<string, FeeRule>>;
  /** Amounts that the payee pays back: the same rules as fees. */
  readonly recoveries?: Readonly<Record<string, FeeRule>>;
  /** Of each group only the fee that is reached first is paid. */
  readonly oneOf?: Readonly<Record<string, readonly string[]>>;
  readonly caps?: Readonly<Record<string, CapRule>>;
  readonly examples: Readonly<Record<string, Example>>;
}

export interface Rounding {
  readonly to: Formula;
  readonly mode: 'half-up' | 'half-even' | 'half-down' | 'down' | 'up';
}

export interface CalendarRule {
  readonly months: 'calendar' | 'thirty-days';
  readonly weekend?: readonly string[];
  readonly holidays?: 'none' | readonly string[];
}

/** A number of the tariff with a name: one value, a series by the day from which each holds, or known to be open. */
export interface ParameterRule {
  readonly value?: Formula;
  readonly series?: Readonly<Record<string, Formula>>;
  /** A published series of its own, `name@version`. */
  readonly published?: string;
  /** For a series: the day that selects the value; without it every formula says `… at <day>`. */
  readonly at?: Formula;
  /** The source does not say: why, in words. What needs it is unknown, never zero. */
  readonly unknown?: string;
  readonly note?: string;
}

/** A value the contract or the client's decision fixes, checked when it is locked. */
export interface TermRule {
  readonly kind: 'money' | 'number' | 'code' | 'date' | 'truth';
  readonly required?: boolean;
  readonly default?: Formula;
  readonly min?: Formula;
  /** A legal ceiling: a formula over parameters and attributes. */
  readonly max?: Formula;
  readonly codes?: readonly string[];
  readonly note?: string;
}

export interface AttributeRule {
  readonly kind: 'number' | 'code' | 'date' | 'truth';
  readonly codes?: readonly string[];
  readonly min?: Formula;
  readonly max?: Formula;
  readonly default?: Formula;
  /** The day whose value counts. Without it: as locked, else as first decided; formulas can say `… at <day>`. */
  readonly at?: Formula;
  /** Whose decision counts, the strongest first. */
  readonly sources?: readonly string[];
  /** All these sources must have decided. */
  readonly allSources?: boolean;
  /** A decision counts from the first of the next month. */
  readonly effective?: 'next-month';
  readonly changesPerYear?: number;
  readonly note?: string;
}

export interface BandRule {
  readonly of: Formula;
  readonly bands: Readonly<Record<string, Band>>;
  readonly note?: string;
}

export interface Band {
  readonly from?: Formula;
  readonly above?: Formula;
  readonly below?: Formula;
  readonly upTo?: Formula;
}

export interface TableRule {
  /** Names whose values choose the row, the column …, in the order of the nesting. */
  readonly by: readonly string[];
  readonly cells: Cells;
  readonly note?: string;
}

export type Cells = Readonly<{ [key: string]: Formula | Cells }>;

/** A set of days, and how it is made. */
export interface DaysRule {
  readonly title?: string;
  readonly spells?: string | readonly string[];
  readonly where?: Formula;
  /** Days on which a number of the spells, added up, is at least so much. */
  readonly together?: { readonly sum: string; readonly atLeast: Formula };
  readonly union?: readonly Formula[];
  readonly overlap?: readonly Formula[];
  readonly days?: Formula;
  readonly without?: Formula;
  readonly from?: Formula;
  readonly to?: Formula;
  readonly bridge?: { readonly upTo: string; readonly over?: Formula };
  /** Whole periods that pass a condition. */
  readonly periods?: PeriodsRule;
  readonly note?: string;
}

export interface PeriodsRule {
  readonly every: string;
  readonly from: Formula;
  readonly to?: Formula;
  readonly last?: 'cut' | 'drop';
  readonly where: Formula;
}

export interface FeeRule {
  readonly title: string;
  /** `programme`: a fee of the contract itself, not of one person. */
  readonly for?: 'person' | 'programme';
  readonly when: Trigger;
  /** Fees that must be due; this one is due no earlier. */
  readonly requires?: readonly string[];
  readonly provided?: Formula | readonly (Formula | Proviso)[];
  readonly verify?: 'none' | VerifyRule | readonly VerifyRule[];
  /** Where it differs from the tariff's. */
  readonly vat?: TariffDocument['vat'];
  readonly claim?: ClaimRule;
  /** Set of days on which it is held back; it falls due afterwards. */
  readonly heldWhile?: Formula;
  readonly amount: Formula | Apportionment;
  readonly rounding?: Rounding;
  readonly payee?: string;
  /** Amounts by source that say who contributed how much; the fee is shared in proportion. */
  readonly sharedBy?: string;
  readonly versionDate?: Formula;
  readonly note?: string;
}

export interface Proviso {
  readonly if: Formula;
  /** Why not, in words. */
  readonly else: string;
}

export interface VerifyRule {
  readonly question: string;
  /** How much of what was worked is asked about: the last so many days; all of it where nothing is said. */
  readonly over?: string;
  readonly from?: Formula;
  readonly to?: Formula;
  readonly earliest?: Formula;
  /** Asked one after the other while the answer is unknown. */
  readonly otherwise?: readonly string[];
}

export interface ClaimRule {
  /** `automatic`: none is needed. `claim`: the provider claims. `report`: the job was reported in time. */
  readonly by: 'automatic' | 'claim' | 'report';
  readonly from?: Formula;
  readonly until?: Formula;
  /** All of them; of a list within, one. */
  readonly evidence?: readonly (string | readonly string[])[];
}

export interface Apportionment {
  readonly apportion: Formula;
  /** Payment numbers (`1-3`) → share of the whole, spread equally over them. */
  readonly shares: Readonly<Record<string, Formula>>;
  /** Which payment takes what rounding leaves over. */
  readonly residual: 'first' | 'last';
}

export interface CapRule {
  readonly title?: string;
  readonly fees: 'all' | readonly string[];
  readonly amount?: Formula;
  readonly payments?: Formula;
  /** Of what each has a cap of its own: `person` (the whole), `calendar-year`, or each value of a formula (`yearsBetween(contractStart, on)`). */
  readonly per?: Formula;
  readonly note?: string;
}

interface Window {
  readonly from?: Formula;
  readonly to?: Formula;
}

export type Trigger =
  | EventTrigger
  | LastsTrigger
  | AddsTrigger
  | SumsTrigger
  | EveryTrigger
  | { readonly date: Formula }
  | { readonly fee: string; readonly times?: Formula; readonly plus?: string }
  | { readonly all: readonly Trigger[] }
  | { readonly first: readonly Trigger[] };

/** A named event. */
export interface EventTrigger extends Window {
  readonly event: string;
  readonly where?: Formula;
  readonly each?: boolean;
  /** At most one payment after each of these events: a referral, a re-entry. */
  readonly oncePer?: string;
}

/** A job begins, ends, or lasts that long without a break. `from` and `to` are the window in which it starts. */
export interface LastsTrigger extends Window {
  readonly begins?: Formula;
  readonly ends?: Formula;
  readonly lasts?: Formula;
  readonly of?: Formula;
  /** What counts as one job: each spell, spells with one employer, or all that follow each other. */
  readonly join?: 'spell' | 'employer' | 'any';
  readonly gap?: string;
  readonly where?: Formula;
  readonly sameJobAs?: string;
  readonly each?: boolean;
  /** `lasts`: paid for so many spans that follow each other, each in its own payment. */
  readonly times?: Formula;
}

/** Days add up, gaps allowed, each day once. */
export interface AddsTrigger extends Window {
  readonly adds: Formula;
  readonly of: Formula;
  /** All of it within any stretch of this length. */
  readonly within?: string;
  /** What one day of a spell counts for. */
  readonly weight?: Formula;
  readonly dayCap?: Formula;
  readonly times?: Formula;
}

/** Amounts add up to a sum. */
export interface SumsTrigger extends Window {
  readonly sums: string | readonly string[];
  readonly reaches: Formula;
  readonly times?: Formula;
}

/** Every period of a clock. */
export interface EveryTrigger extends Window {
  readonly every: string;
  readonly from: Formula;
  readonly where?: Formula;
  readonly times?: Formula;
  /** `running`: each period counts towards `times`; `counting`: only those that pay. */
  readonly clock?: 'running' | 'counting';
  /** One payment when so many periods passed, instead of one for each. */
  readonly passes?: Formula;
  /** These must lie within so many periods that follow each other. */
  readonly within?: Formula;
  /** The first period that does not pay ends it. */
  readonly unbroken?: boolean;
  readonly pays?: 'end' | 'start';
  /** What becomes of a last period that `to` ends before its time: it counts as it is, or not at all. */
  readonly last?: 'cut' | 'drop';
}

export interface Example {
  readonly note?: string;
  readonly asOf: string;
  readonly knownBy?: string;
  readonly subject?: 'person' | 'programme';
  readonly terms?: Readonly<Record<string, string | number>>;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly facts?: readonly Readonly<Record<string, unknown>>[];
  /** Every register answers yes unless a fact says otherwise. */
  readonly verified?: boolean;
  /** Fee id (or `fee#occurrence`) → amount and day. Payments that are not named are not due. */
  readonly due?: Readonly<Record<string, ExpectedFee | Formula>>;
  /** Fee id → `never`, `not-yet`, `needs` or `unknown`, where that matters. */
  readonly others?: Readonly<Record<string, 'never' | 'not-yet' | 'needs' | 'unknown'>>;
  readonly total?: Formula;
  /** The terms are refused, with this error code. */
  readonly refused?: string;
}

export interface ExpectedFee {
  readonly amount: Formula;
  readonly on?: string;
  readonly earliest?: string;
  readonly claimUntil?: string;
  readonly claimFrom?: string;
  readonly payee?: string;
  readonly vat?: TariffDocument['vat'];
  /** Payee → share. */
  readonly shares?: Readonly<Record<string, Formula>>;
}
