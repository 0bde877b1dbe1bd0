import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sources.js';

const pages = ['README.md', 'docs/contributing.md', 'docs/architecture.md', 'docs/how-to/run-a-cluster.md'];
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');
const spans = (text: string): readonly string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);

describe('what the pages for developers name', () => {
  it('every path exists; cure: name what is there', () => {
    const paths = spans(textOf('docs/contributing.md')).filter((span) =>
      /^(libs|apps|test|docs)\/[\w./-]+$/.test(span),
    );
    expect(paths.length).toBeGreaterThan(8);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
  it('every npm script exists; cure: take it out, or write it', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    const named = pages.flatMap((page) => [...textOf(page).matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!));
    expect(named.length).toBeGreaterThan(8);
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });
});
