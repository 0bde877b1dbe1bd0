import { errorsPage } from './reference/errors-page.js';
import { limitsPage } from './reference/limits-page.js';

const pages = new Map([
  ['errors', errorsPage],
  ['limits', limitsPage],
]);

const page = pages.get(process.argv[2] ?? '');
if (page === undefined) {
  process.stderr.write(`可选 / choose: ${[...pages.keys()].join(', ')}\n`);
  process.exitCode = 2;
} else process.stdout.write(page());
