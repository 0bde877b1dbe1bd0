import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CalendarDate, Code, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type { Role } from '#policy/roles.js';
import { calendarFromChineseDays } from '#time/calendar.js';
import type { Stage } from './stage.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { grantRole } from '#features/party/grant-role/grant-role.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishCalendar } from '#features/program/publish-calendar/publish-calendar.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';

/** The files that come with the product. */
export const root = join(import.meta.dirname, '../../../..');
export const policyFile = (id: string): string => join(root, `libs/policy/documents/${id}/${id}.policy.yaml`);

export const walkIns = 'walk-ins' as ProgramId;
export const projects = 'projects' as ProgramId;

const people: readonly (readonly [id: string, name: string, role?: Role])[] = [
  ['li-jun', '李军'],
  ['zhou-ting', '周婷'],
  ['zhao-qian', '赵倩'],
  ['sun-hao', '孙浩'],
  ['wang-min', '王敏'],
  ['wu-lei', '吴磊'],
  ['front-desk', '前台登记处', 'desk'],
  ['reviewer', '数据部 陈审核', 'reviewer'],
  ['arbiter', '负责人 郑裁决', 'arbiter'],
  ['finance', '财务 何', 'finance'],
  ['auditor', '审计 许', 'auditor'],
  ['office', '行政部', 'administrator'],
];

/** Two programs with the policies they run under, the working days of 2025 and 2026, and the people. */
export const openWorld = async ({ send }: Stage): Promise<void> => {
  const from = '2026-01-01T00:00:00.000Z' as Instant;
  const programs = [
    [walkIns, '到店客户', 'Walk-in customers', 'zhaodu-intent-customer', '总经理 / general manager'],
    [projects, '项目客户', 'Project customers', 'data-dept-three-month', '数据部 / data department'],
  ] as const;
  for (const [programId, zh, en, policy, authority] of programs) {
    await send(openProgram, 'office', { programId, title: { zh, en } });
    await send(publishPolicy, 'office', {
      programId,
      text: readFileSync(policyFile(policy), 'utf8'),
      effectiveFrom: '2025-12-31T16:00:00.000Z' as Instant,
      authority,
    });
  }
  const calendar = calendarFromChineseDays(2025, 2026);
  for (const [year, days] of Object.entries(calendar.years)) {
    await send(publishCalendar, 'office', {
      calendarId: 'china' as Code,
      year: Number(year),
      holidays: days.holidays as readonly CalendarDate[],
      makeUpDays: days.makeUpDays,
    });
  }
  for (const [id, name, role] of people) {
    await send(enrolParty, 'office', { partyId: id as PartyId, kind: 'person', name });
    if (role !== undefined) await send(grantRole, 'office', { partyId: id as PartyId, role, from });
  }
};
