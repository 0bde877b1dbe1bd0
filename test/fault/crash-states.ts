import type { DiskOperation } from './disk-trace.js';

const sectorBytes = 512;

interface Inode {
  durable: Buffer;
  pending: Extract<DiskOperation, { readonly does: 'write' | 'truncate' }>[];
}
type Naming = { readonly does: 'create' | 'unlink'; readonly file: string; readonly inode: Inode };

/**
 * What a disk may hold after the power fails behind the first `cut` operations. A write lasts when its file was synced
 * after it, else it is
 * kept, dropped or torn between sectors, by itself; a name lasts when its folder was synced after it, else a coin is
 * tossed.
 */
export const crashState = (
  operations: readonly DiskOperation[],
  cut: number,
  random: () => number,
): ReadonlyMap<string, Buffer> => {
  const disk = new Disk();
  for (const operation of operations.slice(0, cut)) disk.take(operation);
  return disk.afterPowerCut(random);
};

class Disk {
  readonly #names = new Map<string, Inode>();
  readonly #durableNames = new Map<string, Inode>();
  #namings: Naming[] = [];

  take(operation: DiskOperation): void {
    switch (operation.does) {
      case 'answer':
        return;
      case 'syncFolder':
        this.#apply(this.#durableNames, this.#namings);
        this.#namings = [];
        return;
      case 'create':
      case 'unlink': {
        const naming = {
          does: operation.does,
          file: operation.file,
          inode: this.#names.get(operation.file) ?? { durable: Buffer.from(new ArrayBuffer(0)), pending: [] },
        };
        this.#namings.push(naming);
        this.#apply(this.#names, [naming]);
        return;
      }
      case 'sync': {
        const inode = this.#names.get(operation.file);
        if (inode === undefined) return;
        for (const change of inode.pending) inode.durable = changed(inode.durable, change);
        inode.pending = [];
        return;
      }
      case 'write':
      case 'truncate':
        this.#names.get(operation.file)?.pending.push(operation);
    }
  }

  #apply(names: Map<string, Inode>, namings: readonly Naming[]): void {
    for (const { does, file, inode } of namings)
      if (does === 'create') names.set(file, inode);
      else names.delete(file);
  }

  afterPowerCut(random: () => number): ReadonlyMap<string, Buffer> {
    const names = new Map(this.#durableNames);
    this.#apply(
      names,
      this.#namings.filter(() => random() < 0.5),
    );
    // Some disks lose all that was not synced, some nothing, most of them some.
    const kept = [0, 1, 0.9, random(), random()][Math.floor(random() * 5)]!;
    return new Map([...names].map(([file, inode]) => [file, this.#surviving(inode, kept, random)]));
  }

  #surviving({ durable, pending }: Inode, kept: number, random: () => number): Buffer {
    let content = Buffer.from(durable.buffer.slice(durable.byteOffset, durable.byteOffset + durable.length));
    for (const change of pending) {
      if (random() < kept) content = changed(content, change);
      else if (change.does === 'write' && random() < 0.5) content = torn(content, change, random);
    }
    return content;
  }
}

const changed = (content: Buffer, change: Extract<DiskOperation, { readonly does: 'write' | 'truncate' }>): Buffer => {
  const size = change.does === 'truncate' ? change.size : Math.max(content.length, change.offset + change.bytes.length);
  const next = resized(content, size);
  if (change.does === 'write') change.bytes.copy(next, change.offset);
  return next;
};

/**
 * The same bytes in another length. Room behind them is kept, so that a file that grows frame by frame is not copied
 * each time.
 */
const resized = (content: Buffer, size: number): Buffer => {
  if (size <= content.length) return content.subarray(0, size);
  const room = content.buffer.byteLength - content.byteOffset;
  if (size > room) {
    const next = Buffer.from(new ArrayBuffer(size * 2)).subarray(0, size);
    content.copy(next);
    return next;
  }
  return Buffer.from(content.buffer, content.byteOffset, size).fill(0, content.length);
};

/** Each sector of a write by itself is there or not. */
const torn = (
  content: Buffer,
  { file, offset, bytes }: Extract<DiskOperation, { readonly does: 'write' }>,
  random: () => number,
): Buffer => {
  let next = content;
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, (Math.floor((offset + from) / sectorBytes) + 1) * sectorBytes - offset);
    if (random() < 0.5)
      next = changed(next, { does: 'write', file, offset: offset + from, bytes: bytes.subarray(from, to) });
    from = to;
  }
  return next;
};
