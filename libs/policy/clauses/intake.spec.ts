import { at, accepted, inventedBut, refusals, rulesOf, under, underInvented } from '../testing/evaluations.js';
import { judgeIntake, rankingTime, type Intake } from './intake.js';

const zhaodu = under('zhaodu-intent-customer');
const dataDepartment = under('data-dept-three-month');
const invented = underInvented();
const filed = (receivedAt: string, given: Partial<Intake> = {}): Intake => ({
  class: 'walkIn',
  channel: 'system',
  occurredAt: at(receivedAt),
  receivedAt: at(receivedAt),
  now: at(receivedAt),
  values: {},
  exempted: false,
  ...given,
});
const preFiled = (receivedAt: string, visitAt: string, given: Partial<Intake> = {}) =>
  judgeIntake(
    invented,
    filed(receivedAt, { class: 'preFiling', channel: 'mail', values: { visitAt: at(visitAt) }, ...given }),
  );

describe('intake', () => {
  it('R06.02 a form may come by fax, phone, mail or hand, and by nothing else', () => {
    const by = (channel: string) =>
      judgeIntake(dataDepartment, filed('2026-03-02 10:00', { class: 'project', channel }));
    for (const channel of ['fax', 'phone', 'mobile', 'email', 'paper', 'system'])
      expect(refusals(by(channel))).toEqual([]);
    expect(refusals(by('wechat'))).toEqual(['ChannelNotAccepted']);
    expect(rulesOf(by('wechat'))).toEqual(['R06.02']);
    expect(accepted(by('wechat'))).toEqual({ channels: ['system', 'fax', 'phone', 'mobile', 'email', 'paper'] });
  });
  it('R04.07 nobody files as deposit-paid: the deposit lifts', () => {
    expect(refusals(judgeIntake(zhaodu, filed('2026-03-02 10:00', { class: 'depositPaid' })))).toEqual([
      'ClassNotFiled',
    ]);
    expect(refusals(judgeIntake(zhaodu, filed('2026-03-02 10:00', { class: 'constructor' })))).toEqual([
      'ClassUnknown',
    ]);
  });
  it('the policy names the time that ranks claims', () => {
    const times = {
      occurredAt: at('2026-03-01 08:00'),
      receivedAt: at('2026-03-01 09:00'),
      now: at('2026-03-01 10:00'),
    };
    expect(rankingTime(zhaodu, times)).toBe(times.now);
    expect(rankingTime(dataDepartment, times)).toBe(times.receivedAt);
    expect(rankingTime(inventedBut('ranks: receivedAt', 'ranks: occurredAt'), times)).toBe(times.occurredAt);
  });
  it('R06.02 a form that lay on the desk is entered within a week', () => {
    const entered = (now: string) =>
      judgeIntake(dataDepartment, filed('2026-03-02 10:00', { class: 'project', channel: 'paper', now: at(now) }));
    expect(refusals(entered('2026-03-09 10:00'))).toEqual([]);
    expect(refusals(entered('2026-03-09 10:01'))).toEqual(['BackdatedTooFar']);
    expect(accepted(entered('2026-03-09 10:01'))).toEqual({ earliest: at('2026-03-02 10:01') });
  });
  it('no time lies in the future', () => {
    expect(refusals(judgeIntake(zhaodu, filed('2026-03-02 10:00', { now: at('2026-03-02 09:59') })))).toEqual([
      'OccurredInFuture',
      'ReceivedInFuture',
    ]);
  });
  it('R29.08 thirty minutes before the visit, the exact minute included', () => {
    expect(refusals(preFiled('2026-03-03 18:30', '2026-03-03 19:01'))).toEqual([]);
    expect(refusals(preFiled('2026-03-03 18:30', '2026-03-03 19:00'))).toEqual([]);
    expect(refusals(preFiled('2026-03-03 18:30', '2026-03-03 18:59'))).toEqual(['LeadTimeTooShort']);
    expect(accepted(preFiled('2026-03-03 18:30', '2026-03-03 18:59'))).toEqual({ latest: at('2026-03-03 18:29') });
  });
  it('R29.02 after 18:00 and before 21:00', () => {
    const times = ['17:59', '18:00', '18:01', '20:59', '21:00'].map((time) =>
      refusals(preFiled(`2026-03-02 ${time}`, '2026-03-03 12:00')),
    );
    expect(times).toEqual([['OutsideWindow'], ['OutsideWindow'], [], [], ['OutsideWindow']]);
  });
  it('R13.07 within five working days after signing, over a weekend', () => {
    const file = (day: string) =>
      judgeIntake(invented, filed(day, { class: 'field', values: { signing: '2026-03-05' } }));
    expect(refusals(file('2026-03-12 23:59'))).toEqual([]);
    expect(refusals(file('2026-03-13 00:00'))).toEqual(['FiledTooLate']);
    const late = file('2026-03-13 00:00');
    expect(late.allowed ? [] : late.rejections[0].because?.[0]?.calendars).toEqual(['china-2026@chinese-days-1.5.7']);
  });
  it('R02.09 an exemption forgives lateness and nothing else', () => {
    expect(refusals(preFiled('2026-03-03 17:00', '2026-03-03 17:10', { exempted: true }))).toEqual([]);
    expect(refusals(preFiled('2026-03-03 17:00', '2026-03-03 17:10', { exempted: true, channel: 'chat' }))).toEqual([
      'ChannelNotAccepted',
    ]);
    const judgement = preFiled('2026-03-03 17:00', '2026-03-03 17:10', { exempted: true });
    expect(judgement.allowed && judgement.because[0]?.inputs['exempted']).toBe(true);
  });
  it('an exemption that the policy does not know forgives nothing', () => {
    const strict = inventedBut('exemption: allowed', 'exemption: refused');
    expect(
      refusals(
        judgeIntake(
          strict,
          filed('2026-03-03 17:00', {
            class: 'preFiling',
            channel: 'mail',
            values: { visitAt: at('2026-03-03 17:10') },
            exempted: true,
          }),
        ),
      ),
    ).toEqual(['LeadTimeTooShort', 'OutsideWindow']);
  });
  it('says everything that is wrong', () => {
    expect(
      refusals(preFiled('2026-03-03 17:00', '2026-03-03 17:10', { channel: 'chat', now: at('2026-03-03 21:00') })),
    ).toEqual(['ChannelNotAccepted', 'BackdatedTooFar', 'LeadTimeTooShort', 'OutsideWindow']);
  });
});
