import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { memoryPositions } from '#adapters/positions-memory/positions-memory.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import { seededIds, simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Code, CommandId, OrganisationId, PartyId } from '#event-sourcing/vocabulary.js';
import { protectionStatus } from '#features/dossier/protection/protection-status/protection-status.js';
import { register } from '#features/dossier/registration/register/register.js';
import { endOfLastDay, on, openingOf, programId, rehearsalText } from '#features/dossier/testing/rehearsal.js';
import { ClockGuard, type Confirmation } from '#installation/clock-guard.js';
import { Installation } from '#installation/installation.js';
import { repairAll } from './repair-all.js';

const installations = async () => {
  const { events, keyStore } = await openingOf(rehearsalText());
  const journal = memoryJournal();
  await journal.append(events, 0);
  const clock = simulatedClock(on('2026-03-02'));
  const open = (clockGuard?: ClockGuard): Promise<Installation> =>
    Installation.open({
      log: memoryEventLog({ journal }),
      keyStore,
      readStore: memoryReadStore(),
      positions: memoryPositions(),
      clock,
      timers: clock,
      ids: seededIds(clockGuard === undefined ? 'ahead' : 'right'),
      organisation: 'rehearsal' as OrganisationId,
      keyPoolSize: 16,
      ...(clockGuard === undefined ? {} : { clockGuard }),
    });
  return { clock, open };
};

describe('baobei clock repair', () => {
  it('gives back what a clock ended that was ahead by ten years, once', async () => {
    const { clock, open } = await installations();
    const ahead = await open();
    for (const [index, phone] of ['13800000001', '13800000002'].entries())
      await ahead.desk.send(register, {
        commandId: `c${index}` as CommandId,
        by: 'dealer-a' as PartyId,
        receivedAt: clock.now(),
        receivedBy: 'system' as Code,
        programId,
        class: 'walkIn',
        form: { name: '王芳', phone },
        attachments: [],
        channel: 'system',
      });
    clock.set(on('2036-01-01'));
    await ahead.catchUp();
    expect(await ahead.meetDeadlines()).toBe(2);

    // The clock is set right, and somebody on the host says so.
    let wall = on('2026-03-04');
    let confirmed: Confirmation = { at: wall };
    const right = await open(
      new ClockGuard({
        clock: { now: () => wall },
        stopwatch: { elapsed: () => 0 },
        confirmed: () => confirmed,
        accept: (accepted) => {
          confirmed = { ...confirmed, accepted };
        },
        onHold: () => undefined,
      }),
    );
    const { back, left } = await repairAll(right, '时钟曾超前');
    expect([back.length, left]).toEqual([2, []]);
    await right.catchUp();
    for (const id of back)
      expect(await (await right.readings.of(protectionStatus)).get(id.slice(0, id.indexOf('.')))).toMatchObject({
        owner: 'dealer-a',
        endsAt: endOfLastDay('2026-03-09'),
      });
    expect(await repairAll(right, '时钟曾超前')).toEqual({ back: [], left: [] });
    wall = on('2026-03-04 10:05');
    expect(await right.meetDeadlines()).toBe(0);
  });
});
