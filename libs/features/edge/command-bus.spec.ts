import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Commands } from './commands.js';
import { commandBusOf, commandTo } from './command-bus.js';
import { slices } from './slices.js';

/** How a slice is declared: by what it is about, or with a handling of its own. */
const declared =
  /^export const (\w+)(?: = (?:onRegistration|onDossier|onSubject|administration)[<(]| = onUser\(|: Slice<)/gm;
const declaredIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('testing'))
    .flatMap((entry) => [...readFileSync(join(entry.parentPath, entry.name), 'utf8').matchAll(declared)])
    .map(([, name]) => name!);

describe('one road for every command', () => {
  it('takes every slice of the features; cure: add the line to the slices.ts of its feature', () => {
    const lists = readdirSync('libs/features', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('/slices.ts') && !path.startsWith('edge/'))
      .flatMap((path) =>
        /slices = \[([^\]]*)\]/.exec(readFileSync(join('libs/features', path), 'utf8'))![1]!.match(/\w+/g)!,
      );
    expect(lists.toSorted()).toEqual(declaredIn('libs/features').toSorted());
    expect(slices).toHaveLength(lists.length);
  });

  it('hands each slice the command that was sent to it, and no other', async () => {
    const sent: unknown[] = [];
    const bus = commandBusOf({
      send: async (slice: unknown, input: unknown) => {
        sent.push([slice, input]);
      },
    } as unknown as Commands);
    for (const [index, slice] of slices.entries()) await bus.execute(commandTo(slice, index as never));
    expect(sent).toEqual(slices.map((slice, index) => [slice, index]));
  });
});
