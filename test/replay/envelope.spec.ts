import { spawnSync } from 'node:child_process';
import { createSecretKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isCanonical } from '#event-sourcing/canonical.js';
import { catalogueOf } from '#event-sourcing/catalogue.js';
import { decodeEvent, prepareEvent, readEnvelope } from '#event-sourcing/envelope.js';
import type { AnyEvent, CommandContext, EventDefinition, PersonSlot } from '#event-sourcing/event.js';
import { fillFrame } from '#event-sourcing/log/frame.js';
import { leafHash } from '#event-sourcing/log/leaf.js';
import type { Stamp, StoredEvent } from '#event-sourcing/ports/event-log.js';
import { openBox, verifyDisclosure } from '#event-sourcing/sealing/sealing.js';
import type { EventId, SubjectKeyId } from '#event-sourcing/vocabulary.js';

/*
 * Golden lines are for ever: a line that is here stays as it is, byte for byte, as the events of every log do. A new
 * shape gets a new line:
 * write its inputs with empty `bytes` and `leaf`, and take those that the failing test prints once the second
 * implementation agrees.
 */
interface GoldenLine {
  readonly name: string;
  readonly definition: EventDefinition;
  readonly event: AnyEvent;
  readonly context: CommandContext;
  readonly id: EventId;
  readonly stamp: Stamp;
  readonly keys: Readonly<Partial<Record<PersonSlot, { readonly id: SubjectKeyId; /** hex */ readonly key: string }>>>;
  /** hex: the nonce, then the salts of the paths in canonical order. */
  readonly random: Readonly<Partial<Record<PersonSlot, string>>>;
  readonly bytes: string;
  readonly leaf: string;
}

const here = dirname(fileURLToPath(import.meta.url));
const golden = join(here, 'envelope.golden.jsonl');
const lines = readFileSync(golden, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as GoldenLine);
const named = lines.map((line) => [line.name, line] as const);

const subjectKey = ({ keys }: GoldenLine, slot: PersonSlot) => ({
  id: keys[slot]!.id,
  key: createSecretKey(Buffer.from(keys[slot]!.key, 'hex')),
});
const bytesOf = (line: GoldenLine): Uint8Array => {
  const random = Object.values(line.random).map((hex) => Buffer.from(hex, 'hex'));
  const pending = prepareEvent(line.event, line.definition, line.context, {
    id: line.id,
    keyFor: (slot) => subjectKey(line, slot),
    ids: { bytes: () => random.shift()! },
  });
  return fillFrame(pending.frame, line.stamp);
};
const stored = (line: GoldenLine): StoredEvent => ({
  ...line.stamp,
  position: 0,
  id: line.id,
  type: line.event.type,
  commandId: line.context.commandId,
  data: Buffer.from(line.bytes, 'hex'),
});

describe.each(named)('golden event: %s', (_name, line) => {
  it('is written in exactly these bytes, with this leaf', () => {
    expect(Buffer.from(bytesOf(line)).toString('hex')).toBe(line.bytes);
    expect(leafHash(stored(line)).toString('hex')).toBe(line.leaf);
    expect(isCanonical(stored(line).data)).toBe(true);
  });

  it('is read back as it was', () => {
    const recorded = decodeEvent(stored(line), catalogueOf({ ...line.definition, lift: (body) => body }));
    const inClear = Object.entries(line.event).filter(([name]) => !(name in line.definition.personal));
    expect(recorded.event).toEqual(Object.fromEntries(inClear));
    expect(recorded).toMatchObject({
      stream: line.stamp.stream,
      revision: line.stamp.revision,
      actor: line.context.actor,
      command: { id: line.context.commandId, step: line.stamp.step, of: line.stamp.of },
    });
    const commitments = new Map(
      Object.values(readEnvelope(stored(line)).boxes).flatMap((box) => Object.entries(box.fields)),
    );
    const opened = Object.values(recorded.boxes).flatMap((box) => [...openBox(box, subjectKey(line, box.slot).key)]);
    const values = Object.entries(line.event)
      .filter(([name]) => name in line.definition.personal)
      .flatMap(([name, held]) => valuesIn(name, held));
    const { user } = line.context;
    if (user !== undefined) values.push(['user', [user.issuer, user.subject]]);
    expect(new Map(opened.map(([path, { value }]) => [path, value]))).toEqual(new Map(values));
    expect(opened.every(([path, { salt, value }]) => verifyDisclosure(commitments.get(path)!, path, salt, value))).toBe(
      true,
    );
  });
});

