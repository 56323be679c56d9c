import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { HubError } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '../auth/principal.js';
import { UnitOfWork, type Command } from '../postgres/unit-of-work.js';
import type { Tx } from '../postgres/transaction.js';

/** The union member every mutation can answer. */
export interface Refusal {
  readonly __typename: 'Refusal';
  readonly code: string;
  readonly message: string;
  readonly field: string | null;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** Where unexpected errors go, with the id that the caller was given. */
export abstract class UnexpectedErrors {
  abstract report(error: unknown, errorId: string, operation: string): void;
}

/** Between resolvers and handlers: one root field, one transaction; expected failures become answers, others lose their internals. */
@Injectable()
export class GraphqlEdge {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly unexpected: UnexpectedErrors,
  ) {}

  /** Runs a mutation once per idempotency key. The answer is plain data with its `__typename`, stored and given again. */
  async command<Answer extends object>(
    principal: PartnerPrincipal,
    command: Command,
    work: (tx: Tx, now: Date) => Promise<Answer>,
  ): Promise<Answer | Refusal> {
    try {
      return await this.unitOfWork.command(principal, command, async (tx, now) => plain(await work(tx, now)));
    } catch (error) {
      if (error instanceof HubError) return refusal(error);
      throw this.hidden(error, command.name);
    }
  }

  /** Runs a query in one transaction: what it logs is committed before its answer leaves. */
  async query<Answer>(
    principal: PartnerPrincipal,
    name: string,
    work: (tx: Tx, now: Date) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await this.unitOfWork.transaction(principal, work);
    } catch (error) {
      if (error instanceof HubError)
        throw new GraphQLError(error.message, { extensions: { code: error.code, field: error.field } });
      throw this.hidden(error, name);
    }
  }

  private hidden(error: unknown, operation: string): GraphQLError {
    const errorId = randomUUID();
    this.unexpected.report(error, errorId, operation);
    return new GraphQLError('Something went wrong on our side. Nothing was changed.', {
      extensions: { code: 'INTERNAL', errorId },
    });
  }
}

/** As JSON keeps it, so that the first answer and a repeated one are alike: bigints and dates as text. */
const plain = <Answer extends object>(answer: Answer): Answer =>
  JSON.parse(
    JSON.stringify(answer, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ) as Answer;

export function refusal(error: HubError): Refusal {
  const facts = Object.entries(error.facts).map(([name, value]) => ({
    name,
    value: Array.isArray(value) ? value.join(', ') : String(value),
  }));
  return { __typename: 'Refusal', code: error.code, message: error.message, field: error.field ?? null, facts };
}
