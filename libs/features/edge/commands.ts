import type { AnyEvent } from '#event-sourcing/event.js';
import type { CommandEngine, Outcome } from '#event-sourcing/command/handle-command.js';
import type { Clock, Ids } from '#event-sourcing/ports/clock.js';
import type { CommandBase } from '../deciding/decision-facts.js';
import type { Given, Slice } from '../deciding/slice.js';
import { asUser } from '../user/facts.js';

/** What stands behind the bus: the engine, and what every slice is given. */
export class Commands implements Given {
  constructor(
    readonly engine: CommandEngine,
    readonly clock: Clock,
    readonly ids: Ids,
    readonly secret: Given['secret'],
    readonly userStream: Given['userStream'],
  ) {}

  readonly newDossierId = (): string => this.ids.uuid().replaceAll('-', '');

  async send<C extends CommandBase, E extends AnyEvent>(slice: Slice<C, E>, command: C): Promise<Outcome<E>> {
    const handling = slice.handling(command, this);
    const { user } = command;
    return user === undefined
      ? this.engine.handle(handling)
      : this.engine.handle(asUser(handling, user, await this.userStream(user)));
  }
}
