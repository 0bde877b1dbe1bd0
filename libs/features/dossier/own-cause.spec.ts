import { partly, type Asked } from '#event-sourcing/testing/given-when-then.js';
import {
  approving,
  decidingExtension,
  exempting,
  grantingPermission,
  recordingDeal,
  recordingFollowUp,
  rejecting,
  rescinding,
  returning,
  terminating,
  transferring,
  type Ask,
} from './testing/asks.js';
import { approved, held, lostTo, registered, transferred } from './testing/past.js';
import { given, under } from './testing/rehearsal.js';

/** All that an authority may rule about a claim or a subject. */
const rulings: Readonly<Record<string, (ask: Ask) => Asked>> = {
  approving,
  rejecting,
  returning,
  decidingExtension,
  exempting,
  grantingPermission,
  terminating,
  transferring,
  rescinding: (ask) => rescinding({ ...ask, ruling: 'Approved' }),
};

describe.each(Object.entries(rulings))('nobody is judge in their own cause: %s', (_name, ruling) => {
  it('is refused of a claim that one holds', () =>
    given(held({ by: 'reviewer' }))
      .when(ruling({}))
      .thenRefused('OwnCause'));
  it("is refused of a rival's claim, where one has an open one", () =>
    given(held(), registered({ n: 2, by: 'reviewer', class: 'reviewed' }))
      .when(ruling({}))
      .thenRefused('OwnCause'));
});

describe('what the policy wants seen by two', () => {
  const seenByTwo = {
    'form:\n': `fourEyes:
  - { act: [decideExtension, transfer], not: previousActor }
  - { act: [recordDeal, recordFollowUp], not: [holder, filer] }

form:
`,
  };
  it('is refused to whoever ruled on it last, not to another', async () => {
    await under(seenByTwo)
      .given(held(), transferred({ to: 'dealer-b', by: 'reviewer' }))
      .when(transferring({ to: 'dealer-c' }))
      .thenRefused('FourEyes', { not: ['previousActor'] });
    await under(seenByTwo)
      .given(held(), transferred({ to: 'dealer-b', by: 'arbiter' }))
      .when(transferring({ to: 'dealer-c' }))
      .then(partly({ type: 'Transferred', to: 'dealer-c' }));
  });
  it('is refused to whoever filed it, and to whoever holds it', async () => {
    await under(seenByTwo)
      .given(held())
      .when(recordingFollowUp())
      .thenRefused('FourEyes', { not: ['holder', 'filer'] });
    await under(seenByTwo)
      .given(held({ by: 'finance' }))
      .when(recordingDeal())
      .thenRefused('FourEyes', { not: ['holder', 'filer'] });
  });
});

describe('a favour', () => {
  it('is none that anybody does themselves', async () => {
    await given()
      .when(exempting({ to: 'reviewer' }))
      .thenRefused('OwnCause');
    await given()
      .when(grantingPermission({ to: 'reviewer' }))
      .thenRefused('OwnCause');
  });
});

describe('what an official would get by the own ruling', () => {
  it('is no customer that is handed to oneself', () =>
    given(held())
      .when(transferring({ to: 'reviewer' }))
      .thenRefused('OwnCause'));
  it('is no customer that somebody else took from one', () =>
    given(held({ by: 'reviewer' }), transferred({ by: 'arbiter', to: 'dealer-b' }))
      .when(rescinding({ ruling: 'Transferred' }))
      .thenRefused('OwnCause'));
  it('is no claim that was answered no for the one whose approval is taken back', () =>
    given(
      registered({ class: 'reviewed' }),
      registered({ n: 2, by: 'reviewer', class: 'reviewed' }),
      approved({ class: 'reviewed', by: 'arbiter', until: '2026-03-22' }),
      lostTo({ n: 2, by: 'arbiter' }),
    )
      .when(rescinding({ ruling: 'Approved' }))
      .thenRefused('OwnCause'));
  it('is no part in a deal, where the policy wants that seen by another', async () => {
    const others = { 'form:\n': 'fourEyes: [{ act: [recordDeal, agreeSplit], not: holder }]\n\nform:\n' };
    await under(others)
      .given(held())
      .when(recordingDeal({ closedBy: 'finance' }))
      .thenRefused('FourEyes', { not: ['holder'] });
    await under(others)
      .given(held())
      .when(recordingDeal({ assistants: ['finance'] }))
      .thenRefused('FourEyes', { not: ['holder'] });
  });
});
