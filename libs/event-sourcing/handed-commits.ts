import { HandingRefusedError } from './ports/peers.js';
import type { Commit, Frame } from './ports/event-log.js';

/** Commits as text, from one server to another. Bytes that are no text go as base64. */
export const commitsText = (commits: readonly Commit[]): string =>
  JSON.stringify(commits, (_, value: unknown) => (value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value));

/** Throws `HandingRefusedError` for anything else than what `commitsText` makes; what a commit may hold, the log checks itself. */
export const commitsIn = (text: string): readonly Commit[] => {
  const refuse = (): never => { throw new HandingRefusedError('These are no commits'); };
  const parsed = ((): unknown => { try { return JSON.parse(text); } catch { return refuse(); } })();
  if (!Array.isArray(parsed)) return refuse();
  return parsed.map((commit) => {
    const { commandId, now, writes, checks } = commit as Partial<Commit>;
    if (typeof commandId !== 'string' || typeof now !== 'string' || !Array.isArray(writes) || !Array.isArray(checks)) return refuse();
    return {
      commandId, now, checks,
      writes: writes.map((write: Commit['writes'][number]) => ({ ...write, events: write.events.map((event) => ({ ...event, frame: frameOf(event.frame) })) })),
    };
  });
};

const frameOf = (frame: Frame): Frame => frame.map((part) => {
  if (typeof part === 'string' || !('bytes' in part)) return part as Frame[number];
  return Buffer.from((part as unknown as { readonly bytes: string }).bytes, 'base64');
});
