import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(root, 'docs/reference/storage.md'), 'utf8');
const source = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The names of the tests in a file. A name that ends in a case's own part is promised without it. */
const sentences = (...paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) =>
    [...source(path).matchAll(/^ +(?:it(?:\.each\(.*\))?|\]\))\('((?:[^'\\]|\\.)+)', async/gm)].map(([, name]) =>
      name!.replaceAll("\\'", "'").replace(/: %s$/, ''),
    ),
  );

const rows = (heading: string): readonly (readonly string[])[] => {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
};
const chinese = /[\u4e00-\u9fff]/;

describe('docs/reference/storage.md', () => {
  it.each([
    [
      'The event log',
      sentences(
        ...['appending', 'repeating', 'reading', 'subscribing'].map(
          (part) => `libs/event-sourcing/testing/event-log-${part}.ts`,
        ),
      ),
      0,
    ],
    ['The journal', sentences('libs/event-sourcing/testing/journal-contract.ts'), 0],
    [
      'Faults',
      sentences(
        ...['kill', 'syscalls', 'power-cut', 'disk-full', 'two-processes', 'stores'].map(
          (suite) => `test/fault/${suite}.spec.ts`,
        ),
      ).filter((sentence) => !sentence.startsWith('calibration:')),
      1,
    ],
  ])('promises exactly what the tests hold, in both languages: %s', (heading, promised, column) => {
    expect(promised.length).toBeGreaterThan(5);
    expect(rows(heading).map((row) => row[column])).toEqual(promised);
    expect(rows(heading).filter((row) => !chinese.test(row.at(-1)!))).toEqual([]);
  });
});
