import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../desk.js';
import { enrolParty, type EnrolParty } from './enrol-party.js';

export class EnrolPartyCommand extends Command<Outcome> {
  constructor(readonly input: EnrolParty) {
    super();
  }
}

@CommandHandler(EnrolPartyCommand)
export class EnrolPartyHandler implements ICommandHandler<EnrolPartyCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: EnrolPartyCommand): Promise<Outcome> {
    return this.desk.administer(enrolParty, input);
  }
}
