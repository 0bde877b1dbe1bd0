import {
  CommitRefusedError,
  LogClosedError,
  type AppendResult,
  type Commit,
  type EventLog,
  type PendingEvent,
} from '../ports/event-log.js';
import type { EventId, Revision } from '../vocabulary.js';
import {
  append,
  at,
  commit,
  freshCommandId,
  noon,
  pending,
  pendingBytes,
  plain,
  readWhole,
  stampIn,
  stream,
} from './commits.js';
import type { OpenLog } from './event-log-contract.js';

const outcomes = (results: readonly AppendResult[]): readonly string[] => results.map(({ outcome }) => outcome);

const threeStreams: Commit['writes'] = [
  { stream: stream('dossier-1'), expected: 'none', events: [pending()] },
  { stream: stream('key-1'), expected: 'none', events: [pending('KeyBound')] },
  { stream: stream('key-2'), expected: 3, events: [pending('KeyBound')] },
];

export const appendingPromises = (open: OpenLog): void => {
  describe('appending', () => {
    it('gives every event the next position of the log and the next revision of its stream', async () => {
      const { log } = await open();
      const first = await append(log, { to: 'dossier-1', events: [pending(), pending()] });
      const second = await append(log, { to: 'dossier-2' });
      const third = await append(log, { to: 'dossier-1' });
      expect(
        [...first, ...second, ...third].map(({ position, stream: name, revision }) => [position, name, revision]),
      ).toEqual([
        [0, 'dossier-1', 0],
        [1, 'dossier-1', 1],
        [2, 'dossier-2', 0],
        [3, 'dossier-1', 2],
      ]);
      expect(await log.head()).toBe(4);
    });

    it('stamps each event with its stream, revision, time and place in the command before its bytes are made', async () => {
      const { log } = await open();
      const events = await append(log, {
        writes: [
          { stream: stream('dossier-1'), expected: 'none', events: [pending(), pending('Approved')] },
          { stream: stream('key-1'), expected: 'none', events: [pending('KeyBound')] },
        ],
      });
      expect(events.map(({ step, of, type }) => [step, of, type])).toEqual([
        [1, 3, 'Registered'],
        [2, 3, 'Approved'],
        [3, 3, 'KeyBound'],
      ]);
      for (const event of await readWhole(log)) {
        const { stream: name, revision, recordedAt, step, of, id } = event;
        expect(stampIn(event)).toMatchObject({ stream: name, revision, recordedAt, step, of, id });
      }
    });

    it('gives back the exact bytes: unicode, white space and escapes as they were written, 256 KB', async () => {
      const { log, reopen } = await open();
      const odd = { ...pending(), frame: [' \n', ...pending('Registered', '王小明 👨‍👩‍👧 \u0000 é').frame, '\t '] };
      const events = [odd, pending('Registered', '\\u738b'), pending('Registered', 'x'.repeat(256 * 1024))].map(
        (event) => ({ ...event, id: idIn(event) }),
      );
      const stored = await append(log, { to: 'dossier-王小明', events });
      const read = await (await reopen()).readStream(stream('dossier-王小明'));
      expect(plain(read)).toEqual(plain(stored));
      expect([
        Buffer.from(read[0]!.data).subarray(0, 2).toString(),
        Buffer.from(read[0]!.data).subarray(-2).toString(),
        read[2]!.data.length > 256 * 1024,
      ]).toEqual([' \n', '\t ', true]);
    });

    it('expects that a stream does not exist, that it stands at a revision, or nothing', async () => {
      const { log } = await open();
      expect(
        outcomes([await log.append(commit({ expected: 'none' })), await log.append(commit({ expected: 'none' }))]),
      ).toEqual(['appended', 'conflict']);
      expect(
        outcomes([
          await log.append(commit({ expected: 0 })),
          await log.append(commit({ expected: 0 })),
          await log.append(commit({ expected: 7 })),
        ]),
      ).toEqual(['appended', 'conflict', 'conflict']);
      expect(
        outcomes([
          await log.append(commit({ expected: 'any' })),
          await log.append(commit({ to: 'dossier-2', expected: 'any' })),
          await log.append(commit({ to: 'dossier-3', expected: 0 })),
        ]),
      ).toEqual(['appended', 'appended', 'conflict']);
    });

    it('stores the events of several streams all or not at all, and says which streams conflict and where they stand', async () => {
      const { log } = await open();
      await append(log, { to: 'key-1' });
      expect(await log.append(commit({ writes: threeStreams }))).toEqual({
        outcome: 'conflict',
        conflicts: [
          { stream: 'key-1', expected: 'none', actual: 0 },
          { stream: 'key-2', expected: 3, actual: 'none' },
        ],
      });
      expect(await log.head()).toBe(1);
      expect(await log.revisions([stream('dossier-1'), stream('key-1'), stream('key-2')])).toEqual(['none', 0, 'none']);
    });

    it('checks streams that were read and are not written', async () => {
      const { log } = await open();
      await append(log, { to: 'standing-a' });
      const check = (expected: Revision | 'none', name = 'standing-a') =>
        log.append(commit({ checks: [{ stream: stream(name), expected }] }));
      expect(outcomes([await check(0), await check('none', 'standing-b')])).toEqual(['appended', 'appended']);
      await append(log, { to: 'standing-a' });
      expect(await check(0)).toEqual({
        outcome: 'conflict',
        conflicts: [{ stream: 'standing-a', expected: 0, actual: 1 }],
      });
      expect(await log.revisions([stream('standing-a'), stream('standing-b')])).toEqual([1, 'none']);
    });

    it('answers a command id that it has with the events of the first time, whatever the command holds now', async () => {
      const { log, reopen } = await open();
      const commandId = freshCommandId();
      const first = await append(log, { commandId, events: [pending(), pending()] });
      await append(log, {});
      const repeated = await log.append(commit({ commandId, to: 'dossier-9', expected: 5 }));
      expect({ ...repeated, events: plain('events' in repeated ? repeated.events : []) }).toEqual({
        outcome: 'repeated',
        events: plain(first),
      });
      const again = await reopen();
      const later = await again.append(commit({ commandId }));
      expect({ ...later, events: plain('events' in later ? later.events : []) }).toEqual({
        outcome: 'repeated',
        events: plain(first),
      });
      expect(plain((await again.findCommand(commandId)) ?? [])).toEqual(plain(first));
      expect(await again.findCommand(freshCommandId())).toBeUndefined();
      expect(await again.head()).toBe(3);
    });

    it('stores a command once when it comes many times at once', async () => {
      const { log } = await open();
      const commandId = freshCommandId();
      const results = await Promise.all(Array.from({ length: 20 }, () => log.append(commit({ commandId }))));
      expect(outcomes(results)).toEqual(['appended', ...Array<string>(19).fill('repeated')]);
      expect(new Set(results.map((result) => ('events' in result ? result.events[0]!.id : ''))).size).toBe(1);
      expect(await log.head()).toBe(1);
    });

    it('refuses one conflicting commit among 64 alone; its neighbours are stored', async () => {
      const { log } = await open();
      await append(log, { to: 'dossier-17' });
      const results = await Promise.all(
        Array.from({ length: 64 }, (_, writer) => log.append(commit({ to: `dossier-${writer}`, expected: 'none' }))),
      );
      expect(results.flatMap(({ outcome }, writer) => (outcome === 'appended' ? [] : [writer]))).toEqual([17]);
      expect(await log.head()).toBe(64);
    });

    it('refuses a commit whose bytes cannot be made alone; its neighbours are stored', async () => {
      const { log } = await open();
      const broken = { ...pending(), frame: [{ stamp: 'nothing' as never }] };
      const results = await Promise.allSettled([
        log.append(commit()),
        log.append(commit({ events: [pending(), broken] })),
        log.append(commit()),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect((await readWhole(log)).map(({ position, revision, of }) => [position, revision, of])).toEqual([
        [0, 0, 1],
        [1, 1, 1],
      ]);
    });

    it('never lets recordedAt go back, although the clock does', async () => {
      const { log, reopen } = await open();
      const times = [
        '2026-03-02T04:00:00.000Z',
        '2025-01-01T00:00:00.000Z',
        '2026-03-02T04:00:00.001Z',
        '2026-03-02T03:59:59.999Z',
      ].map(at);
      await Promise.all(times.slice(0, 2).map((now) => append(log, { now })));
      const again = await reopen();
      for (const now of times.slice(2)) await append(again, { now });
      const recorded = (await readWhole(again)).map(({ recordedAt }) => recordedAt);
      expect(recorded).toEqual([times[0], times[0], times[2], times[2]]);
      expect((await readWhole(again)).map((event) => stampIn(event).recordedAt)).toEqual(recorded);
    });

    it('refuses a malformed commit before anything is stored', async () => {
      const { log } = await open();
      const write = { stream: stream('dossier-1'), expected: 'any' as const, events: [pending()] };
      const malformed = [
        { writes: [] },
        { writes: [{ ...write, events: [] }] },
        { writes: [write, write] },
        { to: '' },
        { to: 'dossier-\u0000' },
        { to: 'dossier-\ud800' },
        { commandId: 'not an id' as never },
        { now: at('2026-03-02') },
        { events: [{ ...pending(), id: 'NOT-A-UUID' as never }] },
        { events: [{ ...pending(), type: 'no type' }] },
        { events: Array.from({ length: 1_001 }, () => pending()) },
        { events: [pendingBytes(Buffer.alloc(1024 * 1024))] },
      ];
      for (const parts of malformed) await expect(log.append(commit(parts))).rejects.toBeInstanceOf(CommitRefusedError);
      expect(await log.head()).toBe(0);
    });

    it('stores large commands that come together, each whole', async () => {
      const { log } = await open();
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, writer) =>
          log.append(
            commit({
              to: `dossier-${writer}`,
              events: [0, 1, 2].map((part) => pending('Registered', `${writer * 3 + part}`.padEnd(200 * 1024))),
            }),
          ),
        ),
      );
      expect(new Set(outcomes(results))).toEqual(new Set(['appended']));
      expect((await readWhole(log)).map((event) => [event.stream, event.step, Number(stampIn(event).note)])).toEqual(
        Array.from({ length: 24 }, (_, place) => [`dossier-${Math.floor(place / 3)}`, (place % 3) + 1, place]),
      );
    });

    it.each([
      ['one stream', () => 'dossier-1'],
      ['many streams', (writer: number) => `dossier-${writer % 16}`],
    ])('stores each acknowledged append of 64 writers exactly once and in revision order: %s', async (_, streamOf) => {
      const { log } = await open();
      const acknowledged = (
        await Promise.all(Array.from({ length: 64 }, (__, writer) => appendUntilTaken(log, streamOf(writer), 8)))
      ).flat();
      const stored = await readWhole(log);
      expect(stored.map(({ position }) => position)).toEqual(stored.map((__, place) => place));
      expect(stored.map(({ commandId }) => commandId).toSorted()).toEqual(acknowledged.toSorted());
      for (const name of new Set(stored.map((event) => event.stream))) {
        const ofStream = stored.filter((event) => event.stream === name);
        expect(ofStream.map(({ revision }) => revision)).toEqual(ofStream.map((__, place) => place));
        expect(ofStream.every((event) => stampIn(event).note === String(event.revision))).toBe(true);
      }
    });

    it('holds everything after a restart and goes on from there', async () => {
      const { log, reopen } = await open();
      for (let command = 0; command < 5; command += 1)
        await append(log, { to: `dossier-${command % 2}`, events: [pending(), pending()] });
      const before = plain(await readWhole(log));
      const { journalId } = log;
      const again = await reopen();
      expect(again.journalId).toBe(journalId);
      expect(plain(await readWhole(again))).toEqual(before);
      expect((await append(again, { to: 'dossier-1', expected: 3 }))[0]).toMatchObject({ position: 10, revision: 4 });
    });

    it('answers the commits that wait when it is closed, and refuses every later one', async () => {
      const { log, reopen } = await open();
      const waiting = Array.from({ length: 10 }, () => log.append(commit()));
      await log.close();
      expect(outcomes(await Promise.all(waiting))).toEqual(Array<string>(10).fill('appended'));
      await expect(log.append(commit())).rejects.toBeInstanceOf(LogClosedError);
      await expect(log.head()).rejects.toBeInstanceOf(LogClosedError);
      expect(await (await reopen()).head()).toBe(10);
    });
  });
};