const valuesIn = (name: string, held: object): [string, unknown][] =>
  'erased' in held
    ? []
    : 'value' in held
      ? [[name, held.value]]
      : Object.entries(held as Record<string, { value: unknown }>).map(([key, { value }]) => [`${name}.${key}`, value]);

const python = spawnSync('python3', ['--version']).status === 0;
const second = (file: string) => spawnSync('python3', [join(here, 'envelope.second.py'), file], { encoding: 'utf8' });

(python ? describe : describe.skip)(
  'a second implementation, in another language and from the document alone (needs python3)',
  () => {
    it('encodes, opens and verifies every golden line alike', () => {
      const { status, stdout, stderr } = second(golden);
      expect(stderr).toBe('');
      expect([status, JSON.parse(stdout)]).toEqual([0, { events: lines.length, boxes: 7, fields: 16 }]);
    });

    it.each<[string, (line: GoldenLine) => object]>([
      ['one byte of the data', ({ bytes }) => ({ bytes: bytes.replace('7761', '7762') })],
      ['the leaf', ({ leaf }) => ({ leaf: leaf.replace(/.$/, (last) => (last === '0' ? '1' : '0')) })],
      ['the key', ({ keys: { customer } }) => ({ keys: { customer: { ...customer, key: '0'.repeat(64) } } })],
      ['a value', ({ event }) => ({ event: { ...event, holder: 'dealer-b' } })],
    ])('disagrees when somebody changes %s', (_what, change) => {
      const folder = mkdtempSync(join(tmpdir(), 'golden-'));
      const line = lines[1]!;
      writeFileSync(join(folder, 'changed.jsonl'), `${JSON.stringify({ ...line, ...change(line) })}\n`);
      expect(second(join(folder, 'changed.jsonl'))).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringContaining(line.name) as string,
      });
      rmSync(folder, { recursive: true });
    });
  },
);

describe('docs/reference/event-format.md', () => {
  const page = readFileSync(join(here, '../../docs/reference/event-format.md'), 'utf8');
  const line = lines[1]!;

  it('its worked example is the golden line, value by value', () => {
    const data = stored(line).data;
    const box = decodeEvent(stored(line), catalogueOf(line.definition)).boxes.customer!;
    const opened = openBox(box, subjectKey(line, 'customer').key);
    const inside = JSON.stringify(Object.fromEntries(opened));
    const exampleValues = [
      Buffer.from(data).toString('utf8'),
      line.keys.customer!.key,
      line.keys.customer!.id,
      line.id,
      inside,
      line.leaf,
      line.name,
      String(data.length),
      ...Object.values(readEnvelope(stored(line)).boxes.customer!.fields),
      ...[...opened.values()].map(({ salt }) => salt),
    ];
    expect(exampleValues.filter((value) => !page.includes(value))).toEqual([]);
  });

  it('names every field of an envelope', () => {
    const names = new Set(lines.flatMap((golden) => namesIn(readEnvelope(stored(golden)), ['body', 'fields'])));
    expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    expect(names.size).toBeGreaterThan(30);
  });
});

/** Names of fields at every level, but for what lies below the fields that hold the event's own. */
const namesIn = (value: unknown, closed: readonly string[]): readonly string[] =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? []
    : Object.entries(value).flatMap(([name, inner]) => [
        name,
        ...(closed.includes(name) ? [] : namesIn(inner, closed)),
      ]);
