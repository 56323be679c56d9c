import { Injectable } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { HubError } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '../auth/principal.js';
import { UnitOfWork, type Command } from '../postgres/unit-of-work.js';
import type { Tx } from '../postgres/transaction.js';
import { idsOf, traced } from '../telemetry/tracing.js';
import { checkInput, checkSaysSomething } from './input-rules.js';
import { hidden, UnexpectedErrors } from './errors.js';

export { UnexpectedErrors } from './errors.js';

/** The union member every mutation can answer. */
export interface Refusal {
  readonly __typename: 'Refusal';
  readonly code: string;
  readonly message: string;
  readonly field: string | null;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** Between resolvers and handlers: one root field, one transaction; expected failures become answers, others lose their internals. */
@Injectable()
export class GraphqlEdge {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly unexpected: UnexpectedErrors,
  ) {}

  /**
   * Runs a mutation once per idempotency key. What `once` answers is kept and given again, so it tells nothing of a person: ids, codes
   * and days. Where the answer shows more, `answer` makes it of what was kept, the first time and each time the mutation is repeated,
   * under a decision and with a log row of that time; whose right has ended meanwhile gets what was kept.
   */
  async command<Kept extends object, Answer extends object = Kept>(
    principal: PartnerPrincipal,
    command: Command,
    once: (tx: Tx, now: Date) => Promise<Kept>,
    answer?: (tx: Tx, kept: Kept, now: Date) => Promise<Answer>,
  ): Promise<Answer | Refusal> {
    try {
      checkInput(command.input);
      const attributes = idsOf(command.input);
      return await traced({ name: `mutation ${command.name}`, kind: 'server', attributes }, () =>
        this.unitOfWork.command(principal, command, (tx, now) => plainly(tx, now, once, command.input), answer),
      );
    } catch (error) {
      if (error instanceof HubError) return refusal(error);
      throw hidden(this.unexpected, error, command.name);
    }
  }

  /** Runs a query in one transaction: what it logs is committed before its answer leaves. */
  async query<Answer>(
    principal: PartnerPrincipal,
    name: string,
    work: (tx: Tx, now: Date) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await traced({ name: `query ${name}`, kind: 'server' }, () =>
        this.unitOfWork.transaction(principal, work),
      );
    } catch (error) {
      if (error instanceof HubError)
        throw new GraphQLError(error.message, { extensions: { code: error.code, field: error.field } });
      throw hidden(this.unexpected, error, name);
    }
  }
}

async function plainly<Kept extends object>(
  tx: Tx,
  now: Date,
  once: (tx: Tx, now: Date) => Promise<Kept>,
  input: unknown,
): Promise<Kept> {
  const kept = plain(await once(tx, now));
  // After the work: a capability's own rule about a text has a code of its own, which callers know.
  checkSaysSomething(input);
  return kept;
}

/** As JSON keeps it, so that the first answer and a repeated one are alike: bigints and dates as text. */
const plain = <Answer extends object>(answer: Answer): Answer =>
  JSON.parse(
    JSON.stringify(answer, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ) as Answer;

/** The input's own name, wherever in the input it stands: `referralId`, `terms.0.name`. */
const fieldOf = ({ field }: HubError): string | null => field?.replace(/^input\./, '') ?? null;

export function refusal(error: HubError): Refusal {
  const facts = Object.entries(error.facts).map(([name, value]) => ({
    name,
    value: Array.isArray(value) ? value.join(', ') : String(value),
  }));
  return { __typename: 'Refusal', code: error.code, message: error.message, field: fieldOf(error), facts };
}
