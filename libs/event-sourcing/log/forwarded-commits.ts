import { HandingRefusedError, type Handed, type HandedAnswer } from '../ports/peers.js';
import type { Commit, Frame, StoredEvent } from '../ports/event-log.js';
import { storedEventOf } from './stored-event.js';
import type { Position } from '../vocabulary.js';

/**
 * What one server hands to another, as text: its commits, and as far as it has read. Bytes that are no text go as
 * base64.
 */
export const commitsText = (commits: readonly Commit[], head: Position): string =>
  JSON.stringify({ head, commits }, (_, value: unknown) =>
    value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value,
  );

/**
 * Throws `HandingRefusedError` for anything else than what `commitsText` makes; what a commit may hold, the log checks
 * itself.
 */
export const commitsIn = (text: string): { readonly commits: readonly Commit[]; readonly head: Position } => {
  const { commits, head } = parsed(text);
  if (!Array.isArray(commits) || !isPosition(head)) return refuse();
  return { head, commits: commits.map(commitIn) };
};

const commitIn = (commit: unknown): Commit => {
  const { commandId, now, writes, checks } = (commit ?? {}) as Partial<Commit>;
  if (typeof commandId !== 'string' || typeof now !== 'string' || !Array.isArray(writes) || !Array.isArray(checks))
    return refuse();
  return {
    commandId,
    now,
    checks,
    writes: writes.map((write: Commit['writes'][number]) => ({
      ...write,
      events: write.events.map((event) => ({ ...event, frame: frameOf(event.frame) })),
    })),
  };
};

const frameOf = (frame: Frame): Frame =>
  frame.map((part) => {
    if (typeof part === 'string' || !('bytes' in part)) return part as Frame[number];
    return Buffer.from((part as unknown as { readonly bytes: string }).bytes, 'base64');
  });

/** The answer, as text: of the events only their bytes, which hold the rest. */
export const handedText = ({ answers, events }: Handed): string =>
  JSON.stringify({
    answers,
    from: events[0]?.position ?? 0,
    events: events.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')),
  });

/** Throws for anything else than what `handedText` makes. */
export const handedIn = (text: string): Handed => {
  const { answers, from, events } = parsed(text);
  if (!Array.isArray(answers) || !Array.isArray(events) || !isPosition(from)) return refuse();
  return {
    answers: answers as readonly HandedAnswer[],
    events: events.map((data, at): StoredEvent => storedEventOf(from + at, Buffer.from(String(data), 'base64'))),
  };
};

const refuse = (): never => {
  throw new HandingRefusedError('This is not what our own servers hand to each other');
};
const isPosition = (value: unknown): value is Position => Number.isSafeInteger(value) && (value as number) >= 0;

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : refuse();
  } catch {
    return refuse();
  }
};
