import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { csvText } from '#adapters/sheet-csv/csv-text.js';
import { readCsvSheet } from '#adapters/sheet-csv/sheet-csv.js';
import { seededIds, simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Sheet } from '#event-sourcing/ports/sheet.js';
import type { Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { shortCode } from '#identity/short-code.js';
import { openInMemory } from '#installation/embedded.js';
import type { Installation } from '#installation/installation.js';
import { opening, prepareRegister, type RegisterWorld } from '#test/e2e/register-quarter.js';
import { answeredSheet } from './answered-sheet.js';
import type { FilingDesk } from './filing-desk.js';
import { checkSheet, commandId, importSheet, ImportStoppedError, type SheetImport } from './import-sheet.js';
import type { RowResult } from './row-result.js';

let installation: Installation;
let world: RegisterWorld;
beforeEach(async () => {
  const clock = simulatedClock(opening);
  installation = await openInMemory({ clock, timers: clock, ids: seededIds('import') });
  world = await prepareRegister(installation, clock);
  clock.set('2026-02-01T00:00:00.000Z' as Instant);
});
afterEach(async () => {
  await installation.close();
});

interface Visit {
  readonly time?: string;
  readonly filer?: string;
  readonly name?: string;
  readonly phone?: string;
  readonly address?: string;
  readonly kind?: string;
  readonly deposit?: string;
}
/** A row says only what its case is about. */
const visit = ({
  time = '2026-01-05 09:06',
  filer = '李军',
  name = '王芳',
  phone = '13800001111',
  address = '重庆市南岸区红锦大道14号',
  kind = '到店咨询',
  deposit = '',
}: Visit = {}): Readonly<Record<string, string>> => ({
  登记时间: time,
  报备人: filer,
  部门: '销售一部',
  客户名称: name,
  电话: phone,
  地址: address,
  客户类型: kind,
  定金: deposit,
  备注: '',
});
const header = Object.keys(visit());
const sheetOf = (...visits: readonly Visit[]): Sheet => ({
  name: 'register.csv',
  header,
  headerLine: 1,
  hiddenRows: 0,
  encoding: 'utf-8',
  digest: 'd'.repeat(64),
  rows: visits.map((each, index) => ({ line: index + 2, cells: visit(each) })),
});

/** Received now, its times being claims. */
const importOf = (sheet: Sheet, change: Partial<SheetImport> = {}): SheetImport => {
  const { pace: _paced, ...quarter } = world.quarter;
  return { ...quarter, sheet, ...change };
};
const collect = async (results: AsyncIterable<RowResult>): Promise<RowResult[]> => {
  const found: RowResult[] = [];
  for await (const result of results) found.push(result);
  return found;
};
const file = (sheet: Sheet, change?: Partial<SheetImport>): Promise<RowResult[]> =>
  collect(importSheet(importOf(sheet, change)));
const head = (): Promise<number> => installation.parts.log.head();
const reasons = (result: RowResult | undefined): readonly string[] =>
  result?.outcome === 'refused' ? result.rejections.map(({ reason }) => reason) : [];

describe('a sheet is filed row by row', () => {
  it("R04.08 the first row about a customer protects; a colleague's row is not permitted and says until when", async () => {
    const [first, second] = await file(sheetOf({}, { filer: '周婷', phone: '+86 138-0000-1111' }));
    expect(first).toMatchObject({
      line: 2,
      outcome: 'accepted',
      recordedBefore: false,
      class: 'walkIn',
      protectedUntil: { lastDay: '2026-02-08' },
    });
    expect(second).toMatchObject({
      line: 3,
      outcome: 'refused',
      step: 'permission',
      rejections: [{ reason: 'ProtectedByAnother', accepted: { freeFrom: '2026-02-08T16:00:00.000Z' } }],
    });
  });

  it('R04.07 a row of the same salesperson that brings a deposit lifts the registration that stands', async () => {
    const [first, second] = await file(sheetOf({}, { kind: '已缴定金', deposit: '2,000', time: '2026-01-31 10:00' }));
    expect(first?.outcome).toBe('accepted');
    expect(second).toMatchObject({
      outcome: 'accepted',
      registrationId: first?.outcome === 'accepted' ? first.registrationId : '',
      class: 'depositPaid',
      followed: ['DepositRecorded', 'Upgraded'],
      // Ninety days from the claim's own ranking time: what was paid before it does not begin before it.
      protectedUntil: { lastDay: '2026-05-02' },
    });
  });

  it('names every cell that cannot be read, records nothing of that row, and files the others', async () => {
    const before = await head();
    const [row] = await file(sheetOf({ filer: '张三', time: '五号', kind: '路过' }));
    expect(row).toMatchObject({
      outcome: 'malformed',
      problems: [
        { code: 'FilerUnknown', column: '报备人' },
        { code: 'ClassUnknown', column: '客户类型' },
        { code: 'TimeUnreadable', column: '登记时间' },
      ],
    });
    expect(JSON.stringify(row)).not.toContain('张三');
    expect(await head()).toBe(before);
    // A cell that says what every object has by birth names nobody.
    expect(await file(sheetOf({ filer: 'constructor' }))).toMatchObject([{ problems: [{ code: 'FilerUnknown' }] }]);
    const [unpaid, unexpected, amount] = await file(
      sheetOf({ kind: '已缴定金' }, { deposit: '100' }, { kind: '已缴定金', deposit: '两千' }),
    );
    expect([unpaid, unexpected, amount]).toMatchObject([
      { problems: [{ code: 'DepositMissing' }] },
      { problems: [{ code: 'DepositUnexpected' }] },
      { problems: [{ code: 'DepositUnreadable' }] },
    ]);
  });

  it('refuses a row whose cell is an error of a formula, in any column that is read', async () => {
    const rows = await file(sheetOf({ name: '#N/A' }, {}, { phone: '#DIV/0!' }));
    expect(rows[0]).toMatchObject({ outcome: 'malformed', problems: [{ code: 'CellIsError', column: '客户名称' }] });
    expect(rows[2]).toMatchObject({ outcome: 'malformed', problems: [{ code: 'CellIsError', column: '电话' }] });
  });
  it('a telephone that cannot be read is named with its cause, also where a permission comes first', async () => {
    expect(await file(sheetOf({ phone: '1390000001' }))).toMatchObject([
      { outcome: 'refused', rejections: [{ reason: 'FieldInvalid', field: 'phone' }] },
    ]);
  });
  it('reads a time that follows the day without a space, and no time that stands alone', async () => {
    const [joined, alone] = await file(sheetOf({ time: '2026年1月5日10:00' }, { time: '10:00', phone: '13900000077' }));
    expect(joined!.outcome).toBe('accepted');
    expect(alone).toMatchObject({ outcome: 'malformed', problems: [{ code: 'TimeUnreadable', column: '登记时间' }] });
  });
  it('finds its columns under headings that are typeset otherwise', async () => {
    const sheet = sheetOf({});
    const called = (name: string): string => (name === '电话' ? '*电话：' : name);
    const [row] = await file({
      ...sheet,
      header: sheet.header.map(called),
      rows: sheet.rows.map(({ line, cells }) => ({
        line,
        cells: Object.fromEntries(Object.entries(cells).map(([name, text]) => [called(name), text])),
      })),
    });
    expect(row!.outcome).toBe('accepted');
  });

  it('does not file a ragged row: nobody knows which cell is the telephone', async () => {
    const sheet = sheetOf({});
    const [row] = await file({ ...sheet, rows: [{ ...sheet.rows[0]!, ragged: { expected: 9, found: 10 } }] });
    expect(row).toMatchObject({ outcome: 'malformed', problems: [{ code: 'RowRagged' }] });
  });

  it('stops before the first row when the columns are not those of the mapping', async () => {
    const sheet = sheetOf({});
    await expect(
      file({ ...sheet, header: [...header.filter((name) => name !== '电话'), '手机'] }),
    ).rejects.toMatchObject({
      code: 'HeaderUnfit',
      text: { zh: expect.stringMatching(/电话.*手机/), en: expect.stringContaining('手机') },
    });
  });

  it('R04.02 takes an answered sheet back: mended rows are filed, accepted ones are not filed or paid a second time', async () => {
    const sheet = sheetOf({ kind: '已缴定金', deposit: '2000' }, { phone: '13900002222', address: '' });
    const { policy } = (await world.quarter.evaluation())!;
    const answered = answeredSheet(
      sheet,
      new Map((await file(sheet)).map((result) => [result.line, result])),
      'zh',
      policy,
    );
    const mended = answered.rows.map((row) =>
      row.map((cell, column) => (answered.header[column] === '地址' && cell === '' ? '重庆市江北区星光大道6号' : cell)),
    );
    const back = await readCsvSheet(Buffer.from(csvText(answered.header, mended)), { name: 'answered.csv' });
    if (!back.readable) throw new Error(back.text.en);
    const results = await file(back.sheet);
    expect(results).toMatchObject([
      { line: 2, outcome: 'answered' },
      { line: 3, outcome: 'accepted', followed: ['Registered', 'Approved'] },
    ]);
    const { events } = await installation.parts.log.readAll(0, { types: ['DepositRecorded'] });
    expect(events).toHaveLength(1);
    const again = answeredSheet(back.sheet, new Map(results.map((result) => [result.line, result])), 'zh', policy);
    expect(again.header).toEqual(answered.header);
    expect(again.rows[0]).toEqual(answered.rows[0]);
  });
});

describe('a code beside a row', () => {
  const first = { phone: '13900002222', name: '李四光' };
  /** The rows come back with their answers beside them, each changed by hand. */
  const broughtBack = async (
    visits: readonly Visit[],
    change: (cells: Readonly<Record<string, string>>, index: number) => Readonly<Record<string, string>>,
  ): Promise<Sheet> => {
    const sheet = sheetOf(...visits);
    const results = new Map((await file(sheet)).map((result) => [result.line, result]));
    const { header: columns, rows } = answeredSheet(sheet, results, 'zh', (await world.quarter.evaluation())!.policy);
    return {
      ...sheet,
      header: columns,
      digest: 'b'.repeat(64),
      rows: rows.map((row, index) => ({
        line: index + 2,
        cells: change(Object.fromEntries(columns.map((name, at) => [name, row[at]!])), index),
      })),
    };
  };
  const forged: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['客户名称', { 客户名称: '赵丽' }],
    ['电话', { 电话: '13700003333' }],
    ['地址', { 地址: '重庆市江北区星光大道6号' }],
    ['登记时间', { 登记时间: '2026-01-02 09:06' }],
    ['报备人', { 报备人: '周婷' }],
    ['保护至', { 保护至: '2027-12-31' }],
    ['定金', { 定金: '9,999', 客户类型: '已缴定金' }],
  ];
  it.each(forged)(
    'does not cover another row: what differs in %s is named, and nothing is accepted',
    async (column, cells) => {
      const sheet = await broughtBack([first], (row) => ({ ...row, ...cells }));
      const before = await head();
      const results = await file(sheet);
      expect(reasons(results[0])).toEqual(['AnswerDisagrees']);
      expect(JSON.stringify(results)).toContain(`"${column}"`);
      expect(await head()).toBe(before);
      expect(await collect(checkSheet(importOf(sheet)))).toEqual(results);
    },
  );
  it('of another customer is refused, and one that nobody was given too', async () => {
    const sheet = await broughtBack([first, { phone: '13900004444', name: '王小明' }], (row, index) => ({
      ...row,
      报备编号: index === 0 ? shortCode('nobody.1') : row['报备编号']!,
      ...(index === 0 ? {} : { 客户名称: '钱学', 电话: '13700009999' }),
    }));
    expect((await file(sheet)).map(reasons)).toEqual([['AnswerDisagrees'], ['AnswerDisagrees']]);
  });
  it('and what is written beside it is said anew, whatever the sheet brings back', async () => {
    const sheet = await broughtBack([first], (row) => ({
      ...row,
      结果: '受理，经理特批',
      原因: '免费',
      依据: 'R99.99',
    }));
    const results = await file(sheet);
    const { policy } = (await world.quarter.evaluation())!;
    const { rows } = answeredSheet(sheet, new Map(results.map((each) => [each.line, each])), 'zh', policy);
    expect(rows[0]!.slice(header.length)).toEqual(['受理', expect.stringMatching(/^\w{9}$/), '2026-02-08', '', '']);
  });
  it('R04.07 covers the row that brought the deposit as well, though its address was another', async () => {
    const visits = [
      first,
      { ...first, address: '重庆市', kind: '已缴定金', deposit: '2,000', time: '2026-01-31 10:00' },
    ];
    const sheet = await broughtBack(visits, (row) => row);
    expect((await file(sheet)).map(({ outcome }) => outcome)).toEqual(['answered', 'answered']);
    const other = await broughtBack(visits, (row, index) => (index === 0 ? row : { ...row, 电话: '13600001234' }));
    expect((await file(other)).map(reasons)).toEqual([[], ['AnswerDisagrees']]);
  });
});

