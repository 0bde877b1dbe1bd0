import type { CalendarDate, Code } from '#event-sourcing/vocabulary.js';
import { administering, inStream } from '../../dossier/testing/administering.js';
import { given } from '../../dossier/testing/rehearsal.js';
import type { CalendarPublished } from '../events.js';
import { calendarStream } from '../facts.js';
import { publishCalendar } from './publish-calendar.js';

describe('publish a working calendar', () => {
  const china = 'china' as Code;
  const year = { calendarId: china, year: 2026, holidays: ['2026-10-01', '2026-01-01'], makeUpDays: ['2026-01-04'] };
  const published: CalendarPublished = {
    type: 'CalendarPublished',
    calendarId: china,
    year: 2026,
    version: 1,
    holidays: ['2026-01-01', '2026-10-01'] as CalendarDate[],
    makeUpDays: ['2026-01-04' as CalendarDate],
  };
  const before = inStream(calendarStream(china, 2026), '2026-01-01', published);

  it('keeps the days of one year in order, as version 1', () =>
    given()
      .when(administering(publishCalendar, year))
      .then({
        stream: 'calendar-china-2026',
        event: {
          type: 'CalendarPublished',
          calendarId: 'china',
          holidays: ['2026-01-01', '2026-10-01'],
          makeUpDays: ['2026-01-04'],
          version: 1,
          year: 2026,
        },
      }));
  it('replaces them by a next version', () =>
    given(before)
      .when(administering(publishCalendar, { ...year, makeUpDays: [] }))
      .then({
        stream: 'calendar-china-2026',
        event: {
          type: 'CalendarPublished',
          calendarId: 'china',
          holidays: ['2026-01-01', '2026-10-01'],
          makeUpDays: [],
          version: 2,
          year: 2026,
        },
      }));
  it('records nothing for the same days', () => given(before).when(administering(publishCalendar, year)).thenNothing());
  it('is refused for a day of another year, or one that is none', async () => {
    await given()
      .when(administering(publishCalendar, { ...year, holidays: ['2027-01-01'] }))
      .thenRefused('CalendarInvalid');
    await given()
      .when(administering(publishCalendar, { ...year, holidays: ['2026-02-30'] }))
      .thenRefused('CalendarInvalid');
  });
  it('is refused to who is no administrator', () =>
    given()
      .when(administering(publishCalendar, year, { by: 'dealer-a' }))
      .thenRefused('RoleMissing', { roles: ['administrator'] }));
});
