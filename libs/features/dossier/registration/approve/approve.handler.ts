import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { approve, type Approve } from './approve.js';

export class ApproveCommand extends Command<Outcome> {
  constructor(readonly input: Approve) {
    super();
  }
}

@CommandHandler(ApproveCommand)
export class ApproveHandler implements ICommandHandler<ApproveCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: ApproveCommand): Promise<Outcome> {
    return this.desk.onDossier(approve, input);
  }
}
