import type { FastifyReply, FastifyRequest } from 'fastify';

/** What is wrong with a request before its document is looked at. */
interface Objection {
  readonly status: number;
  readonly message: string;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * One operation a request, posted as JSON. GET is not served (no operation by following a link), and no form a page of another
 * site could send is read.
 */
export function objectionTo(method: string, contentType: string | undefined, body: unknown): Objection | undefined {
  if (method !== 'POST') return { status: 405, message: 'Operations are posted.' };
  if (contentType?.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json')
    return { status: 415, message: 'Operations are posted as application/json.' };
  if (Array.isArray(body)) return { status: 400, message: 'One operation a request: batches are not taken.' };
  if (!isObject(body)) return { status: 400, message: 'The body is a JSON object with the field "query".' };
  const { query, operationName, variables, extensions } = body as Readonly<Record<string, unknown>>;
  if (typeof query !== 'string' || query.trim() === '')
    return { status: 400, message: '"query" is a GraphQL document.' };
  // The server would take a syntax tree as JSON too, past the limit on tokens.
  if (isJson(query)) return { status: 400, message: '"query" is a GraphQL document, not JSON.' };
  if (operationName != null && typeof operationName !== 'string')
    return { status: 400, message: '"operationName" is text.' };
  if (variables != null && !isObject(variables)) return { status: 400, message: '"variables" is an object.' };
  if (extensions != null && !isObject(extensions)) return { status: 400, message: '"extensions" is an object.' };
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The server's own schema of the body knows no null where something may be left out. */
function withoutNulls(body: Record<string, unknown>): void {
  for (const name of ['operationName', 'variables', 'extensions']) body[name] ??= undefined;
}

const RESPONSE_TYPE = 'application/graphql-response+json';

/** Whether a caller takes the media type of its own that GraphQL over HTTP has. */
export const takesResponseType = (request: FastifyRequest): boolean =>
  request.headers.accept?.includes(RESPONSE_TYPE) === true;

/** Hooks of the GraphQL route. */
export const routeHooks = {
  preValidation: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const objection = objectionTo(request.method, request.headers['content-type'], request.body);
    if (objection === undefined) {
      withoutNulls(request.body as Record<string, unknown>);
      return;
    }
    if (objection.status === 405) reply.header('allow', 'POST');
    const code = objection.status === 400 ? 'BAD_REQUEST' : 'NOT_SERVED';
    await reply.code(objection.status).send({ errors: [{ message: objection.message, extensions: { code } }] });
  },
  onSend: (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    reply.type(`${takesResponseType(request) ? RESPONSE_TYPE : 'application/json'}; charset=utf-8`);
    return Promise.resolve(payload);
  },
};
