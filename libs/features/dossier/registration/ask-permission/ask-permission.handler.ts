import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { askPermission, type AskPermission } from './ask-permission.js';

export class AskPermissionCommand extends Command<Outcome> {
  constructor(readonly input: Omit<AskPermission, 'newDossierId'>) {
    super();
  }
}

@CommandHandler(AskPermissionCommand)
export class AskPermissionHandler implements ICommandHandler<AskPermissionCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: AskPermissionCommand): Promise<Outcome> {
    return this.desk.onSubject(askPermission, input);
  }
}
