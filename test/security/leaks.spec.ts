import { GraphQLError } from 'graphql';
import { CommandIdTakenError, ContentionError } from '#event-sourcing/command/handle-command.js';
import { noon } from '#event-sourcing/testing/commits.js';
import type { CommandId } from '#event-sourcing/vocabulary.js';
import { IndeterminateError, StorageFullError } from '#event-sourcing/ports/event-log.js';
import { seen } from './attacked.module.js';
import { codesOf, Edge, type GraphqlAnswer } from './edge.js';
import { SocketClient } from './socket-client.js';

/** Words that errors of storage, parsers and programs quote, and that must reach neither a client nor the log. */
const secrets = [
  '13912345678',
  '王小明',
  '110101199003071234',
  'SELECT * FROM streams',
  'SQLITE_CONSTRAINT: UNIQUE constraint failed: streams.name',
  '/srv/baobei/data/log.db',
  'key-7f3a9c',
  'eyJhbGciOiJFZERTQSJ9.e30.c2ln',
  'hunter2',
];
const said = secrets.join(' | ');

/** Two hundred ways in which something inside can fail: each kind of error with each way of carrying words. */
const kinds: readonly (readonly [string, (message: string) => unknown])[] = [
  ['Error', (message) => new Error(message)],
  ['TypeError', (message) => new TypeError(message)],
  ['RangeError', (message) => new RangeError(message)],
  ['SyntaxError', (message) => new SyntaxError(message)],
  ['an aggregate', (message) => new AggregateError([new Error(message)], message)],
  ['text', (message) => message],
  ['a plain object', (message) => ({ message, phone: message })],
  ['undefined', () => undefined],
  ['null', () => null],
  [
    'a GraphQLError that claims a code',
    (message) => new GraphQLError(message, { extensions: { code: 'BAD_INPUT', phone: message } }),
  ],
  [
    'an error that claims extensions',
    (message) =>
      Object.assign(new Error(message), { extensions: { code: 'FORBIDDEN', http: { status: 403 }, message } }),
  ],
  [
    'an error that claims a status',
    (message) => Object.assign(new Error(message), { status: 403, response: { statusCode: 403, message } }),
  ],
  [
    'a database error',
    (message) => Object.assign(new Error(message), { name: 'SqliteError', code: 'SQLITE_IOERR_FSYNC' }),
  ],
  ['an error whose code is personal', (message) => Object.assign(new Error('x'), { code: message })],
  ['an error whose name is personal', (message) => Object.assign(new Error('x'), { name: message })],
  [
    'an error whose stack is personal',
    (message) =>
      Object.assign(new Error('x'), { stack: `Error: ${message}\n    at ${message} (/srv/baobei/a.js:1:1)` }),
  ],
  ['a message that looks like a stack', (message) => new Error(`x\n    at ${message}\n    at call (${message}:1:1)`)],
  [
    'a system error',
    (message) => Object.assign(new Error(message), { code: 'ENOENT', path: message, syscall: 'open' }),
  ],
  ['an indeterminate append', (message) => new IndeterminateError(message as CommandId, new Error(message))],
  ['a wrapped GraphQLError', (message) => new GraphQLError(message, { originalError: new Error(message) })],
];
const carriers: readonly (readonly [string, (made: unknown, message: string) => unknown])[] = [
  ['thrown', (made) => made],
  ['as a cause', (made) => new Error(said, { cause: made })],
  ['as a cause of a cause', (made) => new Error('outer', { cause: new Error(said, { cause: made }) })],
  [
    'in a property',
    (made) => Object.assign(new Error(said), { detail: made, request: { headers: { authorization: said } } }),
  ],
  [
    'with many lines',
    (made, message) => (made instanceof Error ? Object.assign(made, { message: `${message}\n`.repeat(20) }) : made),
  ],
];
const failures = kinds.flatMap(([kind, make]) =>
  carriers.flatMap(([carrier, carry]) =>
    ['one', 'two'].map((round) => ({ name: `${kind}, ${carrier}, ${round}`, make: () => carry(make(said), said) })),
  ),
);

