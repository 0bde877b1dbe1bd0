import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { decodeEvent, userIn } from '#event-sourcing/envelope.js';
import { createOpener } from '#event-sourcing/sealing/sealing.js';
import { simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Code, CommandId, PartyId, SubjectKeyId, User } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from '../deciding/decision-facts.js';
import { clockParty } from '../deciding/system-parties.js';
import { register } from '../dossier/registration/register/register.js';
import {
  engineOn,
  on,
  openingOf,
  programId,
  rehearsalSecrets,
  rehearsalText,
  userStream,
} from '../dossier/testing/rehearsal.js';
import { catalogue } from '../edge/catalogue.js';
import { Commands } from '../edge/commands.js';
import { asUser } from './facts.js';
import { lockUser } from './lock-user/lock-user.js';
import { unlockUser } from './unlock-user/unlock-user.js';

const issuer = 'https://issuer.example';
const amy: User = { issuer, subject: 'u-amy' };
const ben: User = { issuer, subject: 'u-ben' };

/** A log with its opening, a server on it and another after a restart; every look-up in the key store is counted. */
const world = async () => {
  const opening = await openingOf(rehearsalText());
  const journal = memoryJournal();
  await journal.append(opening.events, 0);
  const log = memoryEventLog({ journal });
  const clock = simulatedClock(on('2026-03-02'));
  const lookedUp: SubjectKeyId[] = [];
  const keyStore: typeof opening.keyStore = {
    ...opening.keyStore,
    openKeys: (ids) => {
      lookedUp.push(...ids);
      return opening.keyStore.openKeys(ids);
    },
  };
  const server = (seed: string): Commands => {
    const engine = engineOn({ log, keyStore, clock, seed });
    return new Commands(engine, clock, engine.parts.ids, rehearsalSecrets);
  };
  let commands = 0;
  const base = (by: string, user?: User): CommandBase => ({
    commandId: `c-${(commands += 1)}` as CommandId,
    by: by as PartyId,
    user,
    receivedAt: clock.now(),
    receivedBy: 'api' as Code,
  });
  const filing = (by: string, user: User | undefined, phone: string) => ({
    ...base(by, user),
    programId,
    class: 'walkIn',
    form: { name: '王芳', phone },
    channel: 'system',
    attachments: [],
  });
  const recorded = async (from: number) =>
    (await log.readAll(from)).events.map((stored) => decodeEvent(stored, catalogue));
  return { log, clock, opening, keyStore, lookedUp, server, base, filing, recorded };
};

