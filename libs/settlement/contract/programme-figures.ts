import type { Tx } from '#libs/platform/postgres/index.js';

export interface CountByCode {
  readonly code: string;
  readonly count: number;
}

/** What the programme summary asks of other capabilities, in the caller's transaction and with the caller's rights. */
export abstract class ProgrammeFigures {
  abstract people(tx: Tx): Promise<number>;
  abstract referralsByState(tx: Tx): Promise<readonly CountByCode[]>;
  abstract outcomesByKind(tx: Tx): Promise<readonly CountByCode[]>;
}
