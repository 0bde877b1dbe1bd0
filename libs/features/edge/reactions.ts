import type { CommandBus } from '@nestjs/cqrs';
import type { Positions } from '#event-sourcing/ports/positions.js';
import type { ReadStore } from '#event-sourcing/ports/read-store.js';
import type { CommandEngine } from '#event-sourcing/command/handle-command.js';
import type { Reaction } from '#event-sourcing/reaction/reactor.js';
import { issueNotices } from '../notice/issue-notices/issue-notices.js';
import { whenRuled } from '../notice/when-ruled-issue-notices/when-ruled-issue-notices.js';
import { policyCited, programFolding, programStream } from '../program/facts.js';
import { commandTo } from './command-bus.js';

/** Every reaction of the product. */
export const reactionsOf = (
  bus: Pick<CommandBus, 'execute'>,
  engine: Pick<CommandEngine, 'ask'>,
): readonly Reaction[] => [
  whenRuled(
    (command) => bus.execute(commandTo(issueNotices, command)),
    async (program, reference) => policyCited(await engine.ask(programStream(program), programFolding), reference),
  ),
];

/**
 * Positions were kept among the read models until positions had a store of their own: they are taken over once, so that
 * nothing is told twice.
 */
export const takeOverPositions = async (
  reactions: readonly Reaction[],
  positions: Positions,
  readStore: Pick<ReadStore, 'live'>,
): Promise<void> => {
  for (const { name } of reactions) {
    if ((await positions.get(name)) !== undefined) continue;
    const before = await readStore.live<object>({ name: `reaction-${name}`, version: 1, indexes: [] });
    const next = await before.checkpoint();
    await positions.keep(name, { next, parked: [], version: 1 });
  }
};
