import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryKeyStore } from '#adapters/key-store-memory/key-store-memory.js';
import { catalogueOf } from '../catalogue.js';
import { CommandEngine, type Handling } from '../command/handle-command.js';
import { accept, refuse, type Decision, type Rejection } from '../decision.js';
import { defineEvent, personal, type Event, type Personal } from '../event.js';
import { createKeyPool } from '../sealing/key-pool.js';
import type { Code, CommandId, Instant, OrganisationId, PartyId, StreamName } from '../vocabulary.js';
import { givenWhenThen, partly, type Asked, type Past } from './given-when-then.js';
import { seededIds, simulatedClock } from './simulated-clock.js';

/** What a lamp is refused for. */
declare module '#event-sourcing/decision.js' {
  interface RefusalCodes {
    readonly TooBright: true;
    readonly TooDark: true;
  }
}

type Lit = Event<'Lit', 'fact', { readonly lamp: number; readonly by?: Personal }>;
type Refused = Event<'Refused', 'ruling', { readonly rejections: readonly { readonly reason: Code }[] }>;
const catalogue = catalogueOf(
  defineEvent<Lit>()({ type: 'Lit', kind: 'fact', personal: { by: 'party' } }),
  defineEvent<Refused>()({ type: 'Refused', kind: 'ruling', personal: {} }),
);
const now = '2026-03-02T02:00:00.000Z' as Instant;
const lamps = 'lamps-1' as StreamName;
const context = (commandId: CommandId) => ({
  commandId,
  name: 'Light' as Code,
  actor: { party: 'keeper' as PartyId },
  occurredAt: now,
  receivedAt: now,
  receivedBy: 'desk' as Code,
});

let engines = 0;
const { given } = givenWhenThen(async () => {
  const log = memoryEventLog();
  const clock = simulatedClock(now);
  const keyStore = memoryKeyStore();
  return {
    log,
    clock,
    catalogue,
    keyStore,
    homeOf: () => lamps,
    engine: () =>
      new CommandEngine({
        log,
        catalogue,
        clock,
        keyPool: createKeyPool({ keyStore, size: 1 }),
        ids: seededIds(`engine-${(engines += 1)}`),
        organisation: 'tests' as OrganisationId,
        refusalTypes: new Set(['Refused']),
      }),
  };
});

/** A command on the lamps that are lit. */
const asking = (decide: (lit: readonly number[]) => Decision<Lit>, rest: Partial<Asked> = {}): Asked => ({
  name: 'Light',
  at: now,
  ...rest,
  handling: ((commandId: CommandId): Handling<readonly number[], Lit, Rejection> => ({
    context: context(commandId),
    load: (reader) =>
      reader.fold<readonly number[], Lit>(lamps, {
        name: 'lit',
        initial: [],
        apply: (lit, { event }) => [...lit, event.lamp],
      }),
    decide: (lit) => {
      const decision = decide(lit);
      return decision.accepted ? accept(...decision.events.map((event) => ({ stream: lamps, event }))) : decision;
    },
    refusal: (rejections) => ({
      stream: 'attempts-keeper' as StreamName,
      event: { type: 'Refused', rejections } as unknown as Refused,
    }),
  })) as unknown as Asked['handling'],
});
const once = asking((lit) => (lit.includes(1) ? accept() : accept({ type: 'Lit', lamp: 1 })));
const careless = asking(() => accept({ type: 'Lit', lamp: 1 }));
const lit: Past = {
  at: now,
  context: { name: 'Given' as Code, actor: { party: 'keeper' as PartyId }, receivedBy: 'desk' as Code },
  written: [{ stream: lamps, event: { type: 'Lit', lamp: 1 } as Lit }],
};

describe('given, when, then', () => {
  it('passes a decision that is safe to repeat', async () => {
    await given().when(once).then({ type: 'Lit', lamp: 1 });
    await given(lit).when(once).thenNothing();
    await given(lit)
      .when(asking(() => refuse({ reason: 'TooBright', accepted: { lamp: 2 } })))
      .thenRefused('TooBright', { lamp: 2 });
  });
  it('fails one that records again, unless the case says that it may', async () => {
    await expect(given().when(careless).then({ type: 'Lit', lamp: 1 })).rejects.toThrow(
      'not safe to repeat: asked again it recorded Lit',
    );
    await given()
      .when({ ...careless, again: 'records' })
      .then({ type: 'Lit', lamp: 1 });
    await expect(
      given()
        .when({ ...once, again: 'records' })
        .then({ type: 'Lit', lamp: 1 }),
    ).rejects.toThrow();
  });
  it('fails for another event, another field, one too many or too few, and another reason', async () => {
    const light = { type: 'Lit', lamp: 1 };
    for (const expected of [[{ type: 'Refused', rejections: [] }], [{ type: 'Lit', lamp: 2 }], [light, light], []])
      await expect(
        given()
          .when(once)
          .then(...expected),
      ).rejects.toThrow();
    await expect(given(lit).when(once).then({ type: 'Lit', lamp: 1 })).rejects.toThrow();
    await expect(given().when(once).thenRefused('TooBright')).rejects.toThrow('it was accepted: Lit');
    const dark = asking(() => refuse({ reason: 'TooDark', accepted: { lamp: 3 } }));
    await expect(given().when(dark).thenRefused('TooBright')).rejects.toThrow();
    await expect(given().when(dark).thenRefused('TooDark', { lamp: 4 })).rejects.toThrow();
    await expect(given().when(dark).thenRefused('TooDark')).rejects.toThrow();
    await expect(given().when(dark).thenNothing()).rejects.toThrow('it was refused: TooDark');
  });
  it('fails for a field that the case does not write, unless it says that it speaks of a part', async () => {
    await expect(given().when(once).then({ type: 'Lit' })).rejects.toThrow();
    await given()
      .when(once)
      .then(partly({ type: 'Lit' }));
    await expect(
      given()
        .when(once)
        .then(partly({ type: 'Lit', lamp: 2 })),
    ).rejects.toThrow();
  });
  it('fails for another stream', async () => {
    await given()
      .when(once)
      .then({ stream: lamps, event: { type: 'Lit', lamp: 1 } });
    await expect(
      given()
        .when(once)
        .then({ stream: 'lamps-2', event: { type: 'Lit', lamp: 1 } }),
    ).rejects.toThrow();
    await expect(
      given()
        .when(once)
        .then({ stream: 'lamps-2', event: partly({ type: 'Lit' }) }),
    ).rejects.toThrow();
  });
  it('opens what was sealed', async () => {
    const told = asking((lit) =>
      lit.length === 0 ? accept({ type: 'Lit', lamp: 1, by: personal('王芳') }) : accept(),
    );
    const { events } = await given()
      .when(told)
      .then({ type: 'Lit', lamp: 1, by: personal('王芳') });
    expect(JSON.stringify(events)).not.toContain('王芳');
    await expect(
      given()
        .when(told)
        .then({ type: 'Lit', lamp: 1, by: personal('李雷') }),
    ).rejects.toThrow();
    await expect(given().when(told).then({ type: 'Lit', lamp: 1 })).rejects.toThrow();
  });
  it('fails a decision that depends on anything but the log', async () => {
    let asked = 0;
    await expect(
      given()
        .when(asking(() => accept({ type: 'Lit', lamp: (asked += 1) }), { again: 'records' }))
        .then({ type: 'Lit', lamp: 2 }),
    ).rejects.toThrow();
  });
});
