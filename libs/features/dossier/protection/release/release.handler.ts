import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { release, type Release } from './release.js';

export class ReleaseCommand extends Command<Outcome> {
  constructor(readonly input: Release) {
    super();
  }
}

@CommandHandler(ReleaseCommand)
export class ReleaseHandler implements ICommandHandler<ReleaseCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: ReleaseCommand): Promise<Outcome> {
    return this.desk.onDossier(release, input);
  }
}
