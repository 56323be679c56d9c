import type { GraphqlClient } from '#libs/testing/client.js';

export interface Answer {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

const INPUTS: Readonly<Record<string, string>> = {
  reofferReferral: 'ReferralIdInput',
  confirmCancellation: 'ReferralIdInput',
  confirmPayeeAccount: 'PayeeAccountIdInput',
  releasePaymentFile: 'PaymentFileIdInput',
  releaseHeldPayable: 'PayableIdInput',
};

/** One mutation, as the partner that sends it. A refusal is answered, not thrown: the programme carries some on purpose. */
export async function attempt(
  client: GraphqlClient,
  name: string,
  type: string,
  input: object,
  key: string,
  select = 'id',
): Promise<Answer> {
  const inputType = INPUTS[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const data = await client.ask<{ answer: Answer }>(
    `mutation ($input: ${inputType}!, $key: ID!) { answer: ${name}(input: $input, idempotencyKey: $key) {
       __typename ... on ${type} { ${select} } ... on Refusal { code message field } } }`,
    { input, key },
  );
  return data.answer;
}

/** As `attempt`, for what must not be refused. */
export async function act(
  client: GraphqlClient,
  name: string,
  type: string,
  input: object,
  key: string,
  select = 'id',
): Promise<Answer> {
  const answer = await attempt(client, name, type, input, key, select);
  if (answer.__typename === 'Refusal')
    throw new Error(`${name} (${key}) was refused: ${String(answer['code'])}: ${String(answer['message'])}`);
  return answer;
}

const PAGES_MAX = 200;

/** Every node of a connection, page by page. */
export async function all<Node>(client: GraphqlClient, field: string, selection: string, args = ''): Promise<Node[]> {
  const nodes: Node[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const data: { list: { edges: { node: Node }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } =
      await client.ask(
        `query ($after: String) { list: ${field}(first: 100, after: $after${args === '' ? '' : `, ${args}`}) {
         edges { node { ${selection} } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
    nodes.push(...data.list.edges.map((edge) => edge.node));
    if (!data.list.pageInfo.hasNextPage) return nodes;
    after = data.list.pageInfo.endCursor;
  }
  throw new Error(`${field} has more pages than anybody reads.`);
}
