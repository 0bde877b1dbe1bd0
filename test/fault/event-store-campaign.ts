import { randomUUID } from 'node:crypto';
import { systemStopwatch, systemTimers } from '#adapters/clock-system/clock-system.js';
import { memoryLogIndex } from '#adapters/event-log-memory/log-index-memory.js';
import { createEventLog, type JournaledLog } from '#event-sourcing/log/event-log.js';
import type { Journal } from '#event-sourcing/ports/journal.js';
import type { TcpProxy } from '#test/doubles/tcp-proxy.js';
import { send, type Command } from '#test/fault/clients.js';
import { audit, Ledger, type Audit } from '#test/fault/ledger.js';
import { openJournal } from '#adapters/journal-eventstoredb/testing/event-store-contracts.js';

export interface Campaign extends Audit {
  readonly sent: number;
  readonly acknowledged: number;
  readonly indeterminate: number;
  readonly unsettled: number;
  readonly waitedMax: number;
}

export interface CampaignOptions {
  /** At least so many, and more while the disturbance lasts, so that all of it meets somebody at work. */
  readonly commands: number;
  readonly during: (log: JournaledLog) => Promise<void>;
  readonly wrap?: (journal: Journal, organisation: string) => Journal;
  readonly patience?: Parameters<typeof openJournal>[2];
}

/** What every campaign must end with. */
export const cleanCampaign = { faults: [], unsettled: 0, unanswered: 0 };
export const judged = ({ faults, unsettled, sent, acknowledged }: Campaign): object => ({
  faults,
  unsettled,
  unanswered: sent - acknowledged,
});

const clients = 16;
/** Times that a client sends a command again before it gives up. */
const repeatsMax = 60;

/**
 * Clients that send numbered commands and repeat each until it is answered for certain; then everything that was said
 * is held against the log.
 */
export const campaign = async (
  url: string,
  { commands, during, wrap = (journal) => journal, patience = { answerMax: 1_000, settleMax: 3_000 } }: CampaignOptions,
): Promise<Campaign> => {
  const organisation = randomUUID();
  const open = async (): Promise<JournaledLog> =>
    createEventLog({
      index: memoryLogIndex(),
      journal: wrap(await openJournal(url, organisation, patience), organisation),
    });
  const log = await open();
  await log.head();
  const ledger = new Ledger(clients);
  let [sent, indeterminate, unsettled, waitedMax, isDisturbed] = [0, 0, 0, 0, true];
  const one = async (client: number): Promise<void> => {
    for (let number = 0; number < commands / clients || isDisturbed; number += 1) {
      const command: Command = { client, number };
      const began = systemStopwatch.elapsed();
      sent += 1;
      for (let repeat = 0; ; repeat += 1) {
        const answer = await send(log, command, 100);
        if (answer.kind === 'acknowledged') {
          ledger.hear(command, answer);
          break;
        }
        if (answer.kind === 'indeterminate') indeterminate += 1;
        // Refused without a conflict is «busy»: certain, and to be sent again.
        else if (answer.error !== 'LogBusyError') {
          ledger.hear(command, answer);
          break;
        }
        if (repeat === repeatsMax) {
          unsettled += 1;
          break;
        }
        await systemTimers.sleep(100);
      }
      waitedMax = Math.max(waitedMax, systemStopwatch.elapsed() - began);
    }
  };
  const working = Promise.all(Array.from({ length: clients }, (_, client) => one(client)));
  await Promise.all([
    working,
    during(log).finally(() => {
      isDisturbed = false;
    }),
  ]);
  await log.close();
  const again = await open();
  const found = await audit(again, ledger);
  await again.close();
  return { ...found, sent, acknowledged: ledger.acknowledged.size, indeterminate, unsettled, waitedMax };
};

/**
 * Row D11: what goes wrong on the wire between a server and its journal. The proxy stands in front of the real thing or
 * of its double.
 */
export const wireFaults = (
  name: string,
  wire: () => Promise<{ readonly url: string; readonly proxy: TcpProxy }>,
): void => {
  describe(`D11 the wire to ${name}`, () => {
    const sleep = (milliseconds: number): Promise<void> => systemTimers.sleep(milliseconds);
    it.each<readonly [string, (proxy: TcpProxy) => Promise<void>]>([
      [
        'is cut again and again',
        async (proxy) => {
          for (let cut = 0; cut < 8; cut += 1) {
            await sleep(60);
            proxy.cutAll();
          }
        },
      ],
      [
        'is frozen and thaws',
        async (proxy) => {
          for (let freeze = 0; freeze < 2; freeze += 1) {
            await sleep(100);
            proxy.freeze(true);
            await sleep(1_600);
            proxy.freeze(false);
            proxy.cut += 1;
          }
        },
      ],
      [
        'is slow',
        async (proxy) => {
          proxy.delay = 150;
          await sleep(800);
          proxy.delay = 0;
          proxy.cut += 1;
        },
      ],
      [
        'is refused for longer than an append is repeated, and comes back',
        async (proxy) => {
          await sleep(80);
          proxy.refuse(true);
          proxy.cutAll();
          await sleep(4_500);
          proxy.refuse(false);
        },
      ],
    ])(
      '%s: nothing acknowledged is lost, nothing stands twice, every answer is settled by its repetition',
      async (_, disturb) => {
        const { url, proxy } = await wire();
        const before = proxy.cut;
        const found = await campaign(url, { commands: 480, during: () => disturb(proxy) });
        expect(judged(found)).toEqual(cleanCampaign);
        expect(proxy.cut).toBeGreaterThan(before);
      },
    );
  });
};
