import type { KeysSeen } from '#adapters/key-store-sqlite/look-at-keys.js';
import type { LogMark } from '#adapters/event-log-sqlite/log-mark.js';
import type { LogSeen } from '#adapters/event-log-sqlite/look-at-log.js';
import type { ReadModelsSeen } from '#adapters/read-store-sqlite/look-at-read-models.js';
import type { Position } from '#event-sourcing/vocabulary.js';

/** What the stores of one folder say of themselves and of each other. */
export interface StoresSeen {
  readonly log?: LogSeen;
  readonly mark?: LogMark;
  readonly keys?: KeysSeen;
  readonly readModels?: ReadModelsSeen;
  /** How far what follows from events has come. */
  readonly positions?: Position;
}

/** Two stores that cannot both be right; `cure` follows the finding in a sentence. */
export interface Disagreement {
  readonly code: 'LogLost' | 'LogShortened' | 'OtherJournal' | 'KeysLost' | 'KeysOlder' | 'EpochLost';
  readonly zh: string;
  readonly en: string;
}

/**
 * All that does not fit together. After an honest end, a kill or a power cut at any moment, there is nothing: a batch
 * is on the disk before the mark and the read models hear of it, keys are on the disk before an event names them, and
 * the log is made before any other store.
 */
export const disagreements = (seen: StoresSeen): readonly Disagreement[] =>
  seen.log === undefined
    ? lost(seen)
    : [...foreign(seen, seen.log), ...shortened(seen, seen.log), ...withoutKeys(seen, seen.log)];

const lost = ({ mark, keys: known, readModels, positions }: StoresSeen): readonly Disagreement[] => {
  const events = Math.max(mark?.head ?? 0, readModels?.head ?? 0, positions ?? 0);
  if (events === 0 && known === undefined) return [];
  const had = events === 0 ? { zh: '密钥库已在', en: 'the keys are there' } : counted(events);
  return [
    {
      code: 'LogLost',
      zh: `log.db 不见了或被清空（${had.zh}）：请放回 log.db 与 log.db-wal；若要从头开始，请用 DATA_DIR 另指一个空目录`,
      en: `log.db is missing or emptied (${had.en}): put log.db and log.db-wal back, or name an empty folder by DATA_DIR to begin anew`,
    },
  ];
};

const counted = (events: number): { readonly zh: string; readonly en: string } => ({
  zh: `其中曾有 ${events} 个事件`,
  en: `it has held ${events} events`,
});

const foreign = ({ mark, keys: known, readModels }: StoresSeen, log: LogSeen): readonly Disagreement[] => {
  const stores = [
    ['keys.db', known?.journalId],
    ['read.db', readModels?.journalId],
    ['log.mark', mark?.journalId],
  ] as const;
  return stores
    .filter(([, journalId]) => journalId !== undefined && journalId !== log.journalId)
    .map(([name, journalId]) => ({
      code: 'OtherJournal',
      zh: `${name} 属于另一份日志（${journalId}），而 log.db 是 ${log.journalId}：请放回属于同一套数据的文件${name === 'keys.db' ? '' : `；若 log.db 才是对的，删除 ${name} 即可，它会重建`}`,
      en: `${name} belongs to another journal (${journalId}) than log.db (${log.journalId}): put back the files that belong together${name === 'keys.db' ? '' : `; if log.db is the right one, delete ${name}, which is made anew`}`,
    }));
};

const shortened = (
  { mark, readModels, positions }: StoresSeen,
  { journalId, head }: LogSeen,
): readonly Disagreement[] => {
  const ahead: readonly (readonly [string, Position])[] = [
    ['log.mark', mark?.journalId === journalId ? mark.head : 0],
    ['read.db', (readModels?.journalId ?? journalId) === journalId ? (readModels?.head ?? 0) : 0],
    ['positions.db', positions ?? 0],
  ];
  const witnesses = ahead.filter(([, seen]) => seen > head);
  if (witnesses.length === 0) return [];
  const most = Math.max(...witnesses.map(([, seen]) => seen));
  const names = witnesses.map(([name]) => name);
  return [
    {
      code: 'LogShortened',
      zh: `log.db 只有 ${head} 个事件，而 ${names.join('、')} 已见过 ${most} 个：有 ${most - head} 个已确认的事件不见了（log.db-wal 损坏、丢失，或放回了旧的副本）。请放回 log.db 与 log.db-wal；若确已无法找回，运行 \`baobei check --accept-loss\`，它把证据移到一旁，再由此继续`,
      en: `log.db ends after ${head} events, and ${names.join(' and ')} has seen ${most}: ${most - head} confirmed events are missing (log.db-wal is damaged or gone, or an older copy was put back). Put log.db and log.db-wal back; or, if they are lost for good, run \`baobei check --accept-loss\`, which sets the proof aside and goes on from here`,
    },
  ];
};

const withoutKeys = ({ keys: known }: StoresSeen, { head, epochs }: LogSeen): readonly Disagreement[] => {
  if (known === undefined)
    return head === 0
      ? []
      : [
          {
            code: 'KeysLost',
            zh: `keys.db 不见了或被清空，而 log.db 有 ${head} 个事件：没有它就打不开任何人的信息，也认不出重复的客户。请放回与日志同一时间的 keys.db`,
            en: `keys.db is missing or emptied, and log.db has ${head} events: without it nobody's particulars open and no customer is recognised. Put back the keys.db of the log's own time`,
          },
        ];
  const epoch = epochs.find((name) => !known.secrets.has(`key-epoch-${name}`));
  const found: Disagreement[] = [];
  if (epoch !== undefined)
    found.push({
      code: 'EpochLost',
      zh: `keys.db 中没有身份键纪元 ${epoch} 的密钥，而 log.db 已按它命名：请放回与日志同一时间的 keys.db`,
      en: `keys.db lacks the secret of key epoch ${epoch}, and log.db is named by it: put back the keys.db of the log's own time`,
    });
  if (known.unknown.length > 0)
    found.push({
      code: 'KeysOlder',
      zh: `keys.db 比 log.db 旧：最新的事件用到其中没有的 ${known.unknown.length} 把密钥。请放回与日志同一时间的 keys.db`,
      en: `keys.db is older than log.db: the newest events name ${known.unknown.length} keys that it never had. Put back the keys.db of the log's own time`,
    });
  return found;
};
