import { jest } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyTestCommand } from './policy-test.js';
import { UsageError } from './usage-error.js';

const scenario = (title: string, lastDay: string): string => `- scenario: ${title}
  policy: two-month-admin-filing
  given:
    - { at: 2026-03-02 10:00, who: S1, does: register, customer: C1 }
  when: { at: 2026-03-02 11:00, who: administration, does: approve }
  then: { lastDay: ${lastDay} }
`;

describe('baobei policy test', () => {
  let folder = '';
  let printed = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'baobei-policy-test-'));
    printed = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
    rmSync(folder, { recursive: true });
  });
  const run = (...args: readonly string[]): Promise<unknown> =>
    policyTestCommand().parseAsync([folder, ...args], { from: 'user' });

  it('says that all came true, on either storage', async () => {
    writeFileSync(join(folder, 'one.scenarios.yaml'), scenario('two months', '2026-05-02'));
    for (const storage of ['memory', 'embedded']) {
      await run('--language', 'en', '--storage', storage);
      expect(printed).toContain('✓ two months\n1 passed, 0 failed\n');
      expect(process.exitCode).toBeUndefined();
    }
  });
  it('counts what did not and exits 1', async () => {
    writeFileSync(
      join(folder, 'one.scenarios.yaml'),
      scenario('two months', '2026-05-02') + scenario('too long', '2026-05-03'),
    );
    await run();
    expect(printed).toMatch(
      /✓ two months\n✗ too long {2}.*one\.scenarios\.yaml:7\n[\s\S]*one\.scenarios\.yaml:12\n {6}预期: 最后一日 2026-05-03\n {6}实际: 最后一日 2026-05-02\n[\s\S]*通过 1，失败 1\n$/,
    );
    expect(process.exitCode).toBe(1);
  });
  it('plays only what is asked for', async () => {
    writeFileSync(
      join(folder, 'one.scenarios.yaml'),
      scenario('two months', '2026-05-02') + scenario('too long', '2026-05-03'),
    );
    await run('--language', 'en', '--only', 'two');
    expect(printed).toBe('✓ two months\n1 passed, 0 failed\n');
  });
  it('counts a file that cannot be read as one that failed', async () => {
    writeFileSync(join(folder, 'one.scenarios.yaml'), '- scenario: one\n');
    await run('--language', 'en');
    expect(printed).toMatch(/✗ .*one\.scenarios\.yaml:1 {2}then: .*\n0 passed, 1 failed\n$/);
    expect(process.exitCode).toBe(1);
  });
  it('one slip fails its scenario and no other', async () => {
    writeFileSync(
      join(folder, 'one.scenarios.yaml'),
      scenario('two months', '2026-05-02') + scenario('a slip', '2026-05-02').replace('does: approve', 'does: aprove'),
    );
    await run('--language', 'en');
    expect(printed).toMatch(/✗ .*one\.scenarios\.yaml:\d+ {2}There is no such act: aprove\./);
    expect(printed).toMatch(/✓ two months\n1 passed, 1 failed\n$/);
    expect(process.exitCode).toBe(1);
  });
  it('what is asked for and not there is a mistake of whoever typed', async () => {
    writeFileSync(join(folder, 'one.scenarios.yaml'), scenario('two months', '2026-05-02'));
    await expect(run('--only', 'three')).rejects.toThrow('No scenario\'s title has "three" in it.');
  });
  it('finds nothing in a folder without scenarios', async () => {
    await expect(run()).rejects.toThrow(UsageError);
  });
});