describe('the same file again', () => {
  const visits: readonly Visit[] = [
    {},
    { filer: '周婷' },
    { phone: '' },
    { phone: '13900002222', kind: '已缴定金', deposit: '3000' },
  ];

  it('records nothing and gives the same results, marked as recorded before', async () => {
    const first = await file(sheetOf(...visits));
    const before = await head();
    expect(await file(sheetOf(...visits))).toEqual(first.map((result) => ({ ...result, recordedBefore: true })));
    expect(await head()).toBe(before);
  });

  it('goes on exactly where it was cut off, also between the commands of one row', async () => {
    const whole = await file({ ...sheetOf(...visits), digest: 'a'.repeat(64) }).then((results) =>
      results.map(({ outcome }) => outcome),
    );
    expect(whole).toEqual(['accepted', 'refused', 'refused', 'accepted']);
    // Another customer for each cut, so that each begins on a free one: the row with a deposit needs three commands.
    for (const [cut, phone] of ['13700000001', '13700000002', '13700000003'].entries()) {
      const sheet = { ...sheetOf({ phone, kind: '已缴定金', deposit: '1000' }), digest: String(cut).repeat(64) };
      await expect(file(sheet, { desk: cutAfter(world.quarter.desk, cut) })).rejects.toThrow('power cut');
      const [resumed] = await file(sheet);
      expect(resumed).toMatchObject({
        outcome: 'accepted',
        class: 'depositPaid',
        recordedBefore: false,
        followed: ['Registered', 'Approved', 'DepositRecorded', 'Upgraded'],
      });
    }
  });

  it('is another command for another row, step, file or program', () => {
    const ids = [
      ['p', 'd', 2, 'permission'],
      ['p', 'd', 2, 'registration'],
      ['p', 'd', 3, 'permission'],
      ['p', 'e', 2, 'permission'],
      ['q', 'd', 2, 'permission'],
    ].map(([program, digest, line, step]) =>
      commandId(program as never, digest as string, line as number, step as 'permission'),
    );
    expect(new Set(ids).size).toBe(5);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9._:-]{1,64}$/);
  });

  it('with other content in the same file is refused, row by row, and says since when; what was recorded stays', async () => {
    const [accepted, refused] = await file(sheetOf({}, { filer: '周婷', phone: '+86 138-0000-1111' }));
    const before = await head();
    const changed = await file(sheetOf({ phone: '13900002222' }, { filer: '周婷', phone: '13900003333' }));
    expect(changed.map(reasons)).toEqual([['CommandIdTaken'], ['CommandIdTaken']]);
    expect(changed[0]).toMatchObject({
      recordedBefore: true,
      step: 'permission',
      rejections: [{ inputs: { recordedAt: expect.stringMatching(/^2026-/) as string } }],
    });
    expect(await head()).toBe(before);
    expect(await file(sheetOf({}, { filer: '周婷', phone: '+86 138-0000-1111' }))).toEqual(
      [accepted, refused].map((result) => ({ ...result, recordedBefore: true })),
    );
  });

  it('by another desk is decided anew, in its own name: what it may not do it still may not', async () => {
    const [mine] = await file(sheetOf({}));
    const [others] = await file(sheetOf({}), { by: 'li-jun' as PartyId });
    expect(mine).toMatchObject({ outcome: 'accepted', recordedBefore: false });
    expect(others).toMatchObject({ outcome: 'refused', recordedBefore: false });
  });
});

