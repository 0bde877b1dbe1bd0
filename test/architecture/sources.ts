import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** Every source file of ours, by its path from the root; without specs unless they are asked for. */
export const sources = ({ specs = false } = {}): readonly string[] =>
  ['apps', 'libs', 'test']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name) && (specs || !entry.name.endsWith('.spec.ts')))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !path.includes('node_modules/'))
    .toSorted();

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
/** What is left without comments, line by line: line numbers stay. */
export const codeOf = (path: string): string => withoutComments(textOf(path));
export const withoutComments = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''))
    .replace(/(^|[\s;{}()])\/\/[^\n]*/g, '$1');

/** Code that stands in for the world around the product. */
export const isRehearsal = (path: string): boolean =>
  path.startsWith('test/') || path.includes('/testing/') || path.endsWith('.spec.ts');

/** `path:line  text` of every line of code that matches. */
export const linesWith = (paths: readonly string[], pattern: RegExp): readonly string[] =>
  paths.flatMap((path) =>
    codeOf(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}  ${line.trim().slice(0, 120)}`] : [])),
  );
