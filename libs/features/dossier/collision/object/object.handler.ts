import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { object, type RaiseObjection } from './object.js';

export class ObjectCommand extends Command<Outcome> {
  constructor(readonly input: RaiseObjection) {
    super();
  }
}

@CommandHandler(ObjectCommand)
export class ObjectHandler implements ICommandHandler<ObjectCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: ObjectCommand): Promise<Outcome> {
    return this.desk.onDossier(object, input);
  }
}
