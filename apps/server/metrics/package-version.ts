import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../graphiql/bundle.js';

/** As package.json has it. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { readonly version: string }).version;
