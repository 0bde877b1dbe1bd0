import type { Sheet } from '#event-sourcing/ports/sheet.js';
import type { CalendarDate, Code, Instant } from '#event-sourcing/vocabulary.js';
import { rejectionText } from '#policy/sentences.js';
import { shippedPolicy } from '#policy/testing/shipped.js';
import type { RegistrationId } from '../dossier/events.js';
import { answeredSheet } from './answered-sheet.js';
import { emptySummary, summaryText, summed } from './summary.js';
import type { RowResult } from './row-result.js';

const policy = shippedPolicy('zhaodu-intent-customer');
const because = (...rules: readonly string[]) => [
  {
    policy: policy.reference,
    clause: 'form' as Code,
    meaning: 'form/1' as Code,
    rules: rules as readonly Code[],
    inputs: {},
  },
];
const results: readonly RowResult[] = [
  {
    line: 2,
    recordedBefore: false,
    outcome: 'accepted',
    registrationId: 'd1.1' as RegistrationId,
    class: 'walkIn',
    followed: ['Registered', 'Approved'],
    protectedUntil: { endsAt: '2026-01-12T16:00:00.000Z' as Instant, lastDay: '2026-01-12' as CalendarDate },
  },
  {
    line: 3,
    recordedBefore: true,
    outcome: 'refused',
    step: 'permission',
    rejections: [
      {
        reason: 'ProtectedByAnother' as Code,
        because: because('R04.08', 'R04.10'),
        accepted: { freeFrom: '2026-01-12T16:00:00.000Z' as Code },
      },
    ],
  },
  {
    line: 4,
    recordedBefore: false,
    outcome: 'refused',
    step: 'registration',
    rejections: [
      { reason: 'FieldMissing' as Code, field: 'phone' as Code, because: because('R04.02') },
      { reason: 'FieldMissing' as Code, field: 'address' as Code, because: because('R04.02') },
    ],
  },
  {
    line: 5,
    recordedBefore: false,
    outcome: 'malformed',
    problems: [
      { code: 'FilerUnknown', column: '报备人', text: { zh: '“报备人”应为：李军。', en: '"报备人" is one of: 李军.' } },
    ],
  },
];
const summary = results.reduce(summed, emptySummary);

describe('the summary of a sheet', () => {
  it('counts a row once among the outcomes and once under each rule it met', () => {
    expect(summary).toMatchObject({
      rows: 4,
      accepted: 1,
      complete: 0,
      refused: 2,
      malformed: 1,
      answered: 0,
      recordedBefore: 1,
      followed: { Registered: 1, Approved: 1 },
      refusals: {
        'permission ProtectedByAnother': 1,
        'registration FieldMissing phone': 1,
        'registration FieldMissing address': 1,
      },
      rules: { 'R04.08': 1, 'R04.10': 1, 'R04.02': 1 },
      problems: { FilerUnknown: 1 },
    });
  });

  it('says so in both languages, with the cure and the rules', () => {
    const say = (rejection: Parameters<typeof rejectionText>[0]) => rejectionText(rejection, { policy });
    const { zh, en } = summaryText(summary, { dryRun: false, say });
    expect(zh).toBe(
      '共 4 行：受理 1，不予受理 2，无法读取 1。\n其中 1 行此前已用同一文件导入过，没有重复记录。\n  1 行 · 读取：“报备人”应为：李军。\n  1 行 · 许可：该客户正在保护期内。\n  1 行 · 报备：请填写“地址”。\n  1 行 · 报备：请填写“电话”。\n  依据：R04.02 × 1, R04.08 × 1, R04.10 × 1',
    );
    expect(en).toMatch(/^4 rows: 1 accepted, 2 refused, 1 unreadable\./);
    expect(en).toContain('\n  1 row · permission: This customer is protected.\n');
    expect(summaryText(summary, { dryRun: true, say }).zh).toContain('试算');
  });

  it('names what is missing where a row does not tell which customer is meant, rows that lack the same as one', () => {
    const lacking = (line: number, ...missing: readonly string[]): RowResult => ({
      line,
      recordedBefore: false,
      outcome: 'refused',
      step: 'permission',
      rejections: [
        {
          reason: 'SubjectNotIdentified' as Code,
          field: 'form' as Code,
          inputs: { missing: missing as readonly Code[] },
          because: because('R04.02'),
        },
      ],
    });
    const rows = [lacking(2, 'phone'), lacking(3, 'phone', 'address'), lacking(4, 'phone')];
    const { zh, en } = summaryText(rows.reduce(summed, emptySummary), {
      dryRun: false,
      say: (rejection) => rejectionText(rejection, { policy }),
    });
    expect(zh).toContain(
      '\n  2 行 · 许可：所填内容不足以识别客户，缺少：电话。\n  1 行 · 许可：所填内容不足以识别客户，缺少：电话、地址。',
    );
    expect(en).toContain('\n  2 rows · permission: This does not tell which customer is meant; missing: Phone.');
  });
});

describe('the answered sheet', () => {
  const sheet: Sheet = {
    name: 'r.csv',
    header: ['客户名称', '结果'],
    encoding: 'utf-8',
    headerLine: 1,
    hiddenRows: 0,
    digest: '0'.repeat(64),
    rows: [2, 3, 4, 5, 6].map((line) => ({ line, cells: { 客户名称: `客户${line}`, 结果: '旧' } })),
  };
  const byLine = new Map(results.map((result) => [result.line, result]));

  it('says beside each row what became of it, until when, why and under which rules', () => {
    const { header, rows } = answeredSheet(sheet, byLine, 'zh', policy);
    expect(header).toEqual(['客户名称', '结果', '报备编号', '保护至', '原因', '依据']);
    expect(rows).toEqual([
      ['客户2', '受理', expect.stringMatching(/^[0-9A-Z]{9}$/), '2026-01-12', '', ''],
      [
        '客户3',
        '不予受理（此前已记录）',
        '',
        '',
        '该客户正在保护期内，自 2026-01-13 00:00 起可报备。',
        'R04.08 R04.10',
      ],
      ['客户4', '不予受理', '', '', '请填写“电话”。 请填写“地址”。', 'R04.02'],
      ['客户5', '无法读取', '', '', '“报备人”应为：李军。', ''],
      ['客户6', '', '', '', '', ''], // The import stopped before this row.
    ]);
  });

  it('is in English for whoever asks for it', () => {
    expect(answeredSheet(sheet, byLine, 'en', policy).rows[0]?.[1]).toBe('accepted');
  });
});
