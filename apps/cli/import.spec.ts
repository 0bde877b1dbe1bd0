import { jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importCommand } from './import.js';
import { UsageError } from './usage-error.js';

const documents = 'libs/policy/documents/zhaodu-intent-customer';
const header = '登记时间,报备人,部门,客户名称,电话,地址,客户类型,定金,备注';
const environment = { ...process.env };
let folder: string;
let said: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baobei-import-'));
  process.env['DATA_DIR'] = join(folder, 'data');
  process.env['BAOBEI_MASTER_KEY_FILE'] = join(folder, 'master.key');
  said = '';
  const hear = (text: unknown): boolean => {
    said += String(text);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(hear);
  jest.spyOn(process.stderr, 'write').mockImplementation(hear);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...environment };
  process.exitCode = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const sheet = (...rows: readonly string[]): string => {
  const path = join(folder, 'register.csv');
  writeFileSync(path, [header, ...rows].join('\n'));
  return path;
};
const run = (file: string, ...more: readonly string[]): Promise<string> =>
  importCommand()
    .parseAsync([file, '--program', 'walk-in', '--mapping', `${documents}/register.mapping.yaml`, ...more], {
      from: 'user',
    })
    .then(() => {
      const heard = said;
      said = '';
      return heard;
    });
const prepare = ['--prepare', `${documents}/zhaodu-intent-customer.policy.yaml`];
const wang = '2026-01-05 09:06,李军,销售一部,王芳,13800001111,重庆市南岸区红锦大道14号,到店咨询,,';
const formula = '2026-01-05 09:11,周婷,销售一部,=HYPERLINK(1),,重庆市,到店咨询,,';

describe('baobei import', () => {
  it('tries, files, answers, and files nothing twice', async () => {
    const file = sheet(wang, formula);
    expect(await run(file, ...prepare, '--dry-run')).toMatch(/共 2 行：完整 1，不予受理 1，无法读取 0。（试算/);
    const answer = join(folder, 'answer.csv');
    const first = await run(file, '--answer', answer);
    expect(first).toMatch(/共 2 行：受理 1，不予受理 1/);
    expect(first).toMatch(/2 rows: 1 accepted, 1 refused/);
    const [columns, accepted, refused] = readFileSync(answer, 'utf8').slice(1).split('\r\n');
    expect(columns).toBe(`${header},结果,报备编号,保护至,原因,依据`);
    expect(accepted).toMatch(/,受理,[0-9A-Z]{9},\d{4}-\d\d-\d\d,,$/);
    expect(refused).toMatch(/,'=HYPERLINK\(1\),.*,不予受理,,,.*客户姓名.*不是姓名.*,R04\.02$/);
    expect(await run(file)).toMatch(/2 行此前已用同一文件导入过/);
    expect(process.exitCode).toBeUndefined();
  });

  it('says what is wrong with the program, the sheet or the mapping before it files anything', async () => {
    const file = sheet(wang);
    await expect(run(file)).rejects.toThrow(/walk-in 没有生效的制度/);
    await expect(run(join(folder, 'missing.csv'))).rejects.toThrow(UsageError);
    const xls = join(folder, 'old.csv');
    writeFileSync(xls, Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]));
    await expect(run(xls)).rejects.toThrow(/旧版/);
    await run(file, ...prepare);
    const other = join(folder, 'other.policy.yaml');
    writeFileSync(other, readFileSync(prepare[1]!, 'utf8').replace('days: 7', 'days: 8'));
    await expect(run(file, '--prepare', other)).rejects.toThrow(/已有另一份制度/);
    const mapping = join(folder, 'mapping.yaml');
    writeFileSync(mapping, readFileSync(`${documents}/register.mapping.yaml`, 'utf8').replace('  地址: address\n', ''));
    await expect(run(file, ...prepare, '--mapping', mapping)).rejects.toThrow(/必填字段“地址”没有对应的列/);
  });

  it('stops with exit 1 when the sheet is another one than the mapping is for', async () => {
    const file = join(folder, 'other.csv');
    writeFileSync(file, '姓名,手机\n王芳,13800001111\n');
    expect(await run(file, ...prepare)).toMatch(/表里缺少这些列：登记时间/);
    expect(process.exitCode).toBe(1);
  });
});
