import type Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventOf, RowDamagedError } from '#adapters/event-log-sqlite/event-row.js';
import { keysIn, logFile, rowsIn } from '#adapters/event-log-sqlite/look-at-log.js';
import { FileUnusableError, lookInto } from '#adapters/folder/folder.js';
import { keyFile } from '#adapters/key-store-sqlite/key-store-sqlite.js';
import { readFile } from '#adapters/read-store-sqlite/read-store-sqlite.js';
import { storedEventOf } from '#event-sourcing/log/stored-event.js';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import { disagreements } from './agreement.js';
import { lookAtStores } from './stores-of-folder.js';

export interface Finding {
  readonly zh: string;
  readonly en: string;
}
export interface FullCheck {
  readonly events: number;
  readonly keysNamed: number;
  readonly findings: readonly Finding[];
}

/** More than that many of a kind says nothing new. */
const findingsMax = 100;
const sliceEvents = 1_000;

/**
 * Every page of every store, every event of the log in its place, every key that an event names. Reads only, also while
 * a server runs.
 */
export const checkFolder = (folder: string, onProgress: (done: number) => void = () => {}): FullCheck => {
  const findings: Finding[] = [...agreementOf(folder)];
  const keys = new Set<string>();
  for (const name of [logFile, keyFile, readFile]) findings.push(...pagesOf(join(folder, name)));
  const events = attempt(findings, join(folder, logFile), 0, (database) =>
    checkEvents(database, findings, keys, onProgress),
  );
  attempt(findings, join(folder, keyFile), undefined, (database) => {
    const known = database.prepare('SELECT 1 FROM keys WHERE id = ?');
    const unknown = [...keys].filter((id) => known.get(id) === undefined);
    if (unknown.length > 0)
      findings.push({
        zh: `${keyFile} 中没有事件所用的 ${unknown.length} 把密钥。`,
        en: `${keyFile} lacks ${unknown.length} keys that events name.`,
      });
    return undefined;
  });
  return { events, keysNamed: keys.size, findings: findings.slice(0, findingsMax) };
};

const agreementOf = (folder: string): readonly Finding[] => {
  try {
    return disagreements(lookAtStores(folder)).map(({ zh, en }) => ({ zh: `${zh}。`, en: `${en}.` }));
  } catch (error) {
    return [said(error)];
  }
};

/** What whoever looks after the folder can understand; anything else is a bug and is thrown on. */
const said = (error: unknown): Finding => {
  if (!(error instanceof FileUnusableError) && !(error instanceof RowDamagedError)) throw error;
  const [zh, en] = error.message.split(' / ') as [string, string];
  return { zh, en };
};

const attempt = <T>(findings: Finding[], file: string, otherwise: T, look: (database: Database.Database) => T): T => {
  if (!existsSync(file)) return otherwise;
  try {
    return lookInto(file, look);
  } catch (error) {
    findings.push(said(error));
    return otherwise;
  }
};

const pagesOf = (file: string): readonly Finding[] => {
  const findings: Finding[] = [];
  attempt(findings, file, undefined, (database) => {
    const found = database.pragma(`integrity_check(${findingsMax})`) as readonly { readonly integrity_check: string }[];
    for (const { integrity_check: text } of found)
      if (text !== 'ok') findings.push({ zh: `${file}：${text}`, en: text });
    return undefined;
  });
  return findings;
};

const checkEvents = (
  database: Database.Database,
  findings: Finding[],
  keys: Set<string>,
  onProgress: (done: number) => void,
): number => {
  const head = (database.prepare<[], Position | null>('SELECT max(position) FROM events').pluck().get() ?? -1) + 1;
  const streams = new Map<string, number>();
  let next: Position = 0;
  let before: StoredEvent | undefined;
  for (let from = 0; from < head && findings.length < findingsMax; from += sliceEvents) {
    for (const row of rowsIn(database, from, Math.min(head, from + sliceEvents))) {
      let event: StoredEvent;
      try {
        event = eventOf(row);
      } catch (error) {
        findings.push(said(error));
        next = row.position + 1;
        continue;
      }
      findings.push(...wrongPlace(event, next, streams, before));
      next = event.position + 1;
      before = event;
      for (const key of keysIn(event.data)) keys.add(key);
    }
    onProgress(Math.min(head, from + sliceEvents));
  }
  return head;
};

/** What does not follow from the event in front of it, and what its own bytes say otherwise. */
const wrongPlace = (
  event: StoredEvent,
  next: Position,
  streams: Map<string, number>,
  before: StoredEvent | undefined,
): readonly Finding[] => {
  const at = (zh: string, en: string): Finding => ({
    zh: `位置 ${event.position}：${zh}。`,
    en: `Position ${event.position}: ${en}.`,
  });
  const found: Finding[] = [];
  if (event.position !== next)
    found.push(at(`缺少位置 ${next} 起的事件`, `events are missing from position ${next} on`));
  const revision = (streams.get(event.stream) ?? -1) + 1;
  streams.set(event.stream, event.revision);
  if (event.revision !== revision)
    found.push(
      at(
        `流的版次应为 ${revision}，实为 ${event.revision}`,
        `the stream's revision is ${event.revision} instead of ${revision}`,
      ),
    );
  if (before !== undefined && event.recordedAt < before.recordedAt)
    found.push(at('记录时间早于前一事件', 'it was recorded before the event in front of it'));
  if (!saysTheSame(event)) found.push(at('内容与其所在之处不符', 'its bytes belong to another place'));
  return found;
};

const saysTheSame = (event: StoredEvent): boolean => {
  try {
    const { id, type, stream, revision, commandId, step, of, recordedAt } = storedEventOf(event.position, event.data);
    return (
      id === event.id &&
      type === event.type &&
      stream === event.stream &&
      revision === event.revision &&
      commandId === event.commandId &&
      step === event.step &&
      of === event.of &&
      recordedAt === event.recordedAt
    );
  } catch {
    return false;
  }
};
