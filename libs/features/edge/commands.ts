import type { AnyEvent } from '#event-sourcing/event.js';
import type { CommandEngine, Outcome } from '#event-sourcing/command/handle-command.js';
import type { Clock, Ids } from '#event-sourcing/ports/clock.js';
import type { CommandBase } from '../deciding/decision-facts.js';
import type { Given, Slice } from '../deciding/slice.js';

/** What stands behind the bus: the engine, and what every slice is given. */
export class Commands implements Given {
  constructor(
    readonly engine: CommandEngine,
    readonly clock: Clock,
    readonly ids: Ids,
    readonly secret: Given['secret'],
  ) {}

  readonly newDossierId = (): string => this.ids.uuid().replaceAll('-', '');

  send<C extends CommandBase, E extends AnyEvent>(slice: Slice<C, E>, command: C): Promise<Outcome<E>> {
    return this.engine.handle(slice.handling(command, this));
  }
}
