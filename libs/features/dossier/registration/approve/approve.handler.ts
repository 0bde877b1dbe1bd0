import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { approve, type Approve } from './approve.js';

export class ApproveCommand extends Command<Outcome> {
  constructor(readonly input: Approve) {
    super();
  }
}

@CommandHandler(ApproveCommand)
export class ApproveHandler implements ICommandHandler<ApproveCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: ApproveCommand): Promise<Outcome> {
    return this.desk.onDossier(approve, input);
  }
}
