import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../desk.js';
import { issueNoticesHandling, type IssueNotices } from './issue-notices.js';

export class IssueNoticesCommand extends Command<Outcome> {
  constructor(readonly input: IssueNotices) {
    super();
  }
}

@CommandHandler(IssueNoticesCommand)
export class IssueNoticesHandler implements ICommandHandler<IssueNoticesCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: IssueNoticesCommand): Promise<Outcome> {
    return this.desk.handle(issueNoticesHandling(input));
  }
}
