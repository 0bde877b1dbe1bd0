import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, isRehearsal, linesWith, root, sources, textOf } from './sources.js';

/** Files about 300 lines: a little over is a reason to look, much over a reason to split. */
const linesMax = 480;
const columnsMax = 120;
const banned = new Set([
  'service',
  'services',
  'manager',
  'helper',
  'helpers',
  'util',
  'utils',
  'common',
  'shared',
  'data',
  'info',
  'process',
  'misc',
]);

describe('names and sizes', () => {
  it(`no source file has more than ${linesMax} lines; cure: split it by what its parts are about`, () => {
    expect(
      sources({ specs: true })
        .map((path) => `${path}: ${textOf(path).split('\n').length}`)
        .filter((line) => Number(line.split(': ')[1]) > linesMax),
    ).toEqual([]);
  });
  it(`no line has more than ${columnsMax} columns beside a text; cure: npm run format, or a name for the long expression`, () => {
    // What stands between quotes is a text: a sentence, SQL, a pattern. It may be as long as it has to be.
    const bare = (source: string): string =>
      source
        .replace(/`(?:[^`\\]|\\[\s\S])*`/g, (text) => text.replace(/[^\n]+/g, '_'))
        .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/\S[^\n]*\S\/[a-z]*/g, '_');
    const tooLong = (path: string): readonly string[] =>
      bare(textOf(path))
        .split('\n')
        .flatMap((line, at) => ([...line].length > columnsMax ? [`${path}:${at + 1}`] : []));
    expect(sources({ specs: true }).flatMap(tooLong)).toEqual([]);
  });
  it('no file or folder is named after nothing; cure: say what it is about', () => {
    const words = (path: string): readonly string[] => path.replace(/\.[a-z.]+$/, '').split(/[/.-]/);
    expect(sources({ specs: true }).filter((path) => words(path).some((word) => banned.has(word)))).toEqual([]);
  });
  it('there is no src and no barrel; cure: import the file that declares it', () => {
    expect(sources().filter((path) => path.includes('/src/') || path.endsWith('/index.ts'))).toEqual([]);
  });
  it('no regime is named in code; cure: what is particular to a regime stands in its document', () => {
    const regimes = readdirSync(join(root, 'libs/policy/documents'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(regimes.length).toBeGreaterThan(2);
    const libraries = sources().filter((path) => path.startsWith('libs/') && !isRehearsal(path));
    expect(linesWith(libraries, new RegExp(`\\bR\\d\\d\\.\\d\\d\\b|${regimes.join('|')}`))).toEqual([]);
    expect(codeOf('libs/policy/policy.spec.ts')).toMatch(new RegExp(regimes.join('|')));
  });
});
