import type { EventLog } from '../ports/event-log.js';
import { repeatingPromises } from './event-log-repeating.js';
import { appendingPromises, bytesPromises } from './event-log-appending.js';
import { readingPromises } from './event-log-reading.js';
import { subscribingPromises } from './event-log-subscribing.js';

/** An empty log of its own for each test. */
export interface OpenedLog {
  readonly log: EventLog;
  /** Closes the log that is open and opens the same one again, as a restart does. */
  reopen(): Promise<EventLog>;
}
export type OpenLog = () => Promise<OpenedLog>;
/** For a storage that is not always there: without it one line says why nothing was run. */
export interface ContractCondition {
  readonly skipUnless: unknown;
  readonly because: string;
}

/** `envelopes`: its journal keeps bytes alone and reads everything else from them. */
export interface EventLogTraits {
  readonly bytes?: 'any' | 'envelopes';
}
const isCondition = (condition: Partial<ContractCondition>): condition is ContractCondition => 'because' in condition;

/** What every event log promises. The sentences are printed in docs/reference/storage.md. */
export const eventLogContract = (
  name: string,
  open: OpenLog,
  { bytes = 'any', ...condition }: EventLogTraits & Partial<ContractCondition> = {},
): void => {
  describe(`event log: ${name}`, () => {
    if (isMissing(isCondition(condition) ? condition : undefined)) return;
    const opened: EventLog[] = [];
    const openAndRemember: OpenLog = async () => {
      const { log, reopen } = await open();
      opened.push(log);
      return {
        log,
        reopen: async () => {
          const again = await reopen();
          opened.push(again);
          return again;
        },
      };
    };
    afterEach(async () => {
      for (const log of opened.splice(0)) await log.close();
    });
    appendingPromises(openAndRemember);
    repeatingPromises(openAndRemember);
    if (bytes === 'any') bytesPromises(openAndRemember);
    readingPromises(openAndRemember);
    subscribingPromises(openAndRemember);
  });
};

/** Says in the run's own output what was not run, and why. */
export const isMissing = (condition: ContractCondition | undefined): boolean => {
  if (
    condition === undefined ||
    (condition.skipUnless !== undefined && condition.skipUnless !== '' && condition.skipUnless !== false)
  )
    return false;
  it(`not run: ${condition.because}`, () => {
    expect(condition.skipUnless || undefined).toBeUndefined();
  });
  return true;
};
