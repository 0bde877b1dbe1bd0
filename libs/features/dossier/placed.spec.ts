import type { AnyEvent, Recorded } from '#event-sourcing/event.js';
import { partly, type Answered, type Past } from '#event-sourcing/testing/given-when-then.js';
import type { Code, PartyId, Reason } from '#event-sourcing/vocabulary.js';
import { calendarFromChineseDays } from '#time/calendar.js';
import { calendarStream, programStream } from '../program/facts.js';
import { approving, meetingDeadlines, recordingVisit, registering, releasing, resubmitting } from './testing/asks.js';
import { opens } from './testing/follows.js';
import { conflictRaised, held, registered, registrationId, returned } from './testing/past.js';
import { endOfLastDay, given, on, policyOf, programId, rehearsalText, under } from './testing/rehearsal.js';

const toWorkingDays = (count: number, calendar = 'china') => ({
  'timeZone: Asia/Shanghai': `timeZone: Asia/Shanghai\ncalendar: ${calendar}`,
  'lasts: { days: 7, counting: exclusive }': `lasts: { workingDays: ${count}, counting: exclusive }`,
  'within: { hours: 24 }': 'within: { workingDays: 2, counting: exclusive }',
  'lasts: { from: { days: 10, counting: exclusive }, to: { days: 30, counting: exclusive }, otherwise: { days: 20, counting: exclusive } }':
    'lasts: { workingDays: 3, counting: exclusive }',
});
const version2 = { 'version: "1"': 'version: "2"' };
const system: Past['context'] = {
  name: 'Given' as Code,
  actor: { party: 'root' as PartyId },
  receivedBy: 'system' as Code,
};

/** A second version of the policy is in force from a day on. */
const published = (at: string, replaced: Readonly<Record<string, string>> = version2): Past => {
  const text = rehearsalText(replaced);
  const { version, digest } = policyOf(text);
  const event = { type: 'PolicyPublished', programId, version, digest, text, effectiveFrom: on(at), authority: 'us' };
  return { at: on(at), context: system, written: [{ stream: programStream(programId), event: event as AnyEvent }] };
};
const calendar = (year: number, id = 'china', days = calendarFromChineseDays().years[String(year)]): Past => {
  const event = {
    type: 'CalendarPublished',
    calendarId: id,
    year,
    version: 1,
    holidays: days?.holidays ?? [],
    makeUpDays: days?.makeUpDays ?? [],
  };
  return {
    at: on('2026-01-01'),
    context: system,
    written: [{ stream: calendarStream(id as Code, year), event: event as AnyEvent }],
  };
};

/** Type, policy version and actor of each event. */
const said = ({ events }: Answered): readonly (readonly unknown[])[] =>
  events.map(({ event, policy, actor }) => [event.type, policy?.split('#')[0], actor.party]);
const lastOf = ({ events }: Answered): Recorded => events.at(-1)!;
const reasonOf = ({ event }: Recorded) =>
  (event as unknown as { readonly because: readonly { readonly calendars?: readonly string[] }[] }).because.at(-1)!;
const lastDay = ({ event }: Recorded) =>
  (event as unknown as { readonly protection: { readonly lastDay: string } }).protection.lastDay;

const types = (...names: readonly string[]) => names.map((type) => partly({ type }));

describe('an event says under which version and by whom it was ruled', () => {
  it("what time decided ahead of a rival is the clock's own, under the version it was filed under", async () => {
    const answered = await given(held(), published('2026-03-05'))
      .when(registering({ by: 'dealer-b', at: '2026-03-12' }))
      .then(...types('Abandoned', 'Registered', 'Approved'));
    expect(said(answered)).toEqual([
      ['Abandoned', 'rehearsal@1', 'baobei-clock'],
      ['Registered', 'rehearsal@2', 'dealer-b'],
      ['Approved', 'rehearsal@2', 'dealer-b'],
    ]);
    expect(answered.events[0]!.times).toMatchObject({
      occurredAt: endOfLastDay('2026-03-09'),
      receivedAt: on('2026-03-12'),
      receivedBy: 'clock',
    });
  });
  it('cites the same years of a calendar however late it is recorded', async () => {
    const cited = async (at: string) => {
      const answered = await under(toWorkingDays(3))
        .given(calendar(2026), calendar(2027), registered({ class: 'reviewed', at: '2026-12-30 23:00' }))
        .when(meetingDeadlines({ at }))
        .then(...(at < '2027' ? types('Approved') : types('Approved', 'Expired')));
      return reasonOf(answered.events[0]!).calendars;
    };
    expect(await cited('2026-12-31 23:00')).toEqual(['china-2026@1', 'china-2027@1']);
    expect(await cited('2028-03-01')).toEqual(['china-2026@1', 'china-2027@1']);
  });
  it('a late tick and a rival leave the very same event', async () => {
    const late = await given(held())
      .when(meetingDeadlines({ at: '2026-03-12' }))
      .then(...types('Abandoned'));
    const ahead = await given(held())
      .when(registering({ by: 'dealer-b', at: '2026-03-12' }))
      .then(...types('Abandoned', 'Registered', 'Approved'));
    const told = ({ events: [first] }: Answered) => [first!.event, first!.actor, first!.times, first!.policy];
    expect(told(ahead)).toEqual(told(late));
  });
  it('an approval of what was filed before the second version says the first, and cites who may say yes today', async () => {
    const answered = await given(registered({ class: 'reviewed' }), published('2026-03-02'))
      .when(approving({ at: '2026-03-02 15:00' }))
      .then(...types('Approved'));
    expect(said(answered)).toEqual([['Approved', 'rehearsal@1', 'reviewer']]);
    const { because } = answered.events[0]!.event as unknown as { readonly because: readonly Reason[] };
    expect(because.map(({ policy, clause }) => `${policy.split('#')[0]} ${clause}`)).toEqual([
      'rehearsal@2 permissions.approve',
      'rehearsal@1 review.check',
      'rehearsal@1 protection.reviewed',
    ]);
  });
  it('what time approves is under the first version too', async () => {
    const answered = await given(registered({ class: 'reviewed' }), published('2026-03-02'))
      .when(meetingDeadlines({ at: '2026-03-05' }))
      .then(...types('Approved'));
    expect(said(answered)).toEqual([['Approved', 'rehearsal@1', 'baobei-clock']]);
  });
  it('a claim handed in again stays under the version that it was filed under', async () => {
    const answered = await given(registered({ class: 'reviewed' }), returned(), published('2026-03-02'))
      .when(resubmitting({ at: '2026-03-02 15:00' }))
      .then(...types('Resubmitted'));
    expect(said(answered)).toEqual([['Resubmitted', 'rehearsal@1', 'dealer-a']]);
  });
});

