import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../edge/commands.js';
import { issueNoticesHandling, type IssueNotices } from './issue-notices.js';

export class IssueNoticesCommand extends Command<Outcome> {
  constructor(readonly input: IssueNotices) {
    super();
  }
}

@CommandHandler(IssueNoticesCommand)
export class IssueNoticesHandler implements ICommandHandler<IssueNoticesCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: IssueNoticesCommand): Promise<Outcome> {
    return this.desk.handle(issueNoticesHandling(input));
  }
}
