import { canonicalText, isCanonical } from '#event-sourcing/canonical.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import { catalogue } from '#features/edge/catalogue.js';
import { readModels } from '#features/edge/readings.js';
import { goldenEvents, missingLines, storedOf, type GoldenEvent } from './events-golden.js';
import { playStory } from './story.js';

const golden = goldenEvents();

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
    const declared = new Set<string>(Object.values(catalogue.get(line.type)!.personal));
    expect(Object.keys(envelope.boxes).filter((slot) => !declared.has(slot))).toEqual([]);
  });

  it('no golden line shows a person in clear', () => {
    expect(
      golden
        .filter(({ data }) => /王芳|1380000|查实|系统停机|先到|离职|点错|认错人|"wang"/.test(data))
        .map(({ type }) => type),
    ).toEqual([]);
  });

  it('the story behind them is played anew by the present code: every type occurs, and every read model folds it', async () => {
    const { events } = await playStory();
    expect([...catalogue.keys()].filter((type) => !events.some((event) => event.type === type))).toEqual([]);
    expect(await missingLines()).toEqual([]);
    for (const model of readModels) {
      const rows = new Map<string, object>();
      for (const recorded of events.map((stored) => decodeEvent(stored, catalogue))) {
        const fold = model.on[recorded.event.type];
        for (const id of fold?.ids(recorded) ?? []) {
          const row = fold!.fold(rows.get(id), recorded, id);
          if (typeof row === 'object') rows.set(id, row);
          else rows.delete(id);
        }
      }
      expect(`${model.name}: ${rows.size > 0 ? 'has rows' : 'is empty'}`).toBe(`${model.name}: has rows`);
    }
  });
});
