import { isKnownRole } from '#policy/roles.js';
import type { CommandBase } from '#features/deciding/decision-facts.js';
import type { Code, CommandId, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { calendarFromChineseDays } from '#time/calendar.js';
import type { ICommand } from '@nestjs/cqrs';
import type { Scenario } from './document.js';
import { describeParty, type PartyDescription } from './parties.js';
import type { PolicySource } from './policies.js';
import type { Stage } from './stage.js';
import { moment } from './words.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishCalendar } from '#features/program/publish-calendar/publish-calendar.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { grantRole } from '#features/party/grant-role/grant-role.js';
import { changeMembership } from '#features/party/change-membership/change-membership.js';
import { commandTo } from '#features/edge/command-bus.js';

/** Who is there before anything happens, and what opens an installation: not an act of the scenario. */
const founder = 'founder' as PartyId;

/** Opens the program, publishes calendar and policy, and makes everybody known whom the scenario names. */
export const open = async (
  { installation: { bus }, clock }: Stage,
  scenario: Scenario,
  { text, policy }: PolicySource,
  names: ReadonlySet<string>,
  /** Since when everybody has been there, and the policy in force. */
  since: Instant,
): Promise<void> => {
  let sent = 0;
  const base = (): CommandBase => ({
    commandId: `opening-${(sent += 1)}` as CommandId,
    by: founder,
    granted: ['administrator'],
    receivedAt: clock.now(),
    receivedBy: 'system' as Code,
  });
  const send = async (command: ICommand): Promise<void> => {
    const { outcome } = (await bus.execute(command)) as { readonly outcome: string };
    if (outcome !== 'accepted') throw new Error(`Opening a scenario: ${command.constructor.name} was ${outcome}`);
  };
  const programId = scenario.program as ProgramId;
  await send(commandTo(openProgram, { ...base(), programId, title: policy.title }));
  if (policy.document.calendar !== undefined) {
    const years = { ...calendarFromChineseDays().years, ...scenario.calendar };
    for (const [year, days] of Object.entries(years))
      await send(
        commandTo(publishCalendar, {
          ...base(),
          calendarId: policy.document.calendar as Code,
          year: Number(year),
          ...days,
        }),
      );
  }
  await send(commandTo(publishPolicy, { ...base(), programId, text, effectiveFrom: since, authority: '总经理' }));
  for (const name of names)
    await enrol(name, describeParty(name, scenario.parties), {
      base,
      send,
      programId,
      now: since,
      zone: policy.timeZone,
    });
  // Of a team somebody becomes a member once it is there.
  for (const name of names)
    await join(name, describeParty(name, scenario.parties), {
      base,
      send,
      programId,
      now: since,
      zone: policy.timeZone,
    });
};

interface Enrolment {
  readonly base: () => CommandBase;
  readonly send: (command: ICommand) => Promise<void>;
  readonly programId: ProgramId;
  readonly now: Instant;
  readonly zone: string;
}

const enrol = async (
  name: string,
  { enrolled, kind, roles, ...dates }: PartyDescription,
  { base, send, programId, ...at }: Enrolment,
): Promise<void> => {
  if (!enrolled) return;
  const partyId = name as PartyId;
  await send(commandTo(enrolParty, { ...base(), partyId, kind, name }));
  // What the policy declares means something in its program alone.
  for (const role of roles)
    await send(
      commandTo(grantRole, {
        ...base(),
        partyId,
        role,
        ...(isKnownRole(role) ? {} : { programId }),
        ...dated(dates, at),
      }),
    );
};
const join = async (
  name: string,
  { enrolled, memberOf, ...dates }: PartyDescription,
  { base, send, ...at }: Enrolment,
): Promise<void> => {
  if (!enrolled || memberOf === undefined) return;
  const [partyId, team] = [name as PartyId, memberOf as PartyId];
  await send(commandTo(changeMembership, { ...base(), partyId, memberOf: team, ...dated(dates, at) }));
};
const dated = (
  { from, until }: Pick<PartyDescription, 'from' | 'until'>,
  { now, zone }: Pick<Enrolment, 'now' | 'zone'>,
): { readonly from: Instant; readonly until?: Instant } => ({
  from: from === undefined ? now : moment(from, zone),
  ...(until === undefined ? {} : { until: moment(until, zone) }),
});
