import { accept, type Decision, type Placed, type Rejection } from '#event-sourcing/decision.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { ClearText } from '#event-sourcing/vocabulary.js';
import { contextOf, refusalOf, type CommandBase } from '../../deciding/decision-facts.js';
import type { Slice } from '../../deciding/slice.js';
import type { LeaseName, LeaseTaken, ServerId } from '../events.js';
import { leaseFolding, leaseStream, type Lease } from '../facts.js';

export interface TakeLease extends CommandBase {
  readonly lease: LeaseName;
  /** The term whose holder gave no sign of life. */
  readonly after: number;
  readonly holder: ServerId;
  readonly address?: ClearText;
}

/** Takes the work of a holder that is silent or gone. Whoever comes second finds another term, and nothing happens. */
const taken = (lease: Lease, { lease: name, after, holder, address }: TakeLease): Decision<Placed<LeaseTaken>> =>
  lease.term === after
    ? accept({
        stream: leaseStream(name),
        event: { type: 'LeaseTaken', lease: name, term: after + 1, holder, address },
      })
    : accept();

export const takeLease: Slice<TakeLease, LeaseTaken> = {
  name: 'TakeLease',
  handling: (command) => takeLeaseHandling(command),
};

const takeLeaseHandling = (command: TakeLease): Handling<Lease, LeaseTaken, Rejection> => ({
  context: contextOf(command, 'TakeLease'),
  load: (reader) => reader.fold(leaseStream(command.lease), leaseFolding),
  decide: (lease) => taken(lease, command),
  refusal: (rejections) => refusalOf(command, 'TakeLease', rejections),
});
