import type { LogFields } from './log.js';

const causesMax = 5;
const framesPerErrorMax = 8;
const codePattern = /^[A-Z][A-Z0-9_]{1,63}$/;
const namePattern = /^[A-Za-z_$][\w$]{0,63}$/;

/**
 * What may be known about an error: the names along its chain of causes, its code, and the stack's frames. Not its
 * message, and not the stack's
 * first lines, which repeat it: `UNIQUE constraint failed … phone=138…` is a leak in a log as much as in an answer.
 */
export const describeError = (error: unknown): LogFields => {
  const chain = causesOf(error);
  const code = chain.map(codeOf).find((found) => found !== undefined);
  return {
    errorName: chain.map(nameOf).join(' < ') || typeof error,
    ...(code === undefined ? {} : { code }),
    frames: chain.flatMap((one) => framesOf(one.stack, one.message).slice(0, framesPerErrorMax)),
  };
};

const causesOf = (error: unknown): readonly Error[] => {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < causesMax; at = originOf(at)) chain.push(at);
  return chain;
};

/** GraphQL calls the cause `originalError`. */
const originOf = (error: Error): unknown =>
  'originalError' in error && error.originalError !== undefined ? error.originalError : error.cause;

const nameOf = (error: Error): string => (namePattern.test(error.name) ? error.name : 'Error');

const codeOf = (error: Error): string | undefined => {
  const own: unknown = 'code' in error ? error.code : undefined;
  return typeof own === 'string' && codePattern.test(own) ? own : undefined;
};

/**
 * `at function (file:line:column)`, and nothing that only looks like it: places are absolute paths, addresses of
 * modules, or V8's own words.
 */
const frame =
  /^\s+at (?:async |new )*(?:[\w$.<>[\]# ]{1,120}(?: \[as [\w$.]+\])? \((?:(?:file:\/\/)?\/[\w@./+-]{1,240}:\d+:\d+|node:[\w./]{1,120}:\d+:\d+|<anonymous>|index \d+)\)|(?:file:\/\/)?\/[\w@./+-]{1,240}:\d+:\d+|node:[\w./]{1,120}:\d+:\d+)$/;

/**
 * Frames stand after the message and after the last line that is none, so lines of a message that begin with "at" do
 * not count.
 */
export const framesOf = (stack: string | undefined, message = ''): readonly string[] => {
  const spoken = message === '' ? -1 : (stack ?? '').indexOf(message);
  const lines = (stack ?? '').slice(spoken === -1 ? 0 : spoken + message.length).split('\n');
  let first = lines.length;
  while (first > 0 && frame.test(lines[first - 1]!)) first -= 1;
  return lines.slice(first).map((line) => line.trim());
};