describe('one calendar for each version, by the years that its clocks reach', () => {
  const ofVersion1 = under(toWorkingDays(7));
  const filed = registered({ class: 'reviewed', at: '2026-02-14 10:00' });

  it('a second version with another calendar leaves the clocks of the first on theirs', async () => {
    // The Spring Festival: from 15 to 23 February nobody works in China.
    const answered = await ofVersion1
      .given(
        calendar(2026),
        calendar(2026, 'factory', { holidays: [], makeUpDays: [] }),
        filed,
        published('2026-02-14', { ...version2, ...toWorkingDays(7, 'factory') }),
      )
      .when(approving({ at: '2026-02-14 15:00' }))
      .then(...types('Approved'));
    expect(lastDay(lastOf(answered))).toBe('2026-02-26');
    expect(reasonOf(lastOf(answered)).calendars).toEqual(['china-2026@1']);
  });
  it('a second version without a calendar leaves the clocks of the first going', async () => {
    const answered = await ofVersion1
      .given(calendar(2026), filed, published('2026-02-14'))
      .when(approving({ at: '2026-02-14 15:00' }))
      .then(...types('Approved'));
    expect(lastDay(lastOf(answered))).toBe('2026-02-26');
  });
  it('counts working days over more than two years, and names the calendar of each', async () => {
    const days = { holidays: [], makeUpDays: [] };
    const answered = await under(toWorkingDays(600, 'factory'))
      .given(...[2026, 2027, 2028].map((year) => calendar(year, 'factory', days)))
      .when(registering({ at: '2026-03-02' }))
      .then(...opens(), ...types('Registered', 'Approved'));
    expect(lastDay(lastOf(answered))).toBe('2028-06-19');
    expect(reasonOf(lastOf(answered)).calendars).toEqual(['factory-2026@1', 'factory-2027@1', 'factory-2028@1']);
  });
});

describe('a calendar year that nobody published', () => {
  const rolling = under({
    ...toWorkingDays(7),
    'rolls: { on: followUp, by: holder, from: event }': 'rollToWorkingDay: true',
    'lasts: { workingDays: 7, counting: exclusive }': 'lasts: { days: 7, counting: exclusive }',
  });
  const stoodStill = [
    held(),
    registered({ n: 2, by: 'dealer-b' }),
    conflictRaised({ daysLeft: 5, until: '2026-03-10 00:00' }),
  ];
  it('holds up the deadline that needs it, and says which; nothing else in the dossier waits', async () => {
    await expect(
      rolling
        .given(...stoodStill)
        .when(meetingDeadlines({ at: '2026-03-11' }))
        .thenNothing(),
    ).rejects.toThrow('A deadline of dossier d1 waits for the year 2026 of the calendar china');
    await rolling
      .given(...stoodStill)
      .when(releasing({ at: '2026-03-11' }))
      .thenRefused('InCase');
    await rolling
      .given(...stoodStill)
      .when(recordingVisit({ at: '2026-03-11' }))
      .then({ type: 'VisitRecorded', registrationId: registrationId(), by: 'dealer-a' });
  });
  it('is met as soon as it is published', async () => {
    const answered = await rolling
      .given(calendar(2026), ...stoodStill)
      .when(meetingDeadlines({ at: '2026-03-11' }))
      .then(...types('Resumed'));
    expect(lastDay(lastOf(answered))).toBe('2026-03-16');
  });
});
