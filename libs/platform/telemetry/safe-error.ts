/** What a log may keep of an unexpected error. */
export interface SafeError {
  readonly type: string;
  /** Only of errors that our own code made: a driver's or a parser's message repeats what it was given. */
  readonly message?: string;
  readonly code?: string;
  readonly table?: string;
  readonly constraint?: string;
  readonly frames: readonly string[];
}

const FRAMES_MAX = 12;

/** An unexpected error without the data it was about: no query parameters, no offending values, no foreign messages. */
export function safeError(error: unknown): SafeError {
  if (!(error instanceof Error)) return { type: typeof error, frames: [] };
  const cause = (error as { driverError?: unknown }).driverError ?? error;
  return {
    type: error.constructor.name,
    ...(error.constructor === Error ? { message: error.message } : {}),
    ...textOf(cause, 'code'),
    ...textOf(cause, 'table'),
    ...textOf(cause, 'constraint'),
    frames: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, FRAMES_MAX)
      .map((line) => line.trim()),
  };
}

function textOf<Name extends string>(of: unknown, name: Name): Partial<Record<Name, string>> {
  const value = (of as Partial<Record<Name, unknown>>)[name];
  return typeof value === 'string' ? ({ [name]: value } as Record<Name, string>) : {};
}
