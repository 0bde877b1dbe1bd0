/** What a process did to the files of one folder, in order, and when it told somebody so. */
export type DiskOperation =
  | { readonly does: 'create' | 'unlink' | 'sync'; readonly file: string }
  | { readonly does: 'write'; readonly file: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly does: 'truncate'; readonly file: string; readonly size: number }
  | { readonly does: 'syncFolder' }
  | { readonly does: 'answer'; readonly line: string };

export const tracedCalls = 'openat,pwrite64,write,ftruncate,unlink,rename,fsync,fdatasync';

/**
 * Reads what `strace -f -y -xx -s 1000000` wrote. Shared memory and locks do not outlive a power cut and are left out.
 */
export const readTrace = (text: string, folder: string): readonly DiskOperation[] => {
  const operations: DiskOperation[] = [];
  const existing = new Set<string>();
  const fileIn = (path: string): string | undefined =>
    path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
  for (const { call, args, result } of calls(text)) {
    if (result.startsWith('-1')) continue;
    const quoted = /"((?:\\x[0-9a-f]{2})*)"/.exec(args)?.[1] ?? '';
    const path = unhex(
      call === 'unlink' || call === 'openat' ? quoted : (/^\d+<((?:\\x[0-9a-f]{2})*)>/.exec(args)?.[1] ?? ''),
    ).toString('utf8');
    if (call === 'write' && args.startsWith('1<')) {
      operations.push(
        ...unhex(quoted)
          .toString('utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => ({ does: 'answer' as const, line })),
      );
      continue;
    }
    if (call === 'rename') throw new Error('A log renames no files: this model has no rename');
    if (path === folder && call === 'fsync') operations.push({ does: 'syncFolder' });
    const file = fileIn(path);
    if (file === undefined || /^lock\.|-shm$/.test(file)) continue;
    const operation = operationOf(call, file, args, quoted, existing);
    if (operation !== undefined) operations.push(operation);
  }
  return operations;
};

const operationOf = (
  call: string,
  file: string,
  args: string,
  quoted: string,
  existing: Set<string>,
): DiskOperation | undefined => {
  switch (call) {
    case 'openat':
      if (!args.includes('O_CREAT') || existing.has(file)) return undefined;
      existing.add(file);
      return { does: 'create', file };
    case 'unlink':
      existing.delete(file);
      return { does: 'unlink', file };
    case 'fsync':
    case 'fdatasync':
      return { does: 'sync', file };
    case 'ftruncate':
      return { does: 'truncate', file, size: Number(/, (\d+)$/.exec(args)![1]) };
    case 'pwrite64':
      return { does: 'write', file, bytes: unhex(quoted), offset: Number(/, (\d+)$/.exec(args)![1]) };
    default:
      throw new Error(`${call} on ${file} is not part of this model`);
  }
};

const unhex = (escaped: string): Buffer => Buffer.from(escaped.replaceAll('\\x', ''), 'hex');

/** One entry per finished call, those that were interrupted by another thread's put together again. */
function* calls(text: string): Generator<{ readonly call: string; readonly args: string; readonly result: string }> {
  const unfinished = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, thread, rest] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (thread === undefined || rest === undefined) continue;
    if (rest.endsWith('<unfinished ...>')) {
      unfinished.set(thread, rest.slice(0, -'<unfinished ...>'.length).trimEnd());
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    const whole = resumed === null ? rest : `${unfinished.get(thread) ?? ''}${resumed[1]!}`;
    const parsed = /^(\w+)\((.*)\)\s+= (.*)$/.exec(whole);
    if (parsed !== null) yield { call: parsed[1]!, args: parsed[2]!, result: parsed[3]! };
  }
}
