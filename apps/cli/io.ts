/** Where a command writes: the process's streams, or a test's lists. */
export interface Io {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

/** What a command answers to the shell. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unavailable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command is given besides its arguments. */
export interface Cli {
  readonly io: Io;
  /** The command's own answer; the last one said counts. */
  readonly exit: (code: ExitCode) => void;
}