describe('an append that nobody knows the end of', () => {
  const answering = (answers: readonly ('unknown' | 'real')[]): FilingDesk => {
    let asked = 0;
    return {
      ...world.quarter.desk,
      register: async (command): Promise<Outcome> => {
        const answer = await world.quarter.desk.register(command);
        asked += 1;
        return answers[asked - 1] === 'unknown' ? { outcome: 'indeterminate', commandId: command.commandId } : answer;
      },
    };
  };

  it('is settled by the same command, and recorded once', async () => {
    expect(await file(sheetOf({}), { desk: answering(['unknown', 'unknown', 'real']) })).toMatchObject([
      { outcome: 'accepted', followed: ['Registered', 'Approved'] },
    ]);
    await installation.catchUp();
    const { events } = await installation.parts.log.readAll(0, { types: ['Registered'] });
    expect(events).toHaveLength(1);
  });

  it('stops the import when it stays unknown, and never calls it refused', async () => {
    const unknown = answering(Array.from({ length: 5 }, () => 'unknown' as const));
    await expect(file(sheetOf({}), { desk: unknown })).rejects.toBeInstanceOf(ImportStoppedError);
    expect(await file(sheetOf({}))).toMatchObject([{ outcome: 'accepted' }]);
  });
});

describe('a dry run', () => {
  it("judges the form of every row, records nothing, and does not tell that a customer is another's", async () => {
    await file(sheetOf({}));
    const before = await head();
    const results = await collect(
      checkSheet(importOf(sheetOf({ filer: '周婷' }, { phone: '', address: '' }, { filer: '?' }))),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['complete', 'refused', 'malformed']);
    expect(reasons(results[1])).toEqual(['FieldMissing', 'FieldMissing']);
    expect(await head()).toBe(before);
  });
});

/** A desk whose machine stops before its command number `cut`, counted from 0. */
const cutAfter = (desk: FilingDesk, cut: number): FilingDesk => {
  let sent = 0;
  const send =
    <C>(command: (given: C) => Promise<Outcome>) =>
    (given: C): Promise<Outcome> => {
      sent += 1;
      return sent > cut ? Promise.reject(new Error('power cut')) : command(given);
    };
  return {
    grantPermission: send(desk.grantPermission),
    register: send(desk.register),
    recordDeposit: send(desk.recordDeposit),
  };
};
