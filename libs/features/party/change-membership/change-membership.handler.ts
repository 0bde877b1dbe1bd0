import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../edge/commands.js';
import { changeMembership, type ChangeMembership } from './change-membership.js';

export class ChangeMembershipCommand extends Command<Outcome> {
  constructor(readonly input: ChangeMembership) {
    super();
  }
}

@CommandHandler(ChangeMembershipCommand)
export class ChangeMembershipHandler implements ICommandHandler<ChangeMembershipCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: ChangeMembershipCommand): Promise<Outcome> {
    return this.desk.administer(changeMembership, input);
  }
}
