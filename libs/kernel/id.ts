/** A UUID (version 7 for what the hub makes) that says of what kind of thing it is the identity. */
export type Id<Kind extends string> = string & { readonly __id: Kind };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);

/** Reads an id that came from outside. Throws a plain `RangeError`: edges turn it into an error that names the field. */
export function asId<Kind extends string>(text: string): Id<Kind> {
  if (!isUuid(text)) throw new RangeError(`Not an id: expected a lower-case UUID.`);
  return text as Id<Kind>;
}
