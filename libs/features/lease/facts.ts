import type { Folding } from '#event-sourcing/command/handle-command.js';
import type { ClearText, StreamName } from '#event-sourcing/vocabulary.js';
import type { LeaseEvent, LeaseName, ServerId } from './events.js';

/** Who does a piece of work, as the log says; whether it is alive, only its heartbeat says. */
export interface Lease {
  /** 0: nobody ever had it. */
  readonly term: number;
  /** Absent: released, or never taken. */
  readonly holder?: ServerId;
  readonly address?: ClearText;
}

export const leaseCategory = 'lease';
export const leaseStream = (lease: LeaseName): StreamName => `${leaseCategory}-${lease}` as StreamName;

export const leaseFolding: Folding<Lease, LeaseEvent> = {
  name: 'lease',
  initial: { term: 0 },
  apply: (_, { event }) => {
    switch (event.type) {
      case 'LeaseTaken':
        return {
          term: event.term,
          holder: event.holder,
          ...(event.address === undefined ? {} : { address: event.address }),
        };
      case 'LeaseReleased':
        return { term: event.term };
    }
  },
};
