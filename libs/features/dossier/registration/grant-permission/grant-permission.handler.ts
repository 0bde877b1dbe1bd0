import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { grantPermission, type GrantPermission } from './grant-permission.js';

export class GrantPermissionCommand extends Command<Outcome> {
  constructor(readonly input: Omit<GrantPermission, 'newDossierId'>) {
    super();
  }
}

@CommandHandler(GrantPermissionCommand)
export class GrantPermissionHandler implements ICommandHandler<GrantPermissionCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: GrantPermissionCommand): Promise<Outcome> {
    return this.desk.onSubject(grantPermission, input);
  }
}
