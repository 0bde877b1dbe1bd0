import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../edge/commands.js';
import { grantRole, type GrantRole } from './grant-role.js';

export class GrantRoleCommand extends Command<Outcome> {
  constructor(readonly input: GrantRole) {
    super();
  }
}

@CommandHandler(GrantRoleCommand)
export class GrantRoleHandler implements ICommandHandler<GrantRoleCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: GrantRoleCommand): Promise<Outcome> {
    return this.desk.administer(grantRole, input);
  }
}
