import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../desk.js';
import { rescindPenaltyHandling, type RescindPenalty } from './rescind-penalty.js';

export class RescindPenaltyCommand extends Command<Outcome> {
  constructor(readonly input: RescindPenalty) {
    super();
  }
}

@CommandHandler(RescindPenaltyCommand)
export class RescindPenaltyHandler implements ICommandHandler<RescindPenaltyCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RescindPenaltyCommand): Promise<Outcome> {
    return this.desk.handle(rescindPenaltyHandling(input, this.desk.clock));
  }
}
