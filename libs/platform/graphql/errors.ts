import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { safeError, type SafeError } from '../telemetry/safe-error.js';
import { LIMITS } from './limits.js';

/** Where unexpected errors go, with the id that the caller was given. */
export abstract class UnexpectedErrors {
  abstract report(error: SafeError, errorId: string, operation: string): void;
}

/** SQLSTATE of a statement that the database ended because it ran too long. */
const QUERY_CANCELED = '57014';

/** SQLSTATE of a text with the one character that PostgreSQL keeps in none: only an argument can hold it. */
const NUL_IN_TEXT = '22021';

const TOOK_TOO_LONG = {
  code: 'TIMEOUT',
  message: `This took longer than ${LIMITS.executionMs} ms. Send it again, a mutation with the same idempotency key.`,
};

/** An error without internals; what really happened goes to the log under the same id. */
export function hidden(unexpected: UnexpectedErrors, error: unknown, operation: string): GraphQLError {
  if (codeOf(error) === QUERY_CANCELED)
    return new GraphQLError(TOOK_TOO_LONG.message, { extensions: { code: TOOK_TOO_LONG.code } });
  if (codeOf((error as { driverError?: unknown } | null)?.driverError ?? error) === NUL_IN_TEXT)
    return new GraphQLError('Text holds no NUL character.', { extensions: { code: 'BAD_REQUEST' } });
  const errorId = randomUUID();
  unexpected.report(safeError(error), errorId, operation);
  return new GraphQLError(
    'Something went wrong on our side. It is safe to send this again, a mutation with the same idempotency key.',
    { extensions: { code: 'INTERNAL', errorId } },
  );
}

interface Formatted {
  readonly statusCode: number;
  readonly response: { data?: ObjMap | null; errors: GraphQLFormattedError[] };
}

type ObjMap = Record<string, unknown>;

export interface ErrorFormat {
  /** Names that a caller may have meant. */
  readonly suggestions: boolean;
  /** The caller takes `application/graphql-response+json`: a request that was not executed has an HTTP status of its own. */
  readonly statusOfRequest: boolean;
}

/** Answers the errors of a request: ours and GraphQL's own as they are, anything else without internals. */
export function formatErrors(
  execution: { readonly data?: ObjMap | null; readonly errors?: readonly GraphQLError[] | undefined },
  unexpected: UnexpectedErrors,
  format: ErrorFormat,
): Formatted {
  const given = execution.errors ?? [];
  const errors = given.flatMap(partsOf).map((error) => presentable(error, unexpected, format.suggestions));
  if (execution.data !== undefined) return { statusCode: 200, response: { data: execution.data, errors } };
  const refusedDocument = given.every((error) => codeOf(error.originalError) === INVALID_DOCUMENT);
  const statusCode = refusedDocument && !format.statusOfRequest ? 200 : Math.max(200, ...given.map(statusOf));
  return { statusCode, response: { errors } };
}

/** Mercurius' word for a document or variables that it did not execute. */
const INVALID_DOCUMENT = 'MER_ERR_GQL_VALIDATION';

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null | undefined)?.code);

/** The server wraps all findings about one document into one error. */
function partsOf(error: GraphQLError): readonly GraphQLError[] {
  const parts = (error.originalError as { errors?: unknown } | undefined)?.errors;
  if (!Array.isArray(parts)) return [error];
  return parts.map((part: unknown) => (part instanceof GraphQLError ? part : new GraphQLError(messageOf(part))));
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'This request is not valid.');

const statusOf = (error: GraphQLError): number => {
  const status = (error.originalError as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? status : 200;
};

function presentable(error: GraphQLError, unexpected: UnexpectedErrors, suggestions: boolean): GraphQLFormattedError {
  const shown = error.toJSON();
  const cause = error.originalError;
  if (cause == null || cause instanceof GraphQLError) {
    const message = suggestions ? shown.message : shown.message.replace(/ Did you mean .*\?$/s, '');
    return { ...shown, message, extensions: { code: 'BAD_REQUEST', ...shown.extensions } };
  }
  const known = FASTIFY_ERRORS[codeOf(cause)];
  if (known !== undefined) return { message: known.message, extensions: { code: known.code } };
  const status = statusOf(error);
  if (status >= 400 && status < 500) return { message: cause.message, extensions: { code: 'BAD_REQUEST' } };
  const { message, extensions } = hidden(unexpected, cause, error.path?.join('.') ?? 'request');
  return { ...shown, message, extensions };
}

const FASTIFY_ERRORS: Readonly<Record<string, { readonly code: string; readonly message: string } | undefined>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'LIMIT', message: `A request has at most ${LIMITS.bodyBytes} bytes.` },
  FST_ERR_HANDLER_TIMEOUT: TOOK_TOO_LONG,
};
