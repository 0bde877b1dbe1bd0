import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../desk.js';
import { grantRole, type GrantRole } from './grant-role.js';

export class GrantRoleCommand extends Command<Outcome> {
  constructor(readonly input: GrantRole) {
    super();
  }
}

@CommandHandler(GrantRoleCommand)
export class GrantRoleHandler implements ICommandHandler<GrantRoleCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: GrantRoleCommand): Promise<Outcome> {
    return this.desk.administer(grantRole, input);
  }
}
