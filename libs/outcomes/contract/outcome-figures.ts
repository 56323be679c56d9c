import type { Tx } from '#libs/platform/postgres/index.js';

/** Outcomes in figures, as far as the caller of the transaction may see them. */
export abstract class OutcomeFigures {
  /** `OPEN_ENDED/VERIFIED`: the kind of work and how it stands. */
  abstract byKind(tx: Tx): Promise<readonly { readonly code: string; readonly count: number }[]>;
}
