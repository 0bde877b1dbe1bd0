import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** Before the first request nothing personal exists, and a person who starts the server needs the framework's words. */
const bootContexts: ReadonlySet<string> = new Set([
  'ExceptionHandler',
  'NestFactory',
  'InstanceLoader',
  'InjectorLogger',
]);

/**
 * The framework's own lines, in our form. Its error lines keep their context and stack frames; their text is dropped,
 * because it is the message of whatever was thrown.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...rest: readonly unknown[]): void {
    this.target.debug(text(message), contextOf(rest));
  }
  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.target.debug(text(message), contextOf(rest));
  }
  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.target.debug(text(message), contextOf(rest));
  }
  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.target.warn(text(message), contextOf(rest));
  }
  error(message: unknown, ...rest: readonly unknown[]): void {
    this.#failed(message, rest);
  }
  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.#failed(message, rest);
  }

  #failed(message: unknown, rest: readonly unknown[]): void {
    const context = contextOf(rest);
    if (context.context !== undefined && bootContexts.has(context.context)) {
      this.target.error(text(message), context);
      return;
    }
    this.target.failure(
      'The framework reported a failure',
      message instanceof Error ? message : asError(rest),
      context,
    );
  }
}

const text = (message: unknown): string =>
  typeof message === 'string' ? message.slice(0, 512) : 'The framework reported something';
/** Nest passes the stack and the context as the last arguments, in this order. */
const contextOf = (rest: readonly unknown[]): { readonly context?: string } => {
  const last = rest.at(-1);
  return typeof last === 'string' && !last.includes('\n') ? { context: last } : {};
};
const asError = (rest: readonly unknown[]): Error | undefined => {
  const stack = rest.find((one): one is string => typeof one === 'string' && one.includes('\n'));
  return stack === undefined ? undefined : Object.assign(new Error('reported'), { stack });
};
