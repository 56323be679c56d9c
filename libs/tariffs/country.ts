const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** Two letters that have a name and are no country. */
const NO_COUNTRIES = ['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'];

/** Whether two letters are a country of ISO 3166-1; `UK` and others that another code replaces are none. */
export const isCountry = (code: unknown): boolean =>
  typeof code === 'string' &&
  /^[A-Z]{2}$/.test(code) &&
  !NO_COUNTRIES.includes(code) &&
  NAMES.of(code) !== undefined &&
  new Intl.Locale(`und-${code}`).region === code;
