/** What a record says under a name; never what every object has (`constructor`, `toString`). */
export const own = <Item>(record: Readonly<Record<string, Item>> | undefined, name: string): Item | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
