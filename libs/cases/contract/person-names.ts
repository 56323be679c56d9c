import type { Tx } from '#libs/platform/postgres/index.js';

/** Names of persons for lists of other capabilities. The caller has decided and logged the look; row-level security is the net. */
export abstract class PersonNames {
  abstract of(tx: Tx, personIds: readonly string[]): Promise<Map<string, string>>;
}

/** National identifiers, for what must ask a register about a person. For the hub's own work only. */
export abstract class NationalIds {
  abstract of(tx: Tx, personId: string): Promise<string | undefined>;
  /** Persons of an authority by national identifier; unknown ones are missing. */
  abstract find(tx: Tx, authorityId: string, nationalIds: readonly string[]): Promise<Map<string, string>>;
}
