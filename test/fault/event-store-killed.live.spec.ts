import { systemTimers } from '#adapters/clock-system/clock-system.js';
import { isMissing } from '#event-sourcing/testing/event-log-contract.js';
import { campaign, cleanCampaign, judged, type Campaign } from './event-store-campaign.js';
import { EventStoreNodes } from './event-store-nodes.js';

const [url, command] = [process.env['EVENTSTOREDB_START_URL'], process.env['EVENTSTOREDB_START']];
/** The longer form says more. */
const kills = Number(process.env['EVENTSTOREDB_KILLS'] ?? 3);

/**
 * Rows D1 and D11: EventStoreDB itself is killed and frozen while 16 clients write. With several hosts it is always the
 * leader.
 */
describe('EventStoreDB nodes that die', () => {
  if (
    isMissing({
      skipUnless: command,
      because:
        'EVENTSTOREDB_START is not set: a shell command that starts node $NODE of EVENTSTOREDB_START_URL in the foreground',
    })
  )
    return;
  if (
    isMissing({
      skipUnless: url,
      because: 'EVENTSTOREDB_START_URL is not set: the address of the nodes that EVENTSTOREDB_START starts',
    })
  )
    return;
  const nodes = new EventStoreNodes(url!, command!);
  const sleep = (milliseconds: number): Promise<void> => systemTimers.sleep(milliseconds);
  const told = (name: string, { sent, indeterminate, waitedMax }: Campaign): void => {
    process.stdout.write(
      `${name}: ${sent} commands acknowledged, ${indeterminate} indeterminate answers, the longest wait for a certain one ${Math.round(waitedMax)} ms\n`,
    );
  };
  beforeAll(() => nodes.startAll(), 120_000);
  afterAll(() => nodes.stopAll(), 120_000);

  it(
    `${kills} times kill -9 of the one that leads: nothing acknowledged is lost or doubled, every answer is settled by its repetition`,
    async () => {
      const found = await campaign(url!, {
        commands: 480,
        patience: {},
        during: async () => {
          for (let kill = 0; kill < kills; kill += 1) {
            await sleep(500 + kill * 37);
            const leader = await nodes.leader();
            nodes.kill(leader);
            await sleep(500);
            nodes.start(leader);
            await nodes.ready();
          }
          await sleep(500);
        },
      });
      told('killed', found);
      expect(judged(found)).toEqual(cleanCampaign);
      expect(nodes.killed).toBe(kills);
    },
    kills * 90_000,
  );

  it('the one that leads is frozen for 40 s: settled as well', async () => {
    const found = await campaign(url!, {
      commands: 480,
      patience: {},
      during: async () => {
        await sleep(500);
        const leader = await nodes.leader();
        nodes.freeze(leader);
        await sleep(40_000);
        nodes.thaw(leader);
        await nodes.ready();
        await sleep(500);
      },
    });
    told('frozen', found);
    expect(judged(found)).toEqual(cleanCampaign);
    expect(nodes.frozen).toBe(1);
  }, 240_000);
});
