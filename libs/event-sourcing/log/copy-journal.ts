import { createHash } from 'node:crypto';
import { batchBytesMax, bytesBesideData, commitEventsMax } from './draft-batch.js';
import { leafHash } from './leaf.js';
import { BatchTooLargeError, type Journal } from '../ports/journal.js';
import type { StoredEvent } from '../ports/event-log.js';
import type { Position } from '../vocabulary.js';

/**
 * What stands at the destination is not the beginning of what is to be copied, or somebody else writes there. Nothing
 * was overwritten.
 */
export class CopyRefusedError extends Error {
  override readonly name = 'CopyRefusedError';
  constructor(zh: string, en: string) {
    super(`${zh} / ${en}`);
  }
}

/**
 * Copies the events in front of `head` that the destination has not yet, byte for byte and in whole commands. Begun
 * again after any end, it goes
 * on where it was: the destination's own length says where.
 */
export const copyJournal = async (
  from: Journal,
  to: Journal,
  head: Position,
  onProgress: (done: Position) => void = () => {},
): Promise<void> => {
  let done = await to.head();
  await mustBeginAlike(from, to, done, head);
  let bytesMax = batchBytesMax;
  while (done < head) {
    const read = await from.read(done, commitEventsMax);
    for (
      let batch = firstBatch(read, bytesMax);
      batch.length > 0 && done < head;
      batch = firstBatch(read.slice(batch.at(-1)!.position + 1 - read[0]!.position), bytesMax)
    ) {
      try {
        const result = await to.append(batch, done);
        if (result.outcome === 'behind')
          throw new CopyRefusedError(
            '目标处另有程序在写入；请先停止它。',
            'Somebody else writes at the destination; stop that one first.',
          );
      } catch (error) {
        if (!(error instanceof BatchTooLargeError)) throw error;
        bytesMax = Math.floor(Math.min(bytesMax, error.bytesMax) * 0.8);
        break;
      }
      done += batch.length;
      onProgress(done);
    }
  }
};

const mustBeginAlike = async (from: Journal, to: Journal, done: Position, head: Position): Promise<void> => {
  if (done === 0) return;
  const [[ours], [theirs]] = done > head ? [[], []] : [await from.read(done - 1, 1), await to.read(done - 1, 1)];
  if (ours === undefined || theirs === undefined || ours.id !== theirs.id)
    throw new CopyRefusedError(
      `目标处已有 ${done} 个事件，且不是此日志的开头。`,
      `The destination holds ${done} events already, and they are not the beginning of this journal.`,
    );
};

/** Whole commands from the front, as many as one append takes; a command that is too large alone goes alone. */
const firstBatch = (events: readonly StoredEvent[], bytesMax: number): readonly StoredEvent[] => {
  let [end, bytes] = [0, 0];
  for (const [place, { step, of, data }] of events.entries()) {
    bytes += data.length + bytesBesideData;
    if (end > 0 && bytes > bytesMax) break;
    if (step === of) end = place + 1;
  }
  return events.slice(0, end);
};

/**
 * SHA-256 over the leaves in front of `head`, in their order: two journals that agree on it hold the same events, byte
 * for byte.
 */
export const journalDigest = async (
  journal: Pick<Journal, 'read'>,
  head: Position,
  onProgress: (done: Position) => void = () => {},
): Promise<string> => {
  const hash = createHash('sha256');
  for (let done = 0; done < head;) {
    const read = await journal.read(done, Math.min(commitEventsMax, head - done));
    if (read.length === 0)
      throw new CopyRefusedError(
        `日志在位置 ${done} 处中断。`,
        `The journal ends at position ${done}, before where it was asked to.`,
      );
    for (const event of read) hash.update(leafHash(event));
    done += read.length;
    onProgress(done);
  }
  return hash.digest('hex');
};
