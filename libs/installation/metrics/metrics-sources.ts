import type { ModelStatus } from '#event-sourcing/projection/projector.js';

/**
 * What the metrics ask whenever somebody scrapes: plain getters, each as good as absent. One that throws, rejects or
 * takes too long is left out
 * of that scrape and counted; it never takes the others with it. None may answer with anything about a person.
 */
export interface MetricsSources {
  /** Events in the journal, as far as this server has read it. */
  readonly head?: () => number | Promise<number>;
  readonly readModels?: () => readonly ModelStatus[];
  /** Seconds since the oldest deadline that has come and was not met; 0 when there is none. */
  readonly oldestOverdue?: () => Promise<number>;
  /** What each loop has set aside because it failed. */
  readonly setAside?: () => readonly { readonly loop: string; readonly rows: number }[];
  readonly redecided?: () => number;
  readonly storageFull?: () => boolean;
  /** Commits that wait for a batch. */
  readonly waitingCommits?: () => number;
  /** Readers that wait for their own write to be seen. */
  readonly waitingReaders?: () => number;
  /** Streams on which commands take turns. */
  readonly contestedStreams?: () => number;
  /** Events in the journal that this server has not read yet. */
  readonly mirrorLag?: () => number | Promise<number>;
  /** Commits that were handed to the server that holds the pen. */
  readonly forwardedCommits?: () => number;
  /** The leases as this server sees them just now. */
  readonly leases?: () => readonly LeaseReading[];
  /** The readiness checks, as `/health/ready` answers them. */
  readonly readiness?: () => Promise<Readonly<Record<string, boolean>>>;
  readonly openSockets?: () => number;
  /** Requests that wait for their turn, and those that were turned away because too many did. */
  readonly waitingRequests?: () => number;
  readonly shedRequests?: () => number;
}

export interface LeaseReading {
  readonly name: string;
  /** This server may do the work. */
  readonly held: boolean;
  /** How often somebody took it, as far as this server has read. */
  readonly term: number;
}

export interface AnsweredCommand {
  /** The command's name in the events. */
  readonly name: string;
  /** `failed`: it threw, so nothing is known to have been stored and the caller got an error. */
  readonly outcome: 'accepted' | 'refused' | 'indeterminate' | 'failed';
  readonly seconds: number;
}

export interface AnsweredOperation {
  readonly operation: 'query' | 'mutation' | 'subscription' | 'none';
  /** `rejected`: the client's document, rights or input; `failed`: ours. */
  readonly outcome: 'answered' | 'rejected' | 'failed';
  readonly seconds: number;
}
