import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalText, isCanonical } from '#event-sourcing/canonical.js';
import type { Recorded } from '#event-sourcing/event.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import { catalogue } from '#features/edge/catalogue.js';
import { readModels } from '#features/edge/readings.js';
import { goldenEvents, missingLines, storedOf, type GoldenEvent } from './events-golden.js';
import { playStory } from './story.js';

const golden = goldenEvents();
const here = import.meta.dirname;

describe('golden events: what was recorded once is read for ever', () => {
  it('there is a line for every type and schema; cure: npm run build, node dist/test/replay/events-golden.js, and commit the new lines', () => {
    const lines = new Set(golden.map(({ type, schema }) => `${type}/${schema}`));
    expect(
      [...catalogue.values()].map(({ type, schema }) => `${type}/${schema}`).filter((each) => !lines.has(each)),
    ).toEqual([]);
    expect(lines.size).toBe(golden.length);
  });

  it.each(golden.map((line): [string, GoldenEvent] => [`${line.type}/${line.schema}`, line]))('%s', (_name, line) => {
    const stored = storedOf(line);
    expect(isCanonical(stored.data)).toBe(true);
    const envelope = JSON.parse(line.data) as {
      readonly body: object;
      readonly kind: string;
      readonly schema: number;
      readonly boxes: object;
      readonly times: object;
      readonly actor: object;
    };
    expect(canonicalText(envelope)).toBe(line.data);
    expect(envelope.schema).toBe(line.schema);
    const recorded = decodeEvent(stored, catalogue);
    // A body of the present schema is read as it was written; only an older one is lifted.
    if (catalogue.get(line.type)!.schema === line.schema)
      expect(recorded.event).toEqual({ ...envelope.body, type: line.type });
    expect(recorded).toMatchObject({
      kind: envelope.kind,
      times: envelope.times,
      actor: envelope.actor,
      stream: line.stream,
      revision: line.revision,
    });
    expect(catalogue.get(line.type)!.kind).toBe(envelope.kind);
    expect(Object.keys(recorded.boxes)).toEqual(Object.keys(envelope.boxes));
    // The envelope's own, beside those that the type declares.
    const declared = new Set<string>(['user', ...Object.values(catalogue.get(line.type)!.personal)]);
    expect(Object.keys(envelope.boxes).filter((slot) => !declared.has(slot))).toEqual([]);
  });

  it('no golden line shows a person in clear', () => {
    expect(
      golden
        .filter(({ data }) =>
          /王芳|1380000|查实|系统停机|先到|离职|点错|登错|认错人|账号外借|u-17|u-18|"wang"/.test(data),
        )
        .map(({ type }) => type),
    ).toEqual([]);
  });

  it('the story behind them is played anew by the present code: every type occurs', async () => {
    const { events } = await playStory();
    expect([...catalogue.keys()].filter((type) => !events.some((event) => event.type === type))).toEqual([]);
    expect(await missingLines()).toEqual([]);
  });

  it('each event changes these fields of these read models; cure: read what is new, and write it into what-events-change.txt if it is right', async () => {
    const { events } = await playStory();
    expect(whatChanges(events.map((stored) => decodeEvent(stored, catalogue)))).toBe(
      readFileSync(join(here, 'what-events-change.txt'), 'utf8'),
    );
  });
});

/**
 * A line for each read model and type of event: the fields that some event of the story gave another value. The history
 * takes every event whole.
 */
const whatChanges = (story: readonly Recorded[]): string => {
  const lines = readModels
    .filter(({ name }) => name !== 'history')
    .flatMap((model) => {
      const rows = new Map<string, object>();
      const changed = new Map<string, Set<string>>();
      for (const recorded of story) {
        const fold = model.on[recorded.event.type];
        for (const id of fold?.ids(recorded) ?? []) {
          const before = rows.get(id) ?? {};
          const folded = fold!.fold(rows.get(id), recorded, id);
          const after = typeof folded === 'object' ? folded : {};
          const fields = changed.get(recorded.event.type) ?? new Set<string>();
          changed.set(recorded.event.type, fields);
          for (const field of [...Object.keys(before), ...Object.keys(after)])
            if (canonicalOf(before, field) !== canonicalOf(after, field)) fields.add(field);
          if (typeof folded === 'object') rows.set(id, folded);
          else rows.delete(id);
        }
      }
      return [...changed].map(
        ([type, fields]) => `${model.name} ${type}: ${[...fields].toSorted().join(' ') || 'nothing'}\n`,
      );
    });
  return lines.toSorted().join('');
};
const canonicalOf = (row: object, field: string): string =>
  JSON.stringify((row as Readonly<Record<string, unknown>>)[field]) ?? 'absent';
