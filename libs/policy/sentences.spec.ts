import type { Refusal } from '#event-sourcing/decision.js';
import { code, type Code, type Reason } from '#event-sourcing/vocabulary.js';
import { judgeForm } from './clauses/form.js';
import { penaltyFor } from './clauses/offences.js';
import { protectionOn } from './clauses/protection.js';
import { clauseMessages, decisionMessages, refusalMessages } from './messages.js';
import { alike, reasonText, rejectionText } from './sentences.js';
import { at, under, underInvented } from './testing/evaluations.js';

const zhaodu = under('zhaodu-intent-customer');

describe('sentences', () => {
  it('no code has two', () =>
    expect(Object.keys(clauseMessages).filter((each) => Object.hasOwn(decisionMessages, each))).toEqual([]));
  it('each reads well without a single fact: no bracket is left over, both languages say something', () => {
    for (const [reason] of Object.entries(refusalMessages)) {
      const { zh, en } = rejectionText({ reason });
      expect({ reason, zh, en }).toEqual({
        reason,
        zh: expect.stringMatching(/^[^{}]*\p{Script=Han}[^{}]*。$/u),
        en: expect.stringMatching(/^[A-Z"][^{}]*\.$/),
      });
    }
  });

  it('of many rows that were refused alike keeps all that the sentence needs, and the time of none', () => {
    for (const [reason, { zh }] of Object.entries(refusalMessages)) {
      const names = [...zh.matchAll(/\{(\w+)/g)].map(([, name]) => name!);
      const inputs = Object.fromEntries(names.map((name) => [name, code(`some-${name}`)]));
      const rejection = { reason, inputs: { ...inputs, registrationId: code('d1.1') } };
      expect({ reason, ...rejectionText(alike(rejection)) }).toEqual({ reason, ...rejectionText(rejection) });
      expect(alike(rejection).inputs).not.toHaveProperty('registrationId');
    }
    const until = (day: string): Refusal => ({
      reason: 'ProtectedByAnother',
      accepted: { freeFrom: code(`2026-03-${day}T16:00:00.000Z`) },
    });
    expect(alike(until('01'))).toEqual(alike(until('02')));
    expect(rejectionText(alike(until('01'))).en).toBe('This customer is protected.');
  });

  it("R04.02 names the field by the policy's own label", () => {
    const { judgement } = judgeForm(zhaodu, {
      class: 'walkIn',
      values: { customerName: '王先生', phone: '13800001111' },
      attachments: [],
    });
    const texts = judgement.allowed ? [] : judgement.rejections.map((rejection) => rejectionText(rejection, zhaodu));
    expect(texts).toEqual([
      {
        zh: '“客户姓名”填写有误：只有姓和称呼。',
        en: '"Customer name" is not right: it is only a surname and a title.',
      },
      { zh: '请填写“地址”。', en: 'Fill in "Address".' },
    ]);
  });
  it('R04.02 says what a value that cannot be read should look like, so that the example is not taken for what is wrong', () => {
    const { judgement } = judgeForm(zhaodu, {
      class: 'walkIn',
      values: { customerName: '王芳', phone: '139-000', address: '重庆' },
      attachments: [],
    });
    expect(judgement.allowed ? [] : judgement.rejections.map((rejection) => rejectionText(rejection, zhaodu))).toEqual([
      {
        zh: '“电话”填写有误：太短，应如 13800138000。',
        en: '"Phone" is not right: it is too short; it should look like 13800138000.',
      },
    ]);
  });
  it("shows moments in the policy's zone and money in yuan", () => {
    expect(rejectionText({ reason: 'ExtensionTooLate', accepted: { latest: at('2026-05-22 23:59') } }).zh).toBe(
      '申请延期太晚，最迟应在 2026-05-22 23:59。',
    );
    const { judgement } = penaltyFor(underInvented(), {
      offence: 'lostByQuarrel',
      occurrence: 1,
      customers: 1,
      chosen: { kind: 'fine', amount: '1' as never },
    });
    expect(judgement.allowed ? '' : rejectionText(judgement.rejections[0]).en).toBe(
      'The amount must be between CNY 100.00 and CNY 500.00.',
    );
  });
  it('R04.06 a protection says how it was counted, under which rules', () => {
    const window = protectionOn(zhaodu, { class: 'walkIn', event: 'registered', at: at('2026-03-01 10:00') });
    expect(reasonText(window!.because, 'zh', zhaodu)).toBe(
      '保护期：到店咨询意向客户，自报备（2026-03-01 10:00）起，7 天（不含首日），至 2026-03-09 00:00（R04.04、R04.06、R04.08）',
    );
    expect(reasonText(window!.because, 'en', zhaodu)).toBe(
      'Protection: Walk-in inquiring customer, from the registration at 2026-03-01 10:00, 7 days (the first day does not count), until 2026-03-09 00:00 (R04.04, R04.06, R04.08)',
    );
  });
  it("another's protection says until when, and nothing while nobody knows", () => {
    expect(rejectionText({ reason: 'ProtectedByAnother', accepted: { freeFrom: at('2026-03-09') } }).zh).toBe(
      '该客户正在保护期内，自 2026-03-09 00:00 起可报备。',
    );
    expect(rejectionText({ reason: 'ProtectedByAnother', accepted: { freeFrom: null } }).en).toBe(
      'This customer is protected.',
    );
  });
  it('takes sentences for other codes, and says the code of one that nobody wrote', () => {
    const strange: Refusal = { reason: 'SomethingElse', accepted: { days: 3 } };
    expect(rejectionText(strange)).toEqual({ zh: '不予受理（SomethingElse）。', en: 'Refused (SomethingElse).' });
    expect(
      rejectionText(strange, { messages: { SomethingElse: { zh: '还差 {days} 天。', en: '{days} days to go.' } } }),
    ).toEqual({ zh: '还差 3 天。', en: '3 days to go.' });
  });
  it('a clause that nobody knows is named by its path', () => {
    const reason: Reason = {
      policy: code('a@1#0'),
      clause: code('novelty.item'),
      meaning: code('novelty/1'),
      rules: [] as readonly Code[],
      inputs: {},
    };
    expect(reasonText(reason, 'en')).toBe('Clause novelty.item.');
  });
});
