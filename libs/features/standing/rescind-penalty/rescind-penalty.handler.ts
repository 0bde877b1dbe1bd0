import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../edge/commands.js';
import { rescindPenaltyHandling, type RescindPenalty } from './rescind-penalty.js';

export class RescindPenaltyCommand extends Command<Outcome> {
  constructor(readonly input: RescindPenalty) {
    super();
  }
}

@CommandHandler(RescindPenaltyCommand)
export class RescindPenaltyHandler implements ICommandHandler<RescindPenaltyCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RescindPenaltyCommand): Promise<Outcome> {
    return this.desk.handle(rescindPenaltyHandling(input, this.desk.clock));
  }
}
