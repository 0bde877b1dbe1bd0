import fc from 'fast-check';
import { simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { describeError, framesOf } from './describe-error.js';
import { allowedFields, openLog, type Log } from './log.js';
import { NestLogger } from './nest-logger.js';

const opened = (): { readonly log: Log; readonly lines: string[] } => {
  const lines: string[] = [];
  return {
    lines,
    log: openLog({
      level: 'debug',
      clock: simulatedClock('2026-03-02T01:00:00.000Z' as Instant),
      destination: {
        write: (line: string) => {
          lines.push(line);
        },
      },
    }),
  };
};
const marker = '王小明13800000001';

describe('A16 a log line holds what is on the list and nothing else', () => {
  it('one JSON object a line, with our clock', () => {
    const { log, lines } = opened();
    log.info('Listening', { host: '127.0.0.1', port: 4000 });
    expect(lines).toEqual([
      '{"level":"info","time":"2026-03-02T01:00:00.000Z","host":"127.0.0.1","port":4000,"msg":"Listening"}\n',
    ]);
  });

  it('a field that is not on the list is dropped, whatever it is called and however deep its value', () => {
    fc.assert(
      fc.property(
        fc.string().filter((name) => Object.keys(allowedFields({ [name]: 'x' })).length === 0),
        fc.anything(),
        (name, value) => {
          const { log, lines } = opened();
          log.info('Something happened', { [name]: { phone: marker, value }, code: 'A' });
          expect(Object.keys(JSON.parse(lines[0]!) as object).sort()).toEqual(['code', 'level', 'msg', 'time']);
          expect(lines[0]).not.toContain(marker);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a field on the list takes short text, numbers, booleans and lists of text', () => {
    expect(
      allowedFields({
        code: { phone: marker },
        commandId: 'x'.repeat(1_000),
        count: 1,
        frames: ['a', { phone: marker }, 2],
        partyId: undefined,
      }),
    ).toEqual({ commandId: 'x'.repeat(256), count: 1, frames: ['a'] });
  });

  it('an error leaves its names, its code and its frames, never its words', () => {
    const { log, lines } = opened();
    const cause = Object.assign(new TypeError(`UNIQUE constraint failed: ${marker}`), {
      code: 'SQLITE_CONSTRAINT',
      phone: marker,
    });
    log.failure('It failed', new Error(`at ${marker}\n    at ${marker} (/srv/a.ts:1:1)`, { cause }));
    expect(lines[0]).not.toContain(marker);
    expect(JSON.parse(lines[0]!)).toMatchObject({ errorName: 'Error < TypeError', code: 'SQLITE_CONSTRAINT' });
    expect((JSON.parse(lines[0]!) as { readonly frames: readonly string[] }).frames[0]).toContain('log.spec.ts');
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'object'],
    [marker, 'string'],
    [{ message: marker }, 'object'],
    [Object.assign(new Error('x'), { name: marker }), 'Error'],
    [new Error('x', { cause: marker }), 'Error'],
  ])('thrown %#: %j', (thrown, errorName) => {
    const described = describeError(thrown);
    expect(described.errorName).toBe(errorName);
    expect(JSON.stringify(described)).not.toContain(marker);
  });

  it('a circular chain of causes ends', () => {
    const error = new Error('x');
    error.cause = error;
    expect(describeError(error).errorName).toBe('Error < Error < Error < Error < Error');
  });

  it('frames are read after the message, and only where they are frames', () => {
    expect(
      framesOf(
        'Error: a\n    at one\n    at f (/a/b.js:1:2)\n    at async g (file:///a/b.js:3:4)\n    at new Promise (<anonymous>)\n    at node:internal/x:1:1',
      ),
    ).toEqual([
      'at f (/a/b.js:1:2)',
      'at async g (file:///a/b.js:3:4)',
      'at new Promise (<anonymous>)',
      'at node:internal/x:1:1',
    ]);
    expect(framesOf('Error: x\n    at f (/phone/138:1:2)', 'x\n    at f (/phone/138:1:2)')).toEqual([]);
    expect(framesOf(undefined)).toEqual([]);
  });

  it("the framework's errors lose their words, its boot messages keep them", () => {
    const { log, lines } = opened();
    const nest = new NestLogger(log);
    nest.error(`Failed for ${marker}`, `Error: ${marker}\n    at f (/a/b.js:1:2)`, 'ExceptionsHandler');
    nest.error(new Error(marker));
    nest.error("Nest can't resolve dependencies of X", 'ExceptionHandler');
    nest.log('Mapped {/health, GET} route', 'RouterExplorer');
    expect(lines.join('')).not.toContain(marker);
    expect(
      lines.map((line) => {
        const { level, context, msg, frames } = JSON.parse(line) as Record<string, unknown>;
        return { level, context, msg, ...(level === 'error' && context === 'ExceptionsHandler' ? { frames } : {}) };
      }),
    ).toEqual([
      {
        level: 'error',
        context: 'ExceptionsHandler',
        msg: 'The framework reported a failure',
        frames: ['at f (/a/b.js:1:2)'],
      },
      { level: 'error', context: undefined, msg: 'The framework reported a failure' },
      { level: 'error', context: 'ExceptionHandler', msg: "Nest can't resolve dependencies of X" },
      { level: 'debug', context: 'RouterExplorer', msg: 'Mapped {/health, GET} route' },
    ]);
  });
});
