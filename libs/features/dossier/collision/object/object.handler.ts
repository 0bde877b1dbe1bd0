import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { object, type RaiseObjection } from './object.js';

export class ObjectCommand extends Command<Outcome> {
  constructor(readonly input: RaiseObjection) {
    super();
  }
}

@CommandHandler(ObjectCommand)
export class ObjectHandler implements ICommandHandler<ObjectCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: ObjectCommand): Promise<Outcome> {
    return this.desk.onDossier(object, input);
  }
}
