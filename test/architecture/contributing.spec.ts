import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, sources } from './sources.js';

const pages = ['README.md', 'docs/contributing.md', 'docs/architecture.md', 'docs/how-to/run-a-cluster.md'];
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');
const spans = (text: string): readonly string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);

const folders = ['docs', 'docs/reference', 'libs/features/dossier', 'libs/adapters', 'test/security', 'test/replay'];
/** A spec that tells of it, and a mutation that answers with it, need not be written for the next one. */
const usesIt = (path: string): boolean =>
  /(?:own-cause|contributing|recorded-acts)\.spec\.ts$|\/(?:record|rescind)-[a-z-]+\.resolver\.ts$/.test(path);
/** Sources, and the pages and tables beside them. */
const tracked = (): readonly string[] => [
  ...sources({ specs: true }),
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => /\.(?:md|yaml|graphql|jsonl)$/.test(name) && name !== 'contributing.md')
      .map((name) => `${folder}/${name}`),
  ),
];

describe('what the pages for developers name', () => {
  it('every path exists; cure: name what is there', () => {
    const paths = spans(textOf('docs/contributing.md')).filter((span) =>
      /^(libs|apps|test|docs)\/[\w./-]+$/.test(span),
    );
    expect(paths.length).toBeGreaterThan(8);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
  it.each([
    ['a write slice', /\b(?:record-follow-up|[Rr]ecordFollowUp|FollowUpRecorded)\b/, 'record-follow-up/'],
    ['a read model', /\battribution\/attribution\b/, 'deal/attribution/'],
    ['a storage', /\bpositions-sqlite\b/, 'adapters/positions-sqlite/'],
  ])(
    '%s touches no place beside its own folder that the checklist leaves out; cure: name it there',
    (_what, named, own) => {
      const listed = spans(textOf('docs/contributing.md'));
      const touched = tracked().filter((path) => !path.includes(own) && !usesIt(path) && named.test(textOf(path)));
      expect(touched.length).toBeGreaterThan(2);
      expect(touched.filter((path) => !listed.some((place) => path === place || path.startsWith(`${place}/`)))).toEqual(
        [],
      );
    },
  );
  it('every npm script exists; cure: take it out, or write it', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    const named = pages.flatMap((page) => [...textOf(page).matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!));
    expect(named.length).toBeGreaterThan(8);
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });
});
