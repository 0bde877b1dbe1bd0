import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { grantPermission, type GrantPermission } from './grant-permission.js';

export class GrantPermissionCommand extends Command<Outcome> {
  constructor(readonly input: Omit<GrantPermission, 'newDossierId'>) {
    super();
  }
}

@CommandHandler(GrantPermissionCommand)
export class GrantPermissionHandler implements ICommandHandler<GrantPermissionCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: GrantPermissionCommand): Promise<Outcome> {
    return this.desk.onSubject(grantPermission, input);
  }
}
