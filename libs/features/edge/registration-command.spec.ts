import type { Recorded } from '#event-sourcing/event.js';
import type { RegistrationId } from '../dossier/events.js';
import { registrationDone } from './registration-command.js';

const happened = (...events: readonly object[]): readonly Recorded[] =>
  events.map((event) => ({ event })) as unknown as readonly Recorded[];
const raisedIn = (dossier: string): object => ({ type: 'ConflictRaised', caseId: `${dossier}.c1` });
const mine = 'd1.2' as RegistrationId;

describe('what a command on one registration came to', () => {
  it('names the case of its own dossier, whichever was raised last: of the other it would tell a rival', () => {
    expect(registrationDone(happened(raisedIn('d1'), raisedIn('d2')), mine).caseId).toBe('d1.c1');
    expect(registrationDone(happened(raisedIn('d2'), raisedIn('d1')), mine).caseId).toBe('d1.c1');
    expect(registrationDone(happened(raisedIn('d2')), mine).caseId).toBeUndefined();
  });
});
