import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { GqlContextType } from '@nestjs/graphql';
import type { FastifyReply } from 'fastify';
import { GraphQLError } from 'graphql';
import { hidden, UnexpectedErrors } from '../graphql/errors.js';

/** What leaves a root field or a route as an error: what is refused on purpose as it is, anything else without internals. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(UnexpectedErrors) private readonly unexpected: UnexpectedErrors) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    // GraphQL takes an error that is returned like one that is thrown; Nest would write the thrown one to its log, data and all.
    if (host.getType<GqlContextType>() === 'graphql')
      return error instanceof GraphQLError ? error : hidden(this.unexpected, error, 'root field');
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const status = statusOf(error);
    if (status < 500 && error instanceof Error) return reply.code(status).send({ message: error.message });
    const { message, extensions } = hidden(this.unexpected, error, 'route');
    return reply.code(500).send({ message, ...extensions });
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
