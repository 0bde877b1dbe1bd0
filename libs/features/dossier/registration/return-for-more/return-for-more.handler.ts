import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { returnForMore, type ReturnForMore } from './return-for-more.js';

export class ReturnForMoreCommand extends Command<Outcome> {
  constructor(readonly input: ReturnForMore) {
    super();
  }
}

@CommandHandler(ReturnForMoreCommand)
export class ReturnForMoreHandler implements ICommandHandler<ReturnForMoreCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: ReturnForMoreCommand): Promise<Outcome> {
    return this.desk.onDossier(returnForMore, input);
  }
}