/** The id that stands in an event's own bytes. */
const idIn = ({ frame }: PendingEvent): EventId => /"id":"([0-9a-f-]{36})","note"/.exec(frame.join(''))![1] as EventId;

/** For storages that look into no event: any bytes at all. */
export const bytesPromises = (open: OpenLog): void => {
  it('gives back any bytes at all: empty, binary and 256 KB', async () => {
    const { log, reopen } = await open();
    const bytes = [
      Buffer.alloc(0),
      Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
      Buffer.alloc(256 * 1024, 0xa5),
    ];
    const stored = await append(log, { events: bytes.map((data) => pendingBytes(data)) });
    const read = await (await reopen()).readStream(stream('dossier-1'));
    expect(plain(read)).toEqual(plain(stored));
    expect(read.every(({ data }, place) => Buffer.compare(Buffer.from(data), bytes[place]!) === 0)).toBe(true);
  });
};

/**
 * Reads where the stream stands, expects exactly that, and tries again when somebody was faster; the note says which
 * revision it meant.
 */
const appendUntilTaken = async (log: EventLog, name: string, count: number): Promise<readonly string[]> => {
  const taken: string[] = [];
  while (taken.length < count) {
    const [revision] = await log.revisions([stream(name)]);
    const next = revision === 'none' ? 0 : revision! + 1;
    const attempt = commit({ to: name, expected: revision!, events: [pending('Registered', String(next))], now: noon });
    if ((await log.append(attempt)).outcome === 'appended') taken.push(attempt.commandId);
  }
  return taken;
};
