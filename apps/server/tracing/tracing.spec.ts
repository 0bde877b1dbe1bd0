import { context, propagation, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';
import { Api, program } from '#test/e2e/api.js';
import { canaryStory, spellings } from '#test/security/canary-story.js';
import { flushTraces } from './flush-traces.js';
import { inSpan } from '#installation/tracing/span.js';

const exporter = new InMemorySpanExporter();
const registering =
  'mutation R($input: RegisterInput!) { register(input: $input) { __typename ... on RegisterDone { position } } }';
const traceId = '0af7651916cd43dd8448eb211c80319c';
const callersSpan = 'b7ad6b7169203331';

/** `name` of every span under its parent's, the callers' own at the top. */
const treeOf = (spans: readonly ReadableSpan[]): readonly string[] => {
  const below = (parent: string | undefined, depth: number): readonly string[] =>
    spans
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
      .flatMap((span) => [`${'  '.repeat(depth)}${span.name}`, ...below(span.spanContext().spanId, depth + 1)]);
  return below(callersSpan, 0);
};
const ended = async (name: string): Promise<ReadableSpan> => {
  for (let look = 0; look < 200; look += 1) {
    const found = exporter.getFinishedSpans().find((span) => span.name === name);
    if (found !== undefined) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  throw new Error(`No span ${name} ended`);
};

beforeAll(() => {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
});
beforeEach(() => {
  exporter.reset();
});
afterAll(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

describe('traces', () => {
  it('one mutation is one tree under the span of whoever called: operation, command, append; and the batch that shows it', async () => {
    const api = await Api.open();
    try {
      await api.enrol('amy');
      exporter.reset();
      const answer = await api.edge.post(
        {
          query: registering,
          variables: {
            input: {
              commandId: 'traced-13800001111',
              programId: program,
              class: 'walkIn',
              form: { name: '王芳', phone: '13800001111' },
            },
          },
        },
        {
          token: await api.token('amy'),
          headers: { traceparent: `00-${traceId}-${callersSpan}-01`, baggage: 'who=13800001111' },
        },
      );
      expect(answer.text).toContain('RegisterDone');
      const operation = await ended('mutation register');
      const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
      expect(treeOf(spans)).toEqual(['mutation register', '  command Register', '    append']);
      expect(operation.attributes).toEqual({
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
        'graphql.operation.type': 'mutation',
        'baobei.outcome': 'answered',
      });
      const [command, append] = ['command Register', 'append'].map((name) => spans.find((span) => span.name === name)!);
      expect(command!.attributes).toEqual({
        'baobei.command': 'Register',
        'baobei.outcome': 'accepted',
        'baobei.position': expect.any(Number),
        'baobei.repeated': false,
      });
      // Neither what was filed nor what the client made its command id and baggage of.
      expect(JSON.stringify(spans.map(({ name, attributes, events }) => ({ name, attributes, events })))).not.toContain(
        '13800001111',
      );
      expect(append!.attributes).toMatchObject({ 'baobei.outcome': 'appended', 'baobei.events': expect.any(Number) });
      expect((await ended('projection batch')).attributes).toMatchObject({
        'baobei.outcome': 'applied',
        'baobei.model': expect.any(String),
      });
    } finally {
      await api.close();
    }
  });

  it('a request without a trace begins one, and health begins none', async () => {
    const api = await Api.open();
    try {
      exporter.reset();
      await api.edge.fetch('/health/ready');
      await api.ask('amy', '{ __typename }');
      const operation = await ended('query __typename');
      expect(operation.parentSpanContext).toBeUndefined();
      expect(exporter.getFinishedSpans().length).toBe(1);
    } finally {
      await api.close();
    }
  });

  it('A16: no span holds a personal value, whatever is done', async () => {
    const story = await canaryStory();
    try {
      await story.tell();
      const told = JSON.stringify(
        exporter
          .getFinishedSpans()
          .map(({ name, attributes, events, links, status }) => ({ name, attributes, events, links, status })),
      );
      expect(told).toContain('command Register');
      for (const spelling of spellings)
        expect({ spelling, found: told.includes(spelling) }).toEqual({ spelling, found: false });
    } finally {
      await story.close();
    }
  });

  it('what fails is marked by the name of its error alone', async () => {
    await expect(
      inSpan('work', {}, async () => {
        throw new RangeError('王芳 13800001111');
      }),
    ).rejects.toThrow(RangeError);
    const [span] = exporter.getFinishedSpans();
    expect([span?.attributes, span?.status, span?.events]).toEqual([{ 'error.type': 'RangeError' }, { code: 2 }, []]);
  });

  it('the last spans are handed over before the process ends, and a collector that is away holds nobody up', async () => {
    await expect(flushTraces()).resolves.toBeUndefined();
    trace.disable();
    await expect(flushTraces()).resolves.toBeUndefined();
  });
});
