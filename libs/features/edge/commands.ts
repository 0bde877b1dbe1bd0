import type { AnyEvent } from '#event-sourcing/event.js';
import type { CommandEngine, Outcome } from '#event-sourcing/command/handle-command.js';
import type { Clock, Ids } from '#event-sourcing/ports/clock.js';
import type { CommandBase } from '../deciding/decision-facts.js';
import type { Secrets } from '../deciding/secrets.js';
import type { Given, Slice } from '../deciding/slice.js';
import { isSystemParty } from '../deciding/system-parties.js';
import { asUser } from '../user/facts.js';

/** What stands behind the bus: the engine, and what every slice is given. */
export class Commands implements Given {
  readonly secret: Given['secret'];
  readonly userStream: Given['userStream'];

  constructor(
    readonly engine: CommandEngine,
    readonly clock: Clock,
    readonly ids: Ids,
    private readonly secrets: Secrets,
  ) {
    this.secret = secrets.secret;
    this.userStream = secrets.userStream;
  }

  readonly newDossierId = (): string => this.ids.uuid().replaceAll('-', '');

  async send<C extends CommandBase, E extends AnyEvent>(slice: Slice<C, E>, command: C): Promise<Outcome<E>> {
    const handling = slice.handling(command, this);
    // The system's ids follow from what they are about, so they say all there is to say.
    if (isSystemParty(command.by)) return this.engine.handle(handling);
    const fingerprint = await this.secrets.fingerprint(slice.name, command);
    const said = { ...handling, context: { ...handling.context, fingerprint } };
    const { user } = command;
    return user === undefined
      ? this.engine.handle(said)
      : this.engine.handle(asUser(said, user, await this.userStream(user)));
  }
}
