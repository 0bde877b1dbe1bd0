import { MetricsEndpoint } from '#server/metrics/metrics-endpoint.js';
import { canaryStory, spellings } from './canary-story.js';

/** Row A16: whatever is done to the server, no metric holds a personal value, nor whose command it was. */
it('no personal value and no party stands in any metric', async () => {
  const story = await canaryStory({ METRICS_PORT: '0' });
  try {
    await story.tell();
    const { port } = story.edge.app.get(MetricsEndpoint, { strict: false });
    const told = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(told).toMatch(/^baobei_commands_total\{command="Register",outcome="accepted"\} 1$/m);
    expect(told).toMatch(/^baobei_commands_total\{command="Register",outcome="refused"\} [23]$/m);
    expect(told).toMatch(/^baobei_graphql_requests_total\{operation="mutation",outcome="answered"\} \d+$/m);
    expect(told).toMatch(/^baobei_graphql_requests_total\{operation="none",outcome="rejected"\} \d+$/m);
    expect(told).toMatch(/^baobei_projection_lag_events\{model="due"\} \d+$/m);
    expect(told).toMatch(/^baobei_ready 1$/m);
    expect(told).toMatch(/^baobei_deadline_overdue_seconds 0$/m);
    expect(told).not.toMatch(/^baobei_scrape_errors_total\{/m);
    for (const spelling of [...spellings, 'dealer-a', 'dealer-b', 'canary', 'user-1'])
      expect({ spelling, found: told.includes(spelling) }).toEqual({ spelling, found: false });
    // Not on the port that everybody reaches.
    expect((await story.edge.fetch('/metrics')).status).toBe(404);
  } finally {
    await story.close();
  }
});
