import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { rejectRegistration, type Reject } from './reject.js';

export class RejectCommand extends Command<Outcome> {
  constructor(readonly input: Reject) {
    super();
  }
}

@CommandHandler(RejectCommand)
export class RejectHandler implements ICommandHandler<RejectCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RejectCommand): Promise<Outcome> {
    return this.desk.onDossier(rejectRegistration, input);
  }
}
