/**
 * `npm run bench`: every measurement, one after the other, each beside its baseline in the same run.
 * `npm run bench -- quick` takes small samples; `npm run bench -- registrations` runs one.
 */
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

interface Bench {
  readonly name: string;
  readonly full: readonly string[];
  readonly quick: readonly string[];
}
const benches: readonly Bench[] = [
  { name: 'registrations', full: ['8000'], quick: ['1000'] },
  { name: 'rebuild', full: ['300000'], quick: ['30000'] },
  { name: 'graphql', full: ['5'], quick: ['1'] },
  { name: 'import', full: ['1512'], quick: ['300'] },
  { name: 'overload', full: ['10', '3'], quick: ['3', '3'] },
  { name: 'start', full: ['1000000'], quick: ['30000'] },
  // On servers that EVENTSTOREDB_URL and MONGODB_URL name, so only when they do.
  ...(process.env['EVENTSTOREDB_URL'] === undefined ? [] : [{ name: 'cluster', full: ['3000'], quick: ['400'] }]),
];

const wanted = process.argv.slice(2).filter((argument) => argument !== 'quick');
const quick = process.argv.includes('quick');
const [cpu] = cpus();
process.stdout.write(
  `machine: ${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform}\n`,
);

for (const bench of benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const given = quick ? bench.quick : bench.full;
  process.stdout.write(`\n${bench.name} (node dist/test/bench/${bench.name}.js ${given.join(' ')})\n`);
  const { stdout, status } = spawnSync(process.execPath, [join('dist/test/bench', `${bench.name}.js`), ...given], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) {
    process.stdout.write(`  failed with exit code ${String(status)}\n`);
    process.exitCode = 1;
    continue;
  }
  for (const line of stdout.trim().split('\n')) process.stdout.write(`${table(line)}\n`);
}

/** A line of JSON as indented rows; any other line as it is. */
function table(line: string): string {
  if (!line.startsWith('{')) return `  ${line}`;
  const rows = (value: unknown, depth: string): string[] =>
    Object.entries(value as object).flatMap(([name, each]): string[] => {
      if (Array.isArray(each) && each.every((item) => typeof item === 'object'))
        return each.flatMap((item) => [`${depth}${name}:`, ...rows(item, `${depth}  `)]);
      return typeof each === 'object' && each !== null && !Array.isArray(each)
        ? [`${depth}${name}:`, ...rows(each, `${depth}  `)]
        : [`${depth}${name.padEnd(28)} ${String(each)}`];
    });
  return rows(JSON.parse(line), '  ').join('\n');
}
