/** What the API holds a caller to: all of it, here. `{ limits { name value unit } }` answers the same list. */
export const LIMITS = {
  bodyBytes: 262_144,
  /** Fields inside fields; fragments count where they are spread. */
  queryDepth: 8,
  queryTokens: 1_000,
  queryAliases: 15,
  queryDirectives: 10,
  /** One for each field, times the page sizes above it. */
  queryCost: 5_000,
  operationsPerRequest: 1,
  pageItems: 100,
  /** Of one text of an input; what a capability limits further it says itself. */
  textCharacters: 500,
  /** Of reasons, answers, notes and keys. */
  longTextCharacters: 2_000,
  executionMs: 10_000,
} as const;

/** What a number counts, where the name does not end with a unit. */
const UNITS: Readonly<Record<string, string>> = {
  bodyBytes: 'bytes',
  textCharacters: 'characters',
  longTextCharacters: 'characters',
  executionMs: 'ms',
};

/** The list as it is answered. */
export function limitList(): { name: string; value: number; unit: string }[] {
  return Object.entries(LIMITS).map(([name, value]) => ({ name, value, unit: UNITS[name] ?? 'count' }));
}
