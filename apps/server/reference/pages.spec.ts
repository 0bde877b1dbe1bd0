import { readFileSync } from 'node:fs';
import { errorTexts } from '#graphql/error-codes.js';
import { edgeLimits } from '#graphql/limits.js';
import { errorsPage } from './errors-page.js';
import { limitsPage } from './limits-page.js';

const read = (name: string): string => readFileSync(`docs/reference/${name}.md`, 'utf8');

describe('reference pages', () => {
  it('limits.md is made from the code; cure: npm run build && node dist/apps/server/print-reference.js limits > docs/reference/limits.md', () => {
    expect(read('limits')).toBe(limitsPage());
    for (const name of Object.keys(edgeLimits)) expect(read('limits')).toContain(`| \`${name}\` |`);
  });
  it('errors.md is made from the code; cure: npm run build && node dist/apps/server/print-reference.js errors > docs/reference/errors.md', () => {
    expect(read('errors')).toBe(errorsPage());
    for (const code of Object.keys(errorTexts)) expect(read('errors')).toContain(`| \`${code}\` |`);
  });
});
