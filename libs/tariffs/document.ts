/** A tariff as it stands in a file. `schemas/tariffs/tariff.schema.json` has every construct with its meaning. */
export interface TariffDocument {
  readonly tariff: string;
  readonly version: string;
  readonly title: string;
  readonly country: string;
  readonly currency: string;
  readonly validFrom: string;
  readonly validTo?: string;
  /** Whether amounts include value-added tax, as far as the source says. */
  readonly vat: 'inclusive' | 'exclusive' | 'exempt' | 'unstated';
  readonly months?: 'calendar' | 'thirty-days';
  readonly sources: readonly string[];
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly terms?: Readonly<Record<string, TermRule>>;
  readonly attributes?: Readonly<Record<string, AttributeRule>>;
  readonly tables?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string | null>>>>>>;
  readonly values?: Readonly<Record<string, string>>;
  readonly jobs?: Readonly<Record<string, JobRule>>;
  readonly fees: readonly FeeRule[];
  readonly examples: readonly Example[];
}

/** A number of the tariff with a name: one value, or a series by the day from which each holds. */
export interface Parameter {
  readonly value?: string;
  readonly series?: Readonly<Record<string, string>>;
  /** For a series: the event whose day selects the value; the day the fee falls due where it is left out. */
  readonly at?: string;
  readonly note?: string;
}

/** A value the contract or the client's decision fixes, checked when it is locked. */
export interface TermRule {
  readonly kind: 'money' | 'number' | 'code';
  readonly required?: boolean;
  readonly default?: string;
  readonly min?: string;
  /** A legal ceiling: an expression over parameters and attributes. */
  readonly max?: string;
  readonly note?: string;
}

export interface AttributeRule {
  readonly kind: 'number' | 'code' | 'date';
  readonly codes?: readonly string[];
  readonly min?: string;
  readonly max?: string;
  readonly default?: string;
}

/** Which spells of work count: a condition over the spell. */
export interface JobRule {
  readonly where: string;
  readonly note?: string;
}

export interface FeeRule {
  readonly id: string;
  readonly title: string;
  readonly trigger: Trigger;
  /** A condition on the day of the trigger; not met: never. */
  readonly when?: string;
  /** Decimal currency units: an expression; `none` means that nothing is payable. */
  readonly amount: string;
  /** A question a register must answer with yes about the span that the fee pays for. */
  readonly verify?: { readonly question: string; readonly over?: string };
  /** Fees that must be due before this one can be. */
  readonly after?: readonly string[];
}

export type Trigger =
  /** A named event: the fee falls due on its day. */
  | { readonly event: string }
  /** A job of this kind begins. */
  | { readonly begins: string; readonly sameJobAs?: string }
  /** One job of this kind lasts that long without a break. */
  | { readonly kept: string; readonly for: string; readonly sameJobAs?: string }
  /** Days worked in jobs of this kind add up; each day counts once; gaps are allowed. */
  | {
      readonly worked: string;
      readonly for: string;
      readonly since?: string;
      readonly within?: string;
    };

export interface Example {
  readonly id: string;
  readonly note?: string;
  readonly asOf: string;
  readonly terms?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly facts?: readonly Readonly<Record<string, unknown>>[];
  /** Fee id → amount and last day of its span. Fees that are not named are not due. */
  readonly due?: Readonly<Record<string, { readonly amount: string; readonly on?: string }>>;
  /** The terms are refused, with this error code. */
  readonly refused?: string;
}
