import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { regimesPage } from './regimes-page.js';

const page = regimesPage();

describe('the page of all regimes', () => {
  it('is what the documents say now; if not: npm run regimes', () =>
    expect(readFileSync(join(import.meta.dirname, '../../docs/reference/regimes.md'), 'utf8')).toBe(page));

  it('has a row for each of the 616 rules, and accounts for each that has a document', () => {
    expect(page.match(/^\| R\d\d\.\d\d \|/gm)).toHaveLength(616);
    expect(page).not.toContain('| unaccounted |');
  });

  it('says why a rule is open, and which item enforces another', () => {
    expect(page).toMatch(/^\| R10\.08 \| .* \| open \| A case may be decided at any time/m);
    expect(page).toMatch(/^\| R04\.19 \| .* \| (enforced|named) \| `offences\.leak` \|$/m);
  });
});
