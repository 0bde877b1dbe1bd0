import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './sources.js';

/** Each rule, and an import that breaks it. A rule that no planted import breaks protects nothing. */
const planted: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['event-sourcing-imports-nothing', 'libs/event-sourcing/engine.ts', 'libs/time/clock.ts'],
  [
    'event-sourcing-imports-nothing',
    'libs/event-sourcing/testing/contract.ts',
    'libs/adapters/event-log-memory/log.ts',
  ],
  ['pure-time', 'libs/time/clock.ts', 'libs/policy/policy.ts'],
  ['pure-money', 'libs/money/fen.ts', 'libs/time/clock.ts'],
  ['pure-identity', 'libs/identity/keys.ts', 'libs/policy/policy.ts'],
  ['policy-direction', 'libs/policy/policy.ts', 'libs/features/dossier/dossier.ts'],
  ['features-direction', 'libs/features/dossier/dossier.ts', 'libs/adapters/event-log-memory/log.ts'],
  [
    'features-meet-in-events',
    'libs/features/dossier/registration/register.ts',
    'libs/features/standing/find-offence/find-offence.ts',
  ],
  [
    'features-meet-in-events',
    'libs/features/notice/when-ruled-issue-notices/when-ruled-issue-notices.ts',
    'libs/features/dossier/settle.ts',
  ],
  ['features-know-no-edge', 'libs/features/dossier/register.ts', 'libs/features/edge/answers.ts'],
  ['edge-direction', 'libs/features/dossier/register.resolver.ts', 'libs/installation/installation.ts'],
  ['edge-direction', 'libs/features/edge/answers.ts', 'libs/adapters/event-log-memory/log.ts'],
  ['graphql-is-a-toolkit', 'libs/graphql/errors.ts', 'libs/features/dossier/events.ts'],
  ['installation-composes', 'libs/installation/installation.ts', 'libs/graphql/errors.ts'],
  ['installation-is-no-edge', 'libs/installation/installation.ts', 'libs/features/edge/graphql.module.ts'],
  ['adapters-know-ports', 'libs/adapters/event-log-memory/log.ts', 'libs/features/dossier/dossier.ts'],
  ['nest-and-graphql-only-at-the-edge', 'libs/features/dossier/dossier.ts', 'node_modules/@nestjs/common/index.js'],
  ['nest-and-graphql-only-at-the-edge', 'libs/policy/policy.ts', 'node_modules/graphql/index.js'],
  ['metrics-and-traces-at-the-edge', 'libs/event-sourcing/engine.ts', 'node_modules/@opentelemetry/api/index.js'],
  ['metrics-and-traces-at-the-edge', 'libs/features/dossier/register.resolver.ts', 'node_modules/prom-client/index.js'],
];
const allowed: readonly (readonly [from: string, to: string])[] = [
  ['libs/features/edge/command-bus.ts', 'node_modules/@nestjs/common/index.js'],
  ['libs/features/dossier/dossier.ts', 'libs/features/standing/events.ts'],
  ['libs/features/dossier/dossier.ts', 'libs/features/standing/facts.ts'],
  ['libs/features/dossier/testing/rehearsal.ts', 'libs/adapters/event-log-memory/log.ts'],
  ['libs/installation/tracing/span.ts', 'node_modules/@opentelemetry/api/index.js'],
  ['libs/installation/installation.ts', 'libs/adapters/event-log-memory/log.ts'],
];

/** A tree of its own with the two files, judged by the rules of this one. */
const brokenBy = (imports: readonly (readonly [from: string, to: string])[]): readonly string[] => {
  const tree = mkdtempSync(join(tmpdir(), 'directions-'));
  try {
    for (const folder of ['apps', 'libs', 'test']) mkdirSync(join(tree, folder));
    cpSync(join(root, '.dependency-cruiser.cjs'), join(tree, '.dependency-cruiser.cjs'));
    writeFileSync(join(tree, 'tsconfig.json'), '{}');
    writeFileSync(join(tree, 'package.json'), '{"type":"module"}');
    const write = (path: string, text: string, flag: 'w' | 'a'): void => {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text, { flag });
    };
    for (const [, to] of imports) write(to, 'export const planted = 1;\n', 'w');
    for (const [from, to] of imports)
      write(
        from,
        to.startsWith('node_modules/')
          ? `import '${to.slice('node_modules/'.length)}';\n`
          : `import '${'../'.repeat(from.split('/').length - 1)}${to.replace(/\.ts$/, '.js')}';\n`,
        'a',
      );
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
        'libs',
        '--config',
        '.dependency-cruiser.cjs',
        '--output-type',
        'json',
      ],
      { cwd: tree, encoding: 'utf8' },
    );
    if (stdout === '') throw new Error(stderr);
    const { summary } = JSON.parse(stdout) as {
      readonly summary: {
        readonly violations: readonly {
          readonly from: string;
          readonly to: string;
          readonly rule: { readonly name: string };
        }[];
      };
    };
    return summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`);
  } finally {
    rmSync(tree, { recursive: true });
  }
};

describe('directions between folders', () => {
  const found = brokenBy(planted.map(([, from, to]) => [from, to]));
  it.each(planted)('%s: finds %s → %s', (rule, from, to) => {
    expect(found).toContain(`${rule}: ${from} → ${to}`);
  });
  it('no-cycles: finds two files that import each other', () => {
    expect(
      brokenBy([
        ['libs/time/a.ts', 'libs/time/b.ts'],
        ['libs/time/b.ts', 'libs/time/a.ts'],
      ]).some((line) => line.startsWith('no-cycles: ')),
    ).toBe(true);
  });
  it('lets through what is allowed', () => {
    expect(brokenBy(allowed)).toEqual([]);
  });
});
