// jest runs tests in a realm of its own but lends them the outer realm's structuredClone, whose objects are then "not plain" to code
// that compares prototypes (the OpenID provider does). Outside of tests there is one realm.
globalThis.structuredClone = (value) => copy(value);

function copy(value) {
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [copy(key), copy(item)]));
  if (value instanceof Set) return new Set([...value].map(copy));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}
