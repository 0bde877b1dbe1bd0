import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { release, type Release } from './release.js';

export class ReleaseCommand extends Command<Outcome> {
  constructor(readonly input: Release) {
    super();
  }
}

@CommandHandler(ReleaseCommand)
export class ReleaseHandler implements ICommandHandler<ReleaseCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: ReleaseCommand): Promise<Outcome> {
    return this.desk.onDossier(release, input);
  }
}
