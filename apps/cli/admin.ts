import { Command } from 'commander';
import { decodeEvent } from '#event-sourcing/envelope.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { catalogue } from '#features/edge/catalogue.js';
import { commandTo } from '#features/edge/command-bus.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import type { RoleGranted } from '#features/party/events.js';
import { partyFolding, partyStream, rolesAt } from '#features/party/facts.js';
import { grantRole } from '#features/party/grant-role/grant-role.js';
import type { Installation } from '#installation/installation.js';
import { mustBeDone, onHost } from './on-host.js';
import { openFolder } from './open-folder.js';
import { UsageError } from './usage-error.js';

interface GrantOptions {
  readonly party: string;
  readonly name?: string;
  readonly also: boolean;
}

/**
 * `baobei admin grant --party zhang-li`: makes the first administrator of an installation whose tokens come from an
 * issuer. Done on the host, with the server stopped; recorded as done by `host`.
 */
export const adminCommand = (): Command =>
  new Command('admin')
    .description('管理员 / administrators')
    .addCommand(
      new Command('grant')
        .description(
          '在主机上设立首位管理员（须先停止服务器） / make the first administrator, on the host, with the server stopped',
        )
        .requiredOption('--party <id>', '当事方，即令牌中的 party / the party, as `party` in its tokens')
        .option('--name <name>', '姓名，默认与当事方相同 / the name, the party itself by default')
        .option(
          '--also',
          '已有管理员时仍然授予，例如管理员都已离开 / also where there is one: everybody who was has left, say',
          false,
        )
        .action(grant),
    );

const partyForm = /^[A-Za-z0-9][A-Za-z0-9._:@|-]{0,127}$/;

const grant = async ({ party, name = party, also }: GrantOptions): Promise<void> => {
  if (!partyForm.test(party))
    throw new UsageError(
      '--party 须为 1 到 128 个字母、数字或 . _ : @ | -，以字母或数字开头。 / --party is 1 to 128 letters, digits or . _ : @ | -, and begins with a letter or digit.',
    );
  const installation = await openFolder();
  try {
    const [known] = await administrators(installation);
    if (known !== undefined && known !== party && !also)
      throw new UsageError(
        `已有管理员 ${known}，请由其授予；若已无人可用，加 --also。 / ${known} is an administrator and can grant it; if nobody is left who can, add --also.`,
      );
    const partyId = party as PartyId;
    const enrolled = mustBeDone(
      installation.bus.execute(commandTo(enrolParty, { ...onHost(installation), partyId, kind: 'person', name })),
      'PartyExists',
    );
    await enrolled;
    if (known !== party)
      await mustBeDone(
        installation.bus.execute(
          commandTo(grantRole, {
            ...onHost(installation),
            partyId,
            role: 'administrator',
            from: installation.clock.now(),
          }),
        ),
      );
    process.stdout.write(
      `${party} 是管理员，已记入日志。令牌中 party 为 ${party} 的人即可授予其他角色。\n${party} is an administrator; the log says so. Whoever holds a token with party ${party} can give the other roles.\n`,
    );
  } finally {
    await installation.close();
  }
};

const sliceMax = 1_000;

/** Who is an administrator of everything now, read from the log. */
const administrators = async ({ parts: { log }, engine, clock }: Installation): Promise<readonly PartyId[]> => {
  const granted = new Set<PartyId>();
  const head = await log.head();
  for (let from = 0; from < head;) {
    const { events, next } = await log.readAll(from, { types: ['RoleGranted'], max: sliceMax });
    for (const stored of events) {
      const event = decodeEvent(stored, catalogue).event as RoleGranted;
      if (event.role === 'administrator') granted.add(event.partyId);
    }
    from = next;
  }
  const held: PartyId[] = [];
  for (const party of granted)
    if (rolesAt(await engine.ask(partyStream(party), partyFolding), undefined, clock.now()).includes('administrator'))
      held.push(party);
  return held;
};
