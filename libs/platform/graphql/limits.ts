/** What the API holds a caller to: all of it, here. `{ limits { name value unit } }` answers the same list. */
export const LIMITS = {
  bodyBytes: 262_144,
  queryDepth: 10,
  queryTokens: 2_000,
  queryAliases: 15,
  queryDirectives: 10,
  queryCost: 20_000,
  pageItems: 100,
  executionMs: 10_000,
} as const;

/** The list as it is answered: name, number and unit, split from the names above. */
export function limitList(): { name: string; value: number; unit: string }[] {
  return Object.entries(LIMITS).map(([name, value]) => {
    const unit = /[A-Z][a-z]*$/.exec(name)?.[0] ?? '';
    return { name: name.slice(0, name.length - unit.length), value, unit: unit.toLowerCase() };
  });
}