describe('the login behind a party', () => {
  it('stands in each event that it sent, refusals too, and in none that time decided', async () => {
    const { log, clock, opening, server, filing, recorded } = await world();
    const from = await log.head();
    const desk = server('one');
    await desk.send(register, filing('dealer-a', amy, '13800000001'));
    await desk.send(register, filing('dealer-b', ben, 'no number'));
    await desk.send(register, filing('dealer-b', undefined, '13800000002'));
    clock.set(on('2026-06-01'));
    await desk.send(register, filing('dealer-b', ben, '13800000001'));
    const opener = createOpener(opening);
    const told = await Promise.all(
      (await recorded(from)).map(async ({ event, actor, boxes }) => [
        actor.party,
        event.type,
        boxes.user === undefined ? undefined : userIn((await opener.open([boxes.user]))[0]!)?.subject,
      ]),
    );
    const typesOf = (subject: string | undefined) =>
      told.filter(([, , said]) => said === subject).map(([, type]) => type);
    expect(typesOf('u-amy')).toEqual(expect.arrayContaining(['Registered', 'KeyBound', 'UserSeen']));
    expect(typesOf('u-ben')).toEqual(expect.arrayContaining(['CommandRefused', 'Registered', 'UserSeen']));
    expect(typesOf('u-ben').filter((type) => type === 'UserSeen')).toHaveLength(1);
    expect(told.filter(([party]) => party === clockParty)).toEqual([[clockParty, 'Abandoned', undefined]]);
    expect(told.filter(([party, , said]) => party === 'dealer-a' && said !== 'u-amy')).toEqual([]);
  });

  it('has its key at hand: no look-up for a login that is known, one after a restart', async () => {
    const { log, keyStore: _, lookedUp, server, filing, recorded } = await world();
    const from = await log.head();
    const first = server('one');
    for (let n = 1; n <= 20; n += 1) await first.send(register, filing('dealer-a', amy, `1380000${1000 + n}`));
    const key = (await recorded(from)).find(({ event }) => event.type === 'UserSeen')!.boxes.login!.key;
    expect(lookedUp.filter((id) => id === key)).toEqual([]);
    const second = server('two');
    for (let n = 1; n <= 20; n += 1) await second.send(register, filing('dealer-a', amy, `1390000${1000 + n}`));
    expect(lookedUp.filter((id) => id === key)).toEqual([key]);
    const keys = new Set((await recorded(from)).map(({ boxes }) => boxes.user!.key));
    expect([...keys]).toEqual([key]);
  });

  it('is erased from every event at once, and nothing else is', async () => {
    const { log, opening, server, filing, recorded } = await world();
    const from = await log.head();
    const desk = server('one');
    await desk.send(register, filing('dealer-a', amy, '13800000001'));
    await desk.send(register, filing('dealer-a', amy, '13800000002'));
    const events = await recorded(from);
    await opening.keyStore.destroyKeys([events[0]!.boxes.user!.key]);
    const opener = createOpener(opening);
    const users = await opener.open(events.map(({ boxes }) => boxes.user!));
    expect(new Set(users)).toEqual(new Set(['erased']));
    const forms = await opener.open(events.flatMap(({ boxes }) => boxes.customer ?? []));
    expect(forms.map((form) => form !== 'erased' && form.get('form.name')?.value)).toEqual(['王芳', '王芳']);
  });

  it('acts for many at once and is seen once', async () => {
    const { log, server, filing, recorded } = await world();
    const from = await log.head();
    const [one, two] = [server('one'), server('two')];
    const outcomes = await Promise.all(
      Array.from({ length: 24 }, (_, n) =>
        (n % 2 === 0 ? one : two).send(register, filing('dealer-a', amy, `1380000${1000 + n}`)),
      ),
    );
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    expect((await recorded(from)).filter(({ event }) => event.type === 'UserSeen')).toHaveLength(1);
  });
});

describe('a locked login', () => {
  const locking = (base: CommandBase, slice = lockUser) =>
    [slice, { ...base, granted: ['administrator' as const], login: amy, reason: '账号外借' }] as const;

  it('is refused on every server, its party’s other logins go on, and it comes back', async () => {
    const { server, base, filing } = await world();
    const [one, two] = [server('one'), server('two')];
    const outcomeOf = async (user: User, phone: string) =>
      (await two.send(register, filing('dealer-a', user, phone))).outcome;
    expect(await outcomeOf(amy, '13800000001')).toBe('accepted');
    await one.send(...locking(base('administrator')));
    const refused = await two.send(register, filing('dealer-a', amy, '13800000002'));
    expect(refused).toMatchObject({
      outcome: 'refused',
      events: expect.arrayContaining([
        expect.objectContaining({ event: expect.objectContaining({ rejections: [{ reason: 'UserLocked' }] }) }),
      ]) as unknown,
    });
    expect(await outcomeOf({ ...amy, subject: 'u-amy-2' }, '13800000003')).toBe('accepted');
    await one.send(...locking(base('administrator'), unlockUser));
    expect(await outcomeOf(amy, '13800000004')).toBe('accepted');
  });

  it('is refused what it had under way when it was locked', async () => {
    const { server, base, filing } = await world();
    const desk = server('one');
    const other = server('two');
    const handling = register.handling(filing('dealer-a', amy, '13800000001'), desk);
    let loads = 0;
    const { outcome } = await desk.engine.handle(
      asUser(
        {
          ...handling,
          load: async (reader) => {
            const state: unknown = await handling.load(reader);
            if ((loads += 1) === 1) await other.send(...locking(base('administrator')));
            return state;
          },
        },
        amy,
        await userStream(amy),
      ),
    );
    expect([outcome, loads]).toEqual(['refused', 2]);
  });
});
