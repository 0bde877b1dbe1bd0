import { Long } from 'bson';
import { CommandFailed, type Collections } from './collections.js';
import { meets, type Doc } from './values.js';

/** Documents of one batch, as servers have it by default. */
const batchByDefault = 101;
const bsonBytesMax = 16 * 1024 * 1024;

const hello = (): Doc => ({
  isWritablePrimary: true,
  ismaster: true,
  helloOk: true,
  maxBsonObjectSize: bsonBytesMax,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: 30,
  minWireVersion: 0,
  maxWireVersion: 21,
  readOnly: false,
});

/** What one command answers; throws `CommandFailed` for what a server refuses. */
export const answer = (collections: Collections, command: Doc): Doc => {
  const [name, target] = Object.entries(command)[0]!;
  const database = String(command['$db'] ?? 'admin');
  const namespace = `${database}.${String(target)}`;
  switch (name) {
    case 'hello':
    case 'ismaster':
    case 'isMaster':
      return hello();
    case 'ping':
    case 'endSessions':
      return {};
    case 'buildInfo':
      return { version: '7.0.0', versionArray: [7, 0, 0, 0] };
    case 'insert':
      return written(collections.insert(namespace, command['documents'] as Doc[], command['ordered'] !== false));
    case 'update':
      return updatesOf(collections, namespace, command);
    case 'delete':
      return {
        n: (command['deletes'] as { q: Doc; limit: number }[]).reduce(
          (sum, { q, limit }) => sum + collections.delete(namespace, q, Number(limit)),
          0,
        ),
      };
    case 'find':
      return found(collections, namespace, command);
    case 'getMore':
      return more(collections, target, Number(command['batchSize'] ?? batchByDefault));
    case 'killCursors':
      collections.kill((command['cursors'] as (Long | bigint)[]).map((id) => BigInt(id.toString())));
      return {};
    case 'aggregate':
      return aggregated(collections, namespace, command);
    case 'findAndModify':
      return modified(collections, namespace, command);
    case 'createIndexes':
      collections.createIndexes(namespace, command['indexes'] as Parameters<Collections['createIndexes']>[1]);
      return {};
    case 'listIndexes':
      return cursorAnswer(
        namespace,
        0n,
        [...collections.of(namespace).indexes.values()].map(({ name: index, key }) => ({ v: 2, name: index, key })),
        'firstBatch',
      );
    case 'listCollections': {
      const filter = (command['filter'] ?? {}) as Doc;
      return cursorAnswer(
        `${database}.$cmd.listCollections`,
        0n,
        collections
          .names(database)
          .map((each) => ({ name: each, type: 'collection' }))
          .filter((each) => meets(each, filter)),
        'firstBatch',
      );
    }
    case 'drop':
      if (!collections.drop(namespace)) throw new CommandFailed(26, 'ns not found');
      return {};
    case 'dropDatabase':
      for (const each of collections.names(database)) collections.drop(`${database}.${each}`);
      return {};
    default:
      throw new CommandFailed(59, `no such command: '${name}'`);
  }
};

const written = ({ n, errors }: ReturnType<Collections['insert']>): Doc => ({
  n,
  ...(errors.length > 0 ? { writeErrors: errors } : {}),
});

const updatesOf = (collections: Collections, namespace: string, command: Doc): Doc => {
  const errors: Doc[] = [];
  const upserted: Doc[] = [];
  let [n, nModified] = [0, 0];
  for (const [index, update] of (command['updates'] as Parameters<Collections['update']>[1][]).entries()) {
    const result = collections.update(namespace, update);
    n += result.n;
    nModified += result.nModified;
    if (result.upserted !== undefined) upserted.push({ index, _id: result.upserted });
    if (result.error === undefined) continue;
    errors.push({ index, ...result.error });
    if (command['ordered'] !== false) break;
  }
  return {
    n,
    nModified,
    ...(upserted.length > 0 ? { upserted } : {}),
    ...(errors.length > 0 ? { writeErrors: errors } : {}),
  };
};

const cursorAnswer = (
  namespace: string,
  id: bigint,
  batch: readonly Doc[],
  field: 'firstBatch' | 'nextBatch',
): Doc => ({ cursor: { id: Long.fromBigInt(id), ns: namespace, [field]: batch } });

const found = (collections: Collections, namespace: string, command: Doc): Doc => {
  const docs = collections.find(namespace, (command['filter'] ?? {}) as Doc, {
    ...(command['sort'] === undefined ? {} : { sort: command['sort'] as Record<string, number> }),
    limit: Number(command['limit'] ?? 0),
    skip: Number(command['skip'] ?? 0),
    hint: command['hint'],
  });
  const { id, batch } = collections.cursor(
    namespace,
    docs,
    command['singleBatch'] === true ? docs.length : Number(command['batchSize'] ?? batchByDefault),
  );
  return cursorAnswer(namespace, id, batch, 'firstBatch');
};

const more = (collections: Collections, target: unknown, batchSize: number): Doc => {
  const { id, namespace, batch } = collections.more(BigInt(String(target)), batchSize);
  return cursorAnswer(namespace, id, batch, 'nextBatch');
};

/** Only what counting documents asks for. */
const aggregated = (collections: Collections, namespace: string, command: Doc): Doc => {
  const [match, group, ...others] = command['pipeline'] as Doc[];
  if (match?.['$match'] === undefined || group?.['$group'] === undefined || others.length > 0)
    throw new CommandFailed(59, 'The double only counts');
  const n = collections.find(namespace, match['$match'] as Doc, { hint: command['hint'] }).length;
  return cursorAnswer(namespace, 0n, n === 0 ? [] : [{ _id: 1, n }], 'firstBatch');
};

const modified = (collections: Collections, namespace: string, command: Doc): Doc => {
  const q = (command['query'] ?? {}) as Doc;
  const [before] = collections.find(namespace, q);
  const { error, upserted } = collections.update(namespace, {
    q,
    u: command['update'] as Doc,
    upsert: command['upsert'] === true,
  });
  if (error !== undefined) throw new CommandFailed(error.code, error.errmsg);
  const id = before?.['_id'] ?? upserted;
  const [after] = id === undefined ? [] : collections.find(namespace, { _id: id });
  return {
    value: (command['new'] === true ? after : before) ?? null,
    lastErrorObject: { n: id === undefined ? 0 : 1, updatedExisting: before !== undefined },
  };
};
