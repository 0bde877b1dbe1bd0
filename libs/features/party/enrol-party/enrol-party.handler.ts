import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../edge/commands.js';
import { enrolParty, type EnrolParty } from './enrol-party.js';

export class EnrolPartyCommand extends Command<Outcome> {
  constructor(readonly input: EnrolParty) {
    super();
  }
}

@CommandHandler(EnrolPartyCommand)
export class EnrolPartyHandler implements ICommandHandler<EnrolPartyCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: EnrolPartyCommand): Promise<Outcome> {
    return this.desk.administer(enrolParty, input);
  }
}
