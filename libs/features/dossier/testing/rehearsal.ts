import { createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { memoryKeyStore } from '#adapters/key-store-memory/key-store-memory.js';
import { accept, type Placed } from '#event-sourcing/decision.js';
import { CommandEngine } from '#event-sourcing/command/handle-command.js';
import { createKeyPool } from '#event-sourcing/sealing/key-pool.js';
import type { KeyStore } from '#event-sourcing/ports/key-store.js';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import { givenWhenThen, type Stage } from '#event-sourcing/testing/given-when-then.js';
import { seededIds, simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type {
  CalendarDate,
  Code,
  CommandId,
  Instant,
  OrganisationId,
  PartyId,
  ProgramId,
  StreamName,
} from '#event-sourcing/vocabulary.js';
import { identityKeyStream } from '#identity/keys.js';
import { strongKeysOf } from '#policy/clauses/identity.js';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { at, endOfDay, type TimeOfDay } from '#time/instant.js';
import { contextOf, type CommandBase } from '../../deciding/decision-facts.js';
import { catalogue } from '../../edge/catalogue.js';
import { Commands } from '../../edge/commands.js';
import type { Role } from '#policy/roles.js';
import { enrolParty } from '../../party/enrol-party/enrol-party.js';
import { grantRole } from '../../party/grant-role/grant-role.js';
import { openProgram } from '../../program/open-program/open-program.js';
import { publishPolicy } from '../../program/publish-policy/publish-policy.js';
import { dossierStream } from '../on-dossier.js';
import type { DossierId } from '../events.js';
import { partyEvents } from '../../party/events.js';
import { partyStream } from '../../party/facts.js';
import { programStream } from '../../program/facts.js';
import { standingStream } from '../../standing/facts.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import { keyringStream, type EpochSecret, type KeyEpochOpened } from '../keyring.js';
import { secretsOf } from '../../deciding/secrets.js';

/** The one program, its policy and its people, on which every case about a dossier is played. */
export const programId = 'rehearsal' as ProgramId;
export const zone = 'Asia/Shanghai';

/** `2026-03-02` is ten in the morning of that day in the policy's zone, `2026-03-02 15:00` that time. */
export const on = (text: string): Instant => {
  const [date, time] = text.split(' ') as [CalendarDate, TimeOfDay | undefined];
  return at(date, time ?? '10:00', zone);
};
/** The exclusive end of a clock whose last day is `date`. */
export const endOfLastDay = (date: string): Instant => endOfDay(date as CalendarDate, zone);

/** Who is enrolled, and in which role beside that of a party. */
export const people: Readonly<Record<string, readonly Role[]>> = {
  'dealer-a': [],
  'dealer-b': [],
  'dealer-c': [],
  desk: ['desk'],
  reviewer: ['reviewer'],
  arbiter: ['arbiter'],
  finance: ['finance'],
  administrator: ['administrator'],
};

/** Secrets that every rehearsal shares, so that a case can name the stream of a key. */
const secretOf = (epoch: string): KeyObject => createSecretKey(Buffer.from(`the secret of ${epoch}`.padEnd(32)));
export const secret: EpochSecret = async (epoch) => secretOf(epoch);

export const rehearsalKeys = (): KeyStore => ({
  ...memoryKeyStore(),
  secret: (name) => secret(name.replace('key-epoch-', '') as Code),
});

const file = join(import.meta.dirname.replace(/([/\\])dist[/\\](?=libs[/\\])/, '$1'), 'rehearsal.policy.yaml');
const regime = readFileSync(file, 'utf8');
/** Everything that those secrets are for. */
export const rehearsalSecrets = secretsOf(rehearsalKeys());
export const { userStream } = rehearsalSecrets;

/** The regime with some of its text replaced; a replacement that finds nothing is a mistake of the case. */
export const rehearsalText = (replaced: Readonly<Record<string, string>> = {}): string =>
  Object.entries(replaced).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The rehearsal regime has no "${from}"`);
    return text.replace(from, to);
  }, regime);
export const policyOf = (text: string): Policy => {
  const loaded = loadPolicy(text);
  if (!loaded.ok)
    throw new Error(loaded.problems.map(({ code, path, message }) => `${code} at ${path}: ${message.en}`).join('\n'));
  return loaded.policy;
};

const rehearsalPolicy = policyOf(rehearsalText());
/** The streams of the identity keys that a form gives, as every engine names them. */
export const keyStreamsIn = (epoch: string, form: Readonly<Record<string, string>>): readonly KeyStream[] => {
  const name = `${epoch} ${JSON.stringify(form)}`;
  const known =
    named.get(name) ??
    strongKeysOf({ policy: rehearsalPolicy }, 'walkIn', form).map(({ kind, value }) => ({
      kind,
      stream: identityKeyStream(epoch, secretOf(epoch), programId, kind, value),
    }));
  named.set(name, known);
  return known;
};
export interface KeyStream {
  readonly kind: string;
  readonly stream: StreamName;
}
const named = new Map<string, readonly KeyStream[]>();

/** What every rehearsal begins with: key epoch, program, policy and people, as the log holds them. */
export interface Opening {
  readonly events: readonly StoredEvent[];
  readonly keyStore: KeyStore;
  readonly policy: Policy;
}
const openings = new Map<string, Promise<Opening>>();
export const openingOf = (text: string): Promise<Opening> => {
  const known = openings.get(text) ?? play(text);
  openings.set(text, known);
  return known;
};

const begins = on('2026-01-01 00:00');
const administrator = (commandId: string): CommandBase => ({
  commandId: commandId as CommandId,
  by: 'root' as PartyId,
  granted: ['administrator'],
  receivedAt: begins,
  receivedBy: 'system' as Code,
});

const play = async (text: string): Promise<Opening> => {
  const keyStore = rehearsalKeys();
  const clock = simulatedClock(begins);
  const log = memoryEventLog();
  const engine = engineOn({ log, keyStore, clock, seed: 'opening' });
  const desk = new Commands(engine, clock, engine.parts.ids, rehearsalSecrets);
  await openEpoch(engine, 'e1', begins);
  await desk.send(openProgram, { ...administrator('open'), programId, title: { zh: '排练', en: 'Rehearsal' } });
  const published = await desk.send(publishPolicy, {
    ...administrator('publish'),
    programId,
    text,
    effectiveFrom: begins,
    authority: 'the tests',
  });
  if (published.outcome !== 'accepted')
    throw new Error(`The policy of this case cannot be published: ${JSON.stringify(published)}`);
  for (const [name, roles] of Object.entries(people)) {
    await desk.send(enrolParty, { ...administrator(`enrol-${name}`), partyId: name as PartyId, kind: 'person', name });
    for (const role of roles)
      await desk.send(grantRole, { ...administrator(`grant-${name}`), partyId: name as PartyId, role, from: begins });
  }
  return { events: (await log.readAll(0)).events, keyStore, policy: policyOf(text) };
};

/** A new epoch of identity keys; every engine that looks up a key reads the keyring first. */
export const openEpoch = (engine: CommandEngine, epoch: string, now: Instant): Promise<unknown> => {
  const command: CommandBase = {
    commandId: `epoch-${epoch}` as CommandId,
    by: 'baobei' as PartyId,
    receivedAt: now,
    receivedBy: 'system' as Code,
  };
  return engine.handle({
    context: contextOf(command, 'OpenKeyring'),
    load: (reader) => reader.fold(keyringStream, { name: 'unread', initial: undefined, apply: () => undefined }),
    decide: () =>
      accept<Placed<KeyEpochOpened>>({
        stream: keyringStream,
        event: { type: 'KeyEpochOpened', epoch: epoch as Code },
      }),
    refusal: () => {
      throw new Error('An epoch is never refused');
    },
  });
};

type EngineOn = Pick<CommandEngine['parts'], 'log' | 'clock'> & { readonly keyStore: KeyStore; readonly seed: string };
export const engineOn = ({ log, keyStore, clock, seed }: EngineOn): CommandEngine =>
  new CommandEngine({
    log,
    catalogue,
    clock,
    keyPool: createKeyPool({ keyStore, size: 8 }),
    ids: seededIds(seed),
    organisation: 'rehearsal' as OrganisationId,
    refusalTypes: new Set(['CommandRefused']),
  });

/** Where an event belongs when a case does not say: the dossier of its registration, case or deal, its party, its program. */
const homeOf = (event: AnyEvent): StreamName => {
  const {
    registrationId,
    caseId,
    dealId,
    dossierId,
    partyId,
    programId: program,
  } = event as Readonly<Record<string, string | undefined>> & AnyEvent;
  const inDossier = registrationId ?? caseId ?? dealId;
  if (inDossier !== undefined) return dossierStream(inDossier.slice(0, inDossier.lastIndexOf('.')) as DossierId);
  if (dossierId !== undefined) return dossierStream(dossierId as DossierId);
  if (event.type === 'OffenceFound' || event.type === 'Penalized' || event.type === 'PenaltyRescinded')
    return standingStream(partyId as PartyId);
  if (partyEvents.some(({ type }) => type === event.type)) return partyStream(partyId as PartyId);
  if (program === undefined)
    throw new Error(`Say in which stream ${event.type} stands: inDossier(…) or { stream, event }`);
  return programStream(program as ProgramId);
};

const stageOf = async (text: string): Promise<Stage> => {
  const { events, keyStore, policy } = await openingOf(text);
  const journal = memoryJournal();
  await journal.append(events, 0);
  const log = memoryEventLog({ journal });
  const clock = simulatedClock(begins);
  let engines = 0;
  return {
    log,
    clock,
    catalogue,
    keyStore,
    homeOf,
    policy: policy.reference,
    engine: () => engineOn({ log, keyStore, clock, seed: `engine-${(engines += 1)}` }),
  };
};

/** Cases under the rehearsal regime, or under a variant of it. */
export const under = (replaced: Readonly<Record<string, string>>) =>
  givenWhenThen(() => stageOf(rehearsalText(replaced)));
export const { given } = under({});
