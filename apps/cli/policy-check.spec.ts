import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { inventedText, shippedText } from '#policy/testing/shipped.js';
import { policyCommand } from './policy.js';
import { UsageError } from './usage-error.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  process.exitCode = undefined;
});

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
/** Runs `baobei policy …` in this process: what it printed, and the exit code it asked for. */
const run = async (...words: string[]): Promise<{ readonly out: string; readonly exit: number }> => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await policyCommand().parseAsync(words, { from: 'user' });
    return { out: write.mock.calls.map(([text]) => String(text)).join(''), exit: Number(process.exitCode ?? 0) };
  } finally {
    write.mockRestore();
    process.exitCode = undefined;
  }
};

describe('baobei policy check', () => {
  it('a document that can be published exits 0 and says its reference', async () => {
    const { out, exit } = await run('check', file('a.policy.yaml', shippedText('zhaodu-intent-customer')));
    expect(exit).toBe(0);
    expect(out).toMatch(/^zhaodu-intent-customer@2026-01#[0-9a-f]{12}: 0 个错误，0 个提示 · 0 errors, 0 warnings\n$/);
  });
  it('a mistake is shown with file, line, column and both languages, and exits 1', async () => {
    const path = file(
      'a.policy.yaml',
      shippedText('zhaodu-intent-customer').replace('ranks: recordedAt', 'ranks: firstCome'),
    );
    const { out, exit } = await run('check', path);
    expect(exit).toBe(1);
    expect(out).toContain(`${path}:47:10  错误 error  ShapeWrong  intake.ranks\n    无效选项：期望以下之一 `);
  });
  it('a warning exits 0, and 1 when one asks for strictness', async () => {
    const path = file('a.policy.yaml', inventedText());
    expect((await run('check', path)).exit).toBe(0);
    expect((await run('check', '--strict', path)).exit).toBe(1);
    expect((await run('check', path)).out).toMatch(
      /:\d+:\d+ {2}提示 warning {2}DeadlineMissing {2}review\.steps\[1\]\n/,
    );
  });
  it('a rule that nobody accounts for exits 1', async () => {
    const { out, exit } = await run(
      'check',
      '--format',
      'json',
      file('a.policy.yaml', inventedText().replace('count: 30', 'count: 31')),
    );
    expect(exit).toBe(1);
    expect(
      (JSON.parse(out) as { code: string; severity: string }[])
        .filter(({ severity }) => severity === 'error')
        .map(({ code }) => code),
    ).toEqual(['RuleUnaccounted']);
  });
  it('checks every file that is named', async () => {
    const { out, exit } = await run(
      'check',
      file('a.yaml', shippedText('two-month-admin-filing')),
      file('b.yaml', 'policy: 1'),
    );
    expect(exit).toBe(1);
    expect(out).toContain('two-month-admin-filing@2026-01#');
    expect(out).toContain('b.yaml:1:9  错误 error  ShapeWrong  policy');
  });
  it('what cannot be read is a mistake of whoever typed', async () => {
    await expect(run('check', join(folder, 'nothing.yaml'))).rejects.toThrow(UsageError);
    await expect(run('check', file('big.yaml', 'x'.repeat(1_048_577)))).rejects.toThrow(/1048576/);
    await expect(run('check', file('gbk.yaml', Uint8Array.of(0xd6, 0xd0)))).rejects.toThrow(/UTF-8/);
  });
});

describe('baobei policy coverage', () => {
  it('lists each rule with the items that enforce it or the reason why none does', async () => {
    const { out, exit } = await run('coverage', file('a.yaml', shippedText('zhaodu-intent-customer')));
    expect(exit).toBe(0);
    expect(out).toContain('R04.07  protection.depositPaid, upgrades.walkIn\n');
    expect(out).toContain('R04.12  — 不执行 · not enforced: ');
    expect(out).toMatch(/18\/20 条有条款执行 · rules enforced\n$/);
  });
  it('exits 1 when a declared rule is nowhere', async () => {
    const { out, exit } = await run('coverage', file('a.yaml', inventedText().replace('count: 30', 'count: 31')));
    expect(exit).toBe(1);
    expect(out).toContain('R99.31  !! 无条款 · nothing');
  });
  it('exits 1 when the document does not load', async () =>
    expect((await run('coverage', file('a.yaml', 'a: 1'))).exit).toBe(1));
});

describe('baobei policy schema', () => {
  it('prints the JSON Schema', async () =>
    expect(JSON.parse((await run('schema')).out)).toMatchObject({ title: 'Baobei policy document', type: 'object' }));
});
