import { isMissing } from '#event-sourcing/testing/event-log-contract.js';
import { TcpProxy } from '#test/doubles/tcp-proxy.js';
import { eventStoreContracts } from './testing/event-store-contracts.js';
import { wireFaults } from '#test/fault/event-store-campaign.js';

const url = process.env['EVENTSTOREDB_URL'];
const condition = { skipUnless: url, because: 'EVENTSTOREDB_URL is not set' };
eventStoreContracts('EventStoreDB', () => url!, condition);

describe('the wire to a real server', () => {
  if (isMissing(condition)) return;
  // One node on this machine without encryption: what the proxy can stand in front of.
  const [, port] = /^\w+:\/\/(?:localhost|127\.0\.0\.1):(\d+)\/?\?tls=false$/.exec(url!) ?? [];
  if (isMissing({ skipUnless: port, because: 'a proxy fits only between this machine and esdb://127.0.0.1:port?tls=false' })) return;
  let proxy: TcpProxy;
  beforeAll(async () => { proxy = await TcpProxy.start(Number(port)); });
  afterAll(() => proxy.stop());
  wireFaults('EventStoreDB', async () => ({ url: `esdb://127.0.0.1:${proxy.port}?tls=false`, proxy }));
});
