import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../desk.js';
import { revokeRole, type RevokeRole } from './revoke-role.js';

export class RevokeRoleCommand extends Command<Outcome> {
  constructor(readonly input: RevokeRole) {
    super();
  }
}

@CommandHandler(RevokeRoleCommand)
export class RevokeRoleHandler implements ICommandHandler<RevokeRoleCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RevokeRoleCommand): Promise<Outcome> {
    return this.desk.administer(revokeRole, input);
  }
}
