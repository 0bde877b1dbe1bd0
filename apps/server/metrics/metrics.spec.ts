import { readFileSync } from 'node:fs';
import { Metrics } from './metrics.js';
import { openMetricsListener } from './metrics-listener.js';

const build = { version: '1.2.3', node: '24.0.0', storage: 'embedded' };
const model = { name: 'due', version: 1, state: 'running', seen: 4 } as const;
const linesOf = async (metrics: Metrics): Promise<readonly string[]> =>
  (await metrics.scrape()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const valueOf = async (metrics: Metrics, series: string): Promise<string | undefined> =>
  (await linesOf(metrics)).find((line) => line.startsWith(`${series} `))?.slice(series.length + 1);

describe('the metrics', () => {
  it('are those of docs/reference/metrics.md, with their labels; cure: write the line there', () => {
    const page = readFileSync('docs/reference/metrics.md', 'utf8');
    const told = [...page.matchAll(/^\| `(baobei_\w+)`/gm)].map(([, name]) => name);
    expect(told.toSorted()).toEqual(new Metrics(build).names().toSorted());
  });

  it('of two servers in one process do not mix', async () => {
    const [first, second] = [new Metrics(build), new Metrics(build)];
    first.observeCommand({ name: 'Register', outcome: 'accepted', seconds: 0.002 });
    expect(await valueOf(first, 'baobei_commands_total{command="Register",outcome="accepted"}')).toBe('1');
    expect(await valueOf(second, 'baobei_commands_total{command="Register",outcome="accepted"}')).toBeUndefined();
  });

  it('are absent without a source, and are no noughts', async () => {
    const lines = await linesOf(new Metrics(build));
    for (const name of [
      'baobei_mirror_lag_events',
      'baobei_deadline_overdue_seconds',
      'baobei_storage_full',
      'baobei_ready',
      'baobei_commits_handed_total',
    ])
      expect(lines.filter((line) => line.startsWith(name))).toEqual([]);
    expect(lines).toContain('baobei_build_info{version="1.2.3",node="24.0.0",storage="embedded"} 1');
    expect(lines.some((line) => line.startsWith('baobei_process_memory_bytes{kind="resident"}'))).toBe(true);
  });

  it('show how far read models are behind, and in which state', async () => {
    const metrics = new Metrics(build);
    metrics.read({
      head: async () => 10,
      readModels: () => [model, { ...model, name: 'ownership', state: 'stopped', seen: 9 }],
    });
    expect(await valueOf(metrics, 'baobei_projection_lag_events{model="due"}')).toBe('5');
    expect(await valueOf(metrics, 'baobei_projection_lag_events{model="ownership"}')).toBe('0');
    expect(await valueOf(metrics, 'baobei_projection_state{model="ownership",state="stopped"}')).toBe('1');
    expect(await valueOf(metrics, 'baobei_projection_state{model="ownership",state="running"}')).toBe('0');
  });

  it('say which lease is held, and how often somebody took it', async () => {
    const metrics = new Metrics(build);
    metrics.read({
      leases: () => [
        { name: 'pen', held: true, term: 7 },
        { name: 'notices', held: false, term: 0 },
      ],
    });
    expect(await valueOf(metrics, 'baobei_lease_held{lease="pen"}')).toBe('1');
    expect(await valueOf(metrics, 'baobei_lease_term{lease="pen"}')).toBe('7');
    expect(await valueOf(metrics, 'baobei_lease_held{lease="notices"}')).toBe('0');
    expect(await valueOf(metrics, 'baobei_lease_term{lease="notices"}')).toBe('0');
  });

  it('say how late the event loop is: hardly when idle, and as long as something held it', async () => {
    const metrics = new Metrics(build);
    const worst = async (): Promise<number> =>
      Number(await valueOf(metrics, 'baobei_event_loop_delay_seconds{quantile="1"}'));
    const pause = (): Promise<void> =>
      new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    metrics.watchEventLoop();
    try {
      await pause();
      const idle = Number(await valueOf(metrics, 'baobei_event_loop_delay_seconds{quantile="0.5"}'));
      for (const until = performance.now() + 500; performance.now() < until;);
      await pause();
      // A machine that does other work too is late by itself, but hardly by half of what holds it here.
      expect(await worst()).toBeGreaterThan(0.3);
      expect(idle).toBeLessThan((await worst()) / 2);
    } finally {
      metrics.close();
    }
  });

  it('leave out a source that throws, rejects or is too late, say so in the same scrape, and show nothing old', async () => {
    const metrics = new Metrics(build, 30);
    metrics.read({ storageFull: () => false, oldestOverdue: async () => 12, mirrorLag: () => 3, redecided: () => 7 });
    expect(await valueOf(metrics, 'baobei_deadline_overdue_seconds')).toBe('12');
    let asked = 0;
    metrics.read({
      storageFull: () => {
        throw new Error('x');
      },
      oldestOverdue: async () => {
        throw new Error('x');
      },
      mirrorLag: () => {
        asked += 1;
        return new Promise<number>(() => undefined);
      },
    });
    for (const time of ['1', '2']) {
      const lines = await linesOf(metrics);
      for (const source of ['storage', 'deadlines', 'mirror'])
        expect(lines).toContain(`baobei_scrape_errors_total{source="${source}"} ${time}`);
      expect(
        lines.filter((line) => /^baobei_(storage_full|deadline_overdue_seconds|mirror_lag_events) /.test(line)),
      ).toEqual([]);
      expect(lines).toContain('baobei_commands_redecided_total 7');
    }
    // What hangs is not asked again and again.
    expect(asked).toBe(1);
  });

  it('are bounded, whatever names come', async () => {
    const metrics = new Metrics(build);
    for (let number = 0; number < 500; number += 1)
      metrics.observeCommand({
        name: `Do${String.fromCharCode(65 + (number % 26), 65 + Math.floor(number / 26))}`,
        outcome: 'accepted',
        seconds: 0,
      });
    metrics.observeCommand({ name: '13800001111', outcome: 'accepted', seconds: 0 });
    const lines = (await linesOf(metrics)).filter((line) => line.startsWith('baobei_commands_total'));
    expect(lines.length).toBe(101);
    expect(lines.join('\n')).not.toContain('13800001111');
  });

  it('tell one scrape to whoever asks while it is under way', async () => {
    const metrics = new Metrics(build);
    let asked = 0;
    metrics.read({
      oldestOverdue: async () => {
        asked += 1;
        return 0;
      },
    });
    await Promise.all([metrics.scrape(), metrics.scrape(), metrics.scrape()]);
    expect(asked).toBe(1);
  });
});

describe('the listener', () => {
  it('answers GET /metrics and nothing else', async () => {
    const metrics = new Metrics(build);
    const listener = await openMetricsListener({ host: '127.0.0.1', port: 0, metrics, onError: () => undefined });
    try {
      const ask = async (path: string, init?: RequestInit) => {
        const answer = await fetch(`http://127.0.0.1:${listener.port}${path}`, init);
        return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
      };
      const told = await ask('/metrics');
      expect([told.status, told.type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
      expect(told.text).toContain('# TYPE baobei_build_info gauge');
      expect((await ask('/')).status).toBe(404);
      expect((await ask('/health/ready')).status).toBe(404);
      expect((await ask('/metrics', { method: 'POST', body: 'x' })).status).toBe(405);
    } finally {
      await listener.close();
    }
  });

  it('answers 500 without a word when even that fails, and goes on', async () => {
    const told: unknown[] = [];
    const listener = await openMetricsListener({
      host: '127.0.0.1',
      port: 0,
      metrics: {
        contentType: new Metrics(build).contentType,
        scrape: async () => {
          throw new Error('secret');
        },
      },
      onError: (error) => {
        told.push(error);
      },
    });
    try {
      for (const time of [1, 2]) {
        const answer = await fetch(`http://127.0.0.1:${listener.port}/metrics`);
        expect([answer.status, await answer.text(), told.length]).toEqual([500, '', time]);
      }
    } finally {
      await listener.close();
    }
  });
});
