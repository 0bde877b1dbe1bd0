import type { CommandBus } from '@nestjs/cqrs';
import type { Positions } from '#event-sourcing/ports/positions.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import type { ReadStore } from '#event-sourcing/ports/read-store.js';
import type { CommandEngine } from '#event-sourcing/command/handle-command.js';
import type { Reaction } from '#event-sourcing/reaction/reactor.js';
import { issueNotices } from '../notice/issue-notices/issue-notices.js';
import { whenRuled } from '../notice/when-ruled-issue-notices/when-ruled-issue-notices.js';
import { policyCited, programFolding, programStream } from '../program/facts.js';
import type { ReadModel } from '#event-sourcing/projection/read-model.js';
import { partyCard } from '../party/party-card/party-card.js';
import { programCard } from '../program/program-card/program-card.js';
import { meetPeriods } from '../work/meet-periods/meet-periods.js';
import { whenCalledFor } from '../work/when-called-for-meet-periods/when-called-for-meet-periods.js';
import { commandTo } from './command-bus.js';
import type { Readings } from './readings.js';

/** Every reaction of the product. */
export const reactionsOf = (
  bus: Pick<CommandBus, 'execute'>,
  engine: Pick<CommandEngine, 'ask'>,
  readings: () => Readings,
): readonly Reaction[] => [
  whenRuled(
    (command) => bus.execute(commandTo(issueNotices, command)),
    async (program, reference) => policyCited(await engine.ask(programStream(program), programFolding), reference),
  ),
  whenCalledFor((command) => bus.execute(commandTo(meetPeriods, command)), {
    programs: () => allOf(readings(), programCard),
    parties: async () => (await allOf(readings(), partyCard)).map(({ partyId }) => partyId),
    seen: (position) => seenBy(readings(), position, [partyCard, programCard] as readonly ReadModel<object>[]),
  }),
];

/** Where both have folded it, nobody is waited for: a server that only catches up has nobody who would tell it. */
const seenBy = async (readings: Readings, position: Position, models: readonly ReadModel<object>[]): Promise<void> => {
  const next = await Promise.all(models.map(async (model) => (await readings.of(model)).checkpoint()));
  if (next.some((at) => at <= position)) await readings.seen(position, ...models);
};

const allOf = async <Row extends object>(readings: Readings, model: ReadModel<Row>): Promise<readonly Row[]> => {
  const rows = await readings.of(model);
  const [field] = model.indexes[0]!;
  const found: Row[] = [];
  for (let after: string | undefined, more = true; more;) {
    const page = await rows.page({
      where: {},
      order: [{ field: field!, direction: 'ascending' }],
      first: 100,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.rows.map(({ document }) => document));
    after = page.rows.at(-1)?.cursor;
    more = page.hasNext;
  }
  return found;
};

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
