import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvelope } from '#event-sourcing/envelope.js';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import { playStory } from './story.js';

/** One recorded event as it stands on a disk somewhere, for ever. `data`: its exact bytes, which are UTF-8. */
export interface GoldenEvent extends Omit<StoredEvent, 'data'> {
  readonly schema: number;
  readonly data: string;
}

const file = join(import.meta.dirname.replace(/([/\\])dist[/\\](?=test[/\\])/, '$1'), 'events.golden.jsonl');
export const goldenEvents = (): readonly GoldenEvent[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as GoldenEvent)
    : [];
export const storedOf = ({ data, schema: _schema, ...stored }: GoldenEvent): StoredEvent => ({
  ...stored,
  data: Buffer.from(data, 'utf8'),
});

/** Lines for types and schemas that have none yet; a line that is there is never touched. */
export const missingLines = async (): Promise<readonly GoldenEvent[]> => {
  const known = new Set(goldenEvents().map(({ type, schema }) => `${type}/${schema}`));
  return (await playStory()).events.flatMap((stored) => {
    const { schema } = readEnvelope(stored);
    if (known.has(`${stored.type}/${schema}`)) return [];
    known.add(`${stored.type}/${schema}`);
    return [{ ...stored, schema, data: Buffer.from(stored.data).toString('utf8') }];
  });
};

if (process.argv[1]?.endsWith('events-golden.js') === true)
  writeFileSync(file, (await missingLines()).map((line) => `${JSON.stringify(line)}\n`).join(''), { flag: 'a' });
