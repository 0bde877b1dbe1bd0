import { readFileSync, statSync } from 'node:fs';
import { bytesMax } from '#policy/reading.js';
import { UsageError } from './usage-error.js';

/**
 * The exact text of a policy file: its digest is the digest of these bytes. A file that is larger than any policy is
 * not read at all.
 */
export const readPolicyFile = (path: string): string => {
  try {
    const found = statSync(path);
    // A device or a pipe may never end.
    if (!found.isFile()) throw new UsageError(`${path}: 不是文件。 / This is no file.`);
    if (found.size > bytesMax)
      throw new UsageError(`${path}: 制度文件最大 ${bytesMax} 字节。 / A policy has at most ${bytesMax} bytes.`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? `${path}: 不是 UTF-8 文本。 / This is not UTF-8 text.`
        : `${path}: 无法读取。 / It cannot be read.`,
      { cause: error },
    );
  }
};
