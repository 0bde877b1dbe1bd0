import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { SheetRefusedError } from '../sheet-file/refusals.js';

/** A workbook of a whole year has some twenty parts. */
const entriesMax = 1_000;
/** Inflated bytes that a worker of ours can hold while it parses. */
const inflatedMax = 96 * 1024 * 1024;
/** Sheet XML packs about 20 to 1; a bomb packs 1,000 to 1. Small parts may pack as they like. */
const ratioMax = 200;
const ratioFrom = 1024 * 1024;

export interface Directory {
  readonly names: ReadonlySet<string>;
  readonly inflated: number;
}

/** Reads only the archive's directory, before anything is inflated: number, sizes, names and kinds of its parts. */
export const checkDirectory = async (bytes: Uint8Array): Promise<Directory> => {
  const zip = await openZip(bytes);
  try {
    if (zip.entryCount > entriesMax) throw new SheetRefusedError('WorkbookTooLarge');
    const names = new Set<string>();
    let inflated = 0;
    for await (const entry of entriesOf(zip)) {
      checkEntry(entry, names);
      names.add(entry.fileName);
      inflated += entry.uncompressedSize;
      if (inflated > inflatedMax) throw new SheetRefusedError('WorkbookTooLarge');
    }
    return { names, inflated };
  } finally {
    zip.close();
  }
};

const symbolicLink = 0o120000;
const checkEntry = (entry: Entry, names: ReadonlySet<string>): void => {
  if ((entry.generalPurposeBitFlag & 1) === 1) throw new SheetRefusedError('WorkbookProtected');
  // Two parts of one name: whoever checks may read one and whoever parses the other.
  const linked = ((entry.externalFileAttributes >>> 16) & 0o170000) === symbolicLink;
  if (linked || names.has(entry.fileName) || /\.(?:zip|xlsx|xlsm|jar|7z|rar|gz)$/i.test(entry.fileName))
    throw new SheetRefusedError('WorkbookUnsafe');
  if (entry.uncompressedSize > ratioFrom && entry.uncompressedSize > entry.compressedSize * ratioMax)
    throw new SheetRefusedError('WorkbookTooLarge');
};

const openZip = async (bytes: Uint8Array): Promise<ZipFile> => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true }, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(new SheetRefusedError('WorkbookDamaged'));
    });
  });
};

/** One entry at a time: a directory of a million entries is never held. */
async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await nextEntry(zip);
    if (entry === undefined) return;
    yield entry;
  }
}

const nextEntry = (zip: ZipFile): Promise<Entry | undefined> =>
  new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      zip.removeAllListeners();
      done();
    };
    zip.once('entry', (entry: Entry) => {
      settle(() => resolve(entry));
    });
    zip.once('end', () => {
      settle(() => resolve(undefined));
    });
    // The reader itself refuses absolute names, `..` and backslashes.
    zip.once('error', (error: Error) => {
      settle(() =>
        reject(
          new SheetRefusedError(
            /path|characters in fileName/i.test(error.message) ? 'WorkbookUnsafe' : 'WorkbookDamaged',
          ),
        ),
      );
    });
    zip.readEntry();
  });
