import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { returnForMore, type ReturnForMore } from './return-for-more.js';

export class ReturnForMoreCommand extends Command<Outcome> {
  constructor(readonly input: ReturnForMore) {
    super();
  }
}

@CommandHandler(ReturnForMoreCommand)
export class ReturnForMoreHandler implements ICommandHandler<ReturnForMoreCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: ReturnForMoreCommand): Promise<Outcome> {
    return this.desk.onDossier(returnForMore, input);
  }
}
