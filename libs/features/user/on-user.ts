import { accept, refuse, type Decision, type Rejection } from '#event-sourcing/decision.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { StreamName, User } from '#event-sourcing/vocabulary.js';
import { contextOf, refusalOf, type CommandBase } from '../deciding/decision-facts.js';
import { barredBy } from '../deciding/may-act.js';
import type { Given, Slice } from '../deciding/slice.js';
import { partyFolding, partyStream, rolesAt } from '../party/facts.js';
import { standingFolding, standingStream } from '../standing/facts.js';
import type { Role } from '#policy/roles.js';
import type { UserEvent } from './events.js';
import { userFolding, type UserFacts } from './facts.js';

/** What an administrator does to one login. */
export interface UserCommand extends CommandBase {
  readonly login: User;
  readonly reason: string;
}
interface OnUser {
  readonly stream: StreamName;
  readonly facts: UserFacts;
  readonly roles: readonly Role[];
  /** What forbids the caller to act at all. */
  readonly barred: readonly Rejection[];
}

/** A command about a login, as a value: of administrators alone, with a reason. */
export const onUser = (
  name: string,
  decide: (facts: UserFacts, command: UserCommand) => Decision<UserEvent>,
): Slice<UserCommand, UserEvent> => ({
  name,
  handling: (command, given) => userHandling(name, decide, command, given),
});

const userHandling = (
  name: string,
  decide: (facts: UserFacts, command: UserCommand) => Decision<UserEvent>,
  command: UserCommand,
  { clock, userStream }: Given,
): Handling<OnUser, UserEvent, Rejection> => ({
  context: contextOf(command, name),
  load: async (reader) => {
    const stream = await userStream(command.login);
    const caller = await reader.fold(partyStream(command.by), partyFolding);
    const standing = await reader.fold(standingStream(command.by), standingFolding);
    return {
      stream,
      facts: await reader.fold(stream, userFolding),
      roles: [...rolesAt(caller, undefined, clock.now()), ...(command.granted ?? [])],
      barred: barredBy(standing, undefined, clock.now()),
    };
  },
  decide: ({ stream, facts, roles, barred: [barred] }) => {
    if (barred !== undefined) return refuse(barred);
    if (!roles.includes('administrator'))
      return refuse({ reason: 'RoleMissing', accepted: { roles: ['administrator'] as never } });
    const decision = decide(facts, command);
    return decision.accepted ? accept(...decision.events.map((event) => ({ stream, event }))) : decision;
  },
  refusal: (rejections) => refusalOf(command, name, rejections),
});
