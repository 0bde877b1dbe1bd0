import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../desk.js';
import { changeMembership, type ChangeMembership } from './change-membership.js';

export class ChangeMembershipCommand extends Command<Outcome> {
  constructor(readonly input: ChangeMembership) {
    super();
  }
}

@CommandHandler(ChangeMembershipCommand)
export class ChangeMembershipHandler implements ICommandHandler<ChangeMembershipCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: ChangeMembershipCommand): Promise<Outcome> {
    return this.desk.administer(changeMembership, input);
  }
}
