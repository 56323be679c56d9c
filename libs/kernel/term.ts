/** A parameter of a tariff that the contract or the referral fixes: voucher value, bid price, area. */
export interface Term {
  readonly name: string;
  readonly value: string;
}

/** The longest name or code that an event carries. */
export const CODE_LENGTH_MAX = 80;

export const isCode = (text: string): boolean => text.trim() !== '' && text.length <= CODE_LENGTH_MAX;

const TERMS_MAX = 100;

export const TERMS_RULE = `At most ${TERMS_MAX} terms, each once, with a name and a value of 1 to ${CODE_LENGTH_MAX} characters.`;

/** Whether terms have the form of `TERMS_RULE`; what they mean is the tariff's to say. */
export const areTerms = (terms: readonly Term[]): boolean =>
  terms.length <= TERMS_MAX &&
  new Set(terms.map(({ name }) => name)).size === terms.length &&
  terms.every(({ name, value }) => isCode(name) && isCode(value));
