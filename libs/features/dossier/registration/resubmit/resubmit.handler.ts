import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { resubmit, type Resubmit } from './resubmit.js';

export class ResubmitCommand extends Command<Outcome> {
  constructor(readonly input: Resubmit) {
    super();
  }
}

@CommandHandler(ResubmitCommand)
export class ResubmitHandler implements ICommandHandler<ResubmitCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: ResubmitCommand): Promise<Outcome> {
    return this.desk.onDossier(resubmit, input);
  }
}
