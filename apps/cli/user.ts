import { Command } from 'commander';
import { commandTo } from '#features/edge/command-bus.js';
import { lockUser } from '#features/user/lock-user/lock-user.js';
import { unlockUser } from '#features/user/unlock-user/unlock-user.js';
import { readConfiguration } from '#installation/configuration.js';
import { wellFormedText } from '#identity/text.js';
import { mustBeDone, onHost } from './on-host.js';
import { openFolder } from './open-folder.js';
import { UsageError } from './usage-error.js';

interface UserOptions {
  readonly subject: string;
  readonly issuer?: string;
  readonly reason: string;
}
interface Act {
  readonly name: 'lock' | 'unlock';
  readonly description: string;
  readonly slice: typeof lockUser;
  readonly done: string;
  readonly before: string;
}

const acts: readonly Act[] = [
  {
    name: 'lock',
    description: '锁定一个登录账号（须先停止服务器） / lock one login, with the server stopped',
    slice: lockUser,
    done: '已锁定 / locked',
    before: '此前已锁定 / was locked before',
  },
  {
    name: 'unlock',
    description: '解锁一个登录账号（须先停止服务器） / let a locked login in again, with the server stopped',
    slice: unlockUser,
    done: '已解锁 / let in again',
    before: '未被锁定 / was not locked',
  },
];

/** `baobei user unlock --subject zhang-li --reason …`: for whoever works on the host when no administrator can. */
export const userCommand = (): Command => {
  const command = new Command('user').description('登录账号 / logins');
  for (const act of acts)
    command
      .command(act.name)
      .description(act.description)
      .requiredOption('--subject <sub>', '令牌中的 sub / `sub` of its tokens')
      .option('--issuer <iss>', '令牌中的 iss，默认 AUTH_ISSUER / `iss` of its tokens, AUTH_ISSUER by default')
      .requiredOption('--reason <text>', '原因 / why')
      .action((options: UserOptions) => carryOut(act, options));
  return command;
};

const reasonMax = 2_000;

const carryOut = async ({ slice, done, before }: Act, { subject, issuer, reason }: UserOptions): Promise<void> => {
  if (!wellFormedText(reason, { max: reasonMax, lines: true }).ok)
    throw new UsageError(
      `--reason 须为 1 到 ${reasonMax} 个字符的文字。 / --reason is a text of 1 to ${reasonMax} characters.`,
    );
  const login = { issuer: issuer ?? readConfiguration(process.env).identity.issuer, subject };
  const installation = await openFolder();
  try {
    const isNew = await mustBeDone(
      installation.bus.execute(commandTo(slice, { ...onHost(installation), login, reason })),
    );
    process.stdout.write(`${subject}（${login.issuer}）：${isNew ? done : before}\n`);
  } finally {
    await installation.close();
  }
};
