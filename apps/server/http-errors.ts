import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Ids } from '#event-sourcing/ports/clock.js';
import { errorTexts, type ErrorCode } from '#graphql/error-codes.js';
import { EdgeError } from '#graphql/errors.js';
import type { Log } from './logging/log.js';

const codeOfStatus = (status: number): ErrorCode => {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 404) return 'NOT_FOUND';
  if (status === 503) return 'OVERLOADED';
  return status < 500 ? 'BAD_REQUEST' : 'INTERNAL';
};

export const errorBody = (code: ErrorCode, errorId?: string) => ({
  errors: [
    {
      message: errorTexts[code].en,
      extensions: { code, message: errorTexts[code], ...(errorId === undefined ? {} : { errorId }) },
    },
  ],
});

/**
 * Errors outside of GraphQL (unknown route, body too large, broken JSON) in the same form as GraphQL's.
 * Inside an operation it only passes on: masking happens in one place, errors.ts.
 */
@Catch()
export class EdgeExceptionFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly ids: Ids,
  ) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    // Thrown on and never returned: whatever a filter returns becomes the field's value, and a thrown text would be
    // shown as data.
    if (host.getType<'graphql' | 'http'>() === 'graphql')
      throw error instanceof Error ? error : new Error('Something that is no error was thrown');
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) return undefined;
    const status = statusOf(error);
    const code = error instanceof EdgeError ? error.errorCode : codeOfStatus(status);
    const errorId = status < 500 || code === 'OVERLOADED' ? undefined : this.ids.uuid();
    if (errorId !== undefined) this.log.failure('A request failed', error, { errorId, transport: 'http' });
    void reply.code(status).type('application/json; charset=utf-8').send(errorBody(code, errorId));
    return undefined;
  }
}

const statusOf = (error: unknown): number => {
  if (error instanceof GraphQLError) {
    const http = error.extensions['http'] as { readonly status?: number } | undefined;
    return http?.status ?? 400;
  }
  if (error instanceof HttpException) return error.getStatus();
  const status: unknown =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
};
