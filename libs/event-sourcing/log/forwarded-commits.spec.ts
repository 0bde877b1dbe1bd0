import fc from 'fast-check';
import { memoryLogIndex } from '#adapters/event-log-memory/log-index-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { createEventLog } from './event-log.js';
import { commitsIn, commitsText, handedIn, handedText } from './forwarded-commits.js';
import { append, commit, pendingBytes, plain } from '../testing/commits.js';

describe('what servers hand to each other, as text', () => {
  it('keeps a commit whole: several streams, checks, bytes that are no text', () => {
    const commits = [
      commit({ to: 'dossier-王', expected: 'none' }),
      {
        ...commit(),
        writes: [
          { stream: 'key-1' as never, expected: 3 as never, events: [pendingBytes(Uint8Array.of(0, 255, 128))] },
        ],
        checks: [{ stream: 'party-1' as never, expected: 'none' as const }],
      },
    ];
    expect(commitsIn(commitsText(commits, 7))).toEqual({
      head: 7,
      commits: commits.map((each) => ({
        ...each,
        writes: each.writes.map((write) => ({
          ...write,
          events: write.events.map((event) => ({
            ...event,
            frame: event.frame.map((part) => (part instanceof Uint8Array ? Buffer.from(part) : part)),
          })),
        })),
      })),
    });
  });

  it('keeps the events that come with the answer, byte for byte at their positions', async () => {
    const log = createEventLog({ index: memoryLogIndex(), journal: memoryJournal() });
    for (const to of ['dossier-王小明', 'dossier-2', 'dossier-王小明']) await append(log, { to });
    const { events } = await log.readAll(1);
    const handed = handedIn(handedText({ answers: [{ outcome: 'appended', last: 2 }], events }));
    expect(handed.answers).toEqual([{ outcome: 'appended', last: 2 }]);
    expect(plain(handed.events)).toEqual(plain(events));
    expect(handedIn(handedText({ answers: [], events: [] }))).toEqual({ answers: [], events: [] });
    await log.close();
  });

  it('refuses everything else with one error', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(
        '[]',
        'null',
        '{}',
        '{"commits":[]}',
        '{"head":-1,"commits":[]}',
        '{"head":0,"commits":[{}]}',
        '{"head":0,"commits":[null]}',
        '{"answers":[],"events":[]}',
        '{"answers":[],"from":0,"events":["e30="]}',
      ),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(() => commitsIn(text)).toThrow(expect.objectContaining({ name: 'HandingRefusedError' }));
        expect(() => handedIn(text)).toThrow(
          expect.objectContaining({ name: expect.stringMatching(/^(HandingRefused|JournalDamaged)Error$/) }),
        );
      }),
    );
  });
});
