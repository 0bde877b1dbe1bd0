import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../desk.js';
import { recordReadHandling, type RecordReading } from './record-read.js';

export class RecordReadCommand extends Command<Outcome> {
  constructor(readonly input: RecordReading) {
    super();
  }
}

@CommandHandler(RecordReadCommand)
export class RecordReadHandler implements ICommandHandler<RecordReadCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RecordReadCommand): Promise<Outcome> {
    return this.desk.handle(recordReadHandling(input));
  }
}
