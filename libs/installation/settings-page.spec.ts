import { readFileSync } from 'node:fs';
import { settings } from './configuration.js';

it('docs/reference/settings.md names every setting', () => {
  const page = readFileSync('docs/reference/settings.md', 'utf8');
  for (const name of Object.keys(settings))
    expect({ name, named: page.includes(`\`${name}\``) }).toEqual({ name, named: true });
});
