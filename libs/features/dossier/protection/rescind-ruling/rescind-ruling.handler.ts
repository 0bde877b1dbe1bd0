import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { rescindRuling, type RescindRuling } from './rescind-ruling.js';

export class RescindRulingCommand extends Command<Outcome> {
  constructor(readonly input: RescindRuling) {
    super();
  }
}

@CommandHandler(RescindRulingCommand)
export class RescindRulingHandler implements ICommandHandler<RescindRulingCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RescindRulingCommand): Promise<Outcome> {
    return this.desk.onDossier(rescindRuling, input);
  }
}
