import type { Command } from 'commander';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { knownRoles, type Role } from '#policy/roles.js';
import { readConfiguration } from '#installation/configuration.js';
import { mintDevelopmentToken } from '#server/development-issuer.js';
import { lifetimeSecondsMax } from '#server/identity/access-token.js';
import { UsageError } from './usage-error.js';

interface TokenOptions {
  readonly party: string;
  readonly user?: string;
  readonly role: readonly string[];
  readonly hours: string;
}

/**
 * `baobei token --party front-desk --role desk`: prints an access token of the development issuer, for the server on
 * the same data folder.
 */
export const addTokenCommand = (program: Command): void => {
  program
    .command('token')
    .description(
      '打印一个开发用访问令牌（生产环境不可用） / print an access token of the development issuer (never accepted in production)',
    )
    .option('--party <id>', '当事方 / party', 'administrator')
    .option('--user <id>', '登录账号，默认与当事方相同 / login, the party itself by default')
    .option('--role <role...>', `角色 / roles: ${knownRoles.join(', ')}`, [])
    .option('--hours <number>', '有效小时数 / hours until it ends', '8')
    .action(printToken);
};

const printToken = async ({ party, user, role, hours }: TokenOptions): Promise<void> => {
  const configuration = readConfiguration(process.env);
  if (configuration.environment === 'production' || configuration.identity.keys.kind !== 'development') {
    throw new UsageError(
      '此系统的令牌由外部签发方签发；本命令只用于开发环境。 / This installation takes its tokens from an issuer of its own; this command is for development only.',
    );
  }
  const unknown = role.filter((name) => !isRole(name));
  if (unknown.length > 0)
    throw new UsageError(
      `没有这样的角色：${unknown.join('、')}。可用：${knownRoles.join('、')}。 / No such role: ${unknown.join(', ')}. There are: ${knownRoles.join(', ')}.`,
    );
  const ttl = Math.round(Number(hours) * 3_600);
  if (!(ttl > 0 && ttl <= lifetimeSecondsMax))
    throw new UsageError('--hours 须大于 0 且不超过 24。 / --hours is more than 0 and at most 24.');
  const token = await mintDevelopmentToken({
    dataFolder: configuration.dataFolder,
    audience: configuration.identity.audience,
    party: party as PartyId,
    ...(user === undefined ? {} : { user }),
    roles: role.filter(isRole),
    ttl,
    clock: systemClock,
  });
  process.stdout.write(`${token}\n`);
};

const isRole = (name: string): name is Role => (knownRoles as readonly string[]).includes(name);
