import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../edge/commands.js';
import { revokeRole, type RevokeRole } from './revoke-role.js';

export class RevokeRoleCommand extends Command<Outcome> {
  constructor(readonly input: RevokeRole) {
    super();
  }
}

@CommandHandler(RevokeRoleCommand)
export class RevokeRoleHandler implements ICommandHandler<RevokeRoleCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RevokeRoleCommand): Promise<Outcome> {
    return this.desk.administer(revokeRole, input);
  }
}
