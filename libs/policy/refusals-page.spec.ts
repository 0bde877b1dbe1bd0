import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusalMessages } from './messages.js';
import { refusalsPage } from './refusals-page.js';

const page = readFileSync(
  join(import.meta.dirname.replace(/([/\\])dist[/\\](?=libs)/, '$1'), '../../docs/reference/refusals.md'),
  'utf8',
);

describe('docs/reference/refusals.md', () => {
  it('is made from the code; cure: npm run build && node dist/apps/cli/main.js policy refusals > docs/reference/refusals.md', () =>
    expect(page).toBe(refusalsPage()));
  it('has a row for every code, and leaves no bracket of a template over', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (.*) \| (.*) \|$/gm)];
    expect(rows.map(([, code]) => code).toSorted()).toEqual(Object.keys(refusalMessages).toSorted());
    expect(rows.length).toBeGreaterThan(70);
    expect(page).not.toMatch(/[{}]/);
  });
});
