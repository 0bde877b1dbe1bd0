import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../edge/commands.js';
import { recordReadHandling, type RecordReading } from './record-read.js';

export class RecordReadCommand extends Command<Outcome> {
  constructor(readonly input: RecordReading) {
    super();
  }
}

@CommandHandler(RecordReadCommand)
export class RecordReadHandler implements ICommandHandler<RecordReadCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RecordReadCommand): Promise<Outcome> {
    return this.desk.handle(recordReadHandling(input));
  }
}
