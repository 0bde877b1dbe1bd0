import { accept, type Decision, type Placed, type Rejection } from '#event-sourcing/decision.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import { contextOf, refusalOf, type CommandBase } from '../../deciding/decision-facts.js';
import type { Slice } from '../../deciding/slice.js';
import type { LeaseName, LeaseReleased, ServerId } from '../events.js';
import { leaseFolding, leaseStream, type Lease } from '../facts.js';

export interface ReleaseLease extends CommandBase {
  readonly lease: LeaseName;
  readonly holder: ServerId;
}

/** Gives the work back; of a lease that somebody else has meanwhile, nothing happens. */
const released = (lease: Lease, { lease: name, holder }: ReleaseLease): Decision<Placed<LeaseReleased>> =>
  lease.holder === holder
    ? accept({ stream: leaseStream(name), event: { type: 'LeaseReleased', lease: name, term: lease.term } })
    : accept();

export const releaseLease: Slice<ReleaseLease, LeaseReleased> = {
  name: 'ReleaseLease',
  handling: (command) => releaseLeaseHandling(command),
};

const releaseLeaseHandling = (command: ReleaseLease): Handling<Lease, LeaseReleased, Rejection> => ({
  context: contextOf(command, 'ReleaseLease'),
  load: (reader) => reader.fold(leaseStream(command.lease), leaseFolding),
  decide: (lease) => released(lease, command),
  refusal: (rejections) => refusalOf(command, 'ReleaseLease', rejections),
});