/** Besides the words above: paths of this machine, stack frames, modules. */
const leaks = (text: string): readonly string[] => [
  ...secrets.filter((secret) => text.includes(secret)),
  ...(text.match(/\bat [\w.<>]+ \(|node_modules|\/work\/|\/home\/|\.(?:ts|js):\d+|SqliteError|SQLITE|ENOENT/g) ?? []),
];

describe('A4 what fails inside stays inside', () => {
  let edge: Edge;
  let socket: SocketClient;
  const errorIds = new Set<string>();
  beforeAll(async () => {
    edge = await Edge.open({ limits: { socketMessagesPerSweepMax: 100_000 } });
    socket = await SocketClient.enter(edge.port, await edge.token());
  });
  afterAll(async () => {
    console.log(
      `A4: ${failures.length} provoked errors over HTTP and WebSocket, ${errorIds.size} error ids, each found in the log once`,
    );
    await edge.close();
  });

  const expectMasked = (json: GraphqlAnswer, text: string): void => {
    expect(leaks(text)).toEqual([]);
    expect(json.errors?.map(({ message, extensions: { code } }) => [message, code])).toEqual([
      ['Something went wrong inside; give the error id to whoever runs this system.', 'INTERNAL'],
    ]);
    const errorId = String(json.errors?.[0]?.extensions['errorId']);
    expect(errorId).toMatch(/^[0-9a-f-]{36}$/);
    const lines = edge.lines.filter((line) => line.includes(errorId));
    expect(lines.length).toBe(1);
    expect(secrets.filter((secret) => lines[0]!.includes(secret))).toEqual([]);
    errorIds.add(errorId);
  };

  it('200 errors over HTTP: no path, no SQL, no stack, no phone; the id is in the log', async () => {
    expect(failures.length).toBe(200);
    for (const { make } of failures) {
      seen.failures.unshift(make as () => never);
      const answer = await edge.post({ query: '{ fail }' });
      expect(answer.status).toBe(200);
      expectMasked(answer.json, answer.text);
    }
  });

  it('the same 200 in a subscription that has begun', async () => {
    for (const [index, { make }] of failures.entries()) {
      seen.failures.unshift(make as () => never);
      const id = `f${index}`;
      socket.subscribe(id, 'subscription { failing }');
      await socket.until(() => socket.of(id, 'complete').length + socket.of(id, 'error').length > 0);
      const [first, second] = socket.of(id, 'next').map(({ payload }) => payload as GraphqlAnswer);
      expect(first).toEqual({ data: { failing: 'first' } });
      expectMasked(second!, JSON.stringify(socket.of(id)));
    }
  });

  it('nothing of it is in the log, on any line', () => {
    const log = edge.lines.join('');
    expect(log.length).toBeGreaterThan(100_000);
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  });

  it('the log says where it happened', () => {
    const line = edge.lines.find((one) => one.includes('"errorName":"TypeError"'))!;
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      msg: 'An error was answered as internal',
      transport: 'http',
    });
    expect(
      (JSON.parse(line) as { readonly frames: readonly string[] }).frames.some((frame) =>
        frame.includes('leaks.spec.ts'),
      ),
    ).toBe(true);
  });

  it('an answer of the wrong type is a failure inside, and the value is not shown', async () => {
    const answer = await edge.post({ query: '{ notANumber }' });
    expect(answer.text).not.toContain('13800000001');
    expect(codesOf(answer)).toEqual(['INTERNAL']);
  });

  it.each([
    [
      'COMMAND_ID_TAKEN',
      () => {
        throw new CommandIdTakenError(said as CommandId, noon);
      },
    ],
    [
      'CONTENTION',
      () => {
        throw new ContentionError(said);
      },
    ],
    [
      'STORAGE_FULL',
      () => {
        throw new StorageFullError(said);
      },
    ],
  ])('what a client can act on has a code of its own: %s', async (code, make) => {
    seen.failures.unshift(make);
    const answer = await edge.post({ query: '{ fail }' });
    expect(codesOf(answer)).toEqual([code]);
    expect(leaks(answer.text)).toEqual([]);
  });

  it('every code is explained in both languages', async () => {
    seen.failures.unshift(() => {
      throw new StorageFullError('x');
    });
    const { json } = await edge.post({ query: '{ fail }' });
    expect(json.errors?.[0]?.extensions['message']).toEqual({
      zh: expect.stringMatching(/\p{Script=Han}/u) as unknown,
      en: expect.stringMatching(/[a-z]/) as unknown,
    });
  });

  it('a variable with a personal value is not logged', async () => {
    const answer = await edge.post({
      query: 'query A($n: Int!) { rows(first: $n) { pageInfo { hasNextPage } } }',
      variables: { n: '13911112222' },
    });
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
    const named = await edge.post({ query: 'query Q13911112222 { __typename }' });
    expect(named.status).toBe(200);
    expect(edge.lines.join('')).not.toContain('"n"');
  });
});

describe('A4 nothing about the schema is given away in production', () => {
  it('and in development it is', async () => {
    const edge = await Edge.open({ settings: { NODE_ENV: 'development' } });
    try {
      const answer = await edge.post({ query: '{ __schema { queryType { name } } }' });
      expect(answer.json).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
      // Not even there without a token.
      expect((await edge.post({ query: '{ __schema { queryType { name } } }' }, { token: '' })).status).toBe(401);
    } finally {
      await edge.close();
    }
  });
});
