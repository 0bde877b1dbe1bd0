import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { rejectRegistration, type Reject } from './reject.js';

export class RejectCommand extends Command<Outcome> {
  constructor(readonly input: Reject) {
    super();
  }
}

@CommandHandler(RejectCommand)
export class RejectHandler implements ICommandHandler<RejectCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RejectCommand): Promise<Outcome> {
    return this.desk.onDossier(rejectRegistration, input);
  }
}
