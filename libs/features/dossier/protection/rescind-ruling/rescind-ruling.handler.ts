import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { rescindRuling, type RescindRuling } from './rescind-ruling.js';

export class RescindRulingCommand extends Command<Outcome> {
  constructor(readonly input: RescindRuling) {
    super();
  }
}

@CommandHandler(RescindRulingCommand)
export class RescindRulingHandler implements ICommandHandler<RescindRulingCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RescindRulingCommand): Promise<Outcome> {
    return this.desk.onDossier(rescindRuling, input);
  }
}
