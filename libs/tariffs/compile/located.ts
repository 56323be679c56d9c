import { HubError } from '#libs/kernel/index.js';

/** Runs a piece of compilation; its error names the place in the document. */
export function located<Compiled>(field: string, compile: () => Compiled): Compiled {
  try {
    return compile();
  } catch (error) {
    if (error instanceof HubError && error.field === undefined)
      throw new HubError(error.code, error.message, { field });
    throw error;
  }
}
