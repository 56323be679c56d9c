/** Facts of an error: codes, ids, dates and amounts. Never names, contacts, health or free text: errors are logged. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
 * What went wrong, in a form that a caller can act on.
 *
 * `code` is `<capability>.<what-is-wrong>`, for example `referral.illegal-move`, and never changes once published.
 * `field` is the path of the offending input, where there is one. `retriable` says whether the same call can succeed later.
 */
export class HubError extends Error {
  readonly code: string;
  readonly field: string | undefined;
  readonly retriable: boolean;
  readonly facts: ErrorFacts;

  constructor(
    code: string,
    message: string,
    options: {
      readonly field?: string;
      readonly retriable?: boolean;
      readonly facts?: ErrorFacts;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HubError';
    this.code = code;
    this.field = options.field;
    this.retriable = options.retriable ?? false;
    this.facts = options.facts ?? {};
  }
}
