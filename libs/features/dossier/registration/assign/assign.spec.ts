import { amending, assigning, recordingActivity, recordingVisit, releasing, transferring } from '../../testing/asks.js';
import { partly } from '#event-sourcing/testing/given-when-then.js';
import { because, mayOnly, mayOnlyHolder } from '../../testing/follows.js';
import { held, registered, terminated, transferred } from '../../testing/past.js';
import { assigned } from '../../testing/past-work.js';
import { given, under } from '../../testing/rehearsal.js';

const toDealerB = {
  type: 'Assigned',
  registrationId: 'd1.1',
  by: 'reviewer',
  part: 'helper',
  to: 'dealer-b',
  because: [because('parts.helper')],
};

describe('assign', () => {
  it('gives somebody a part, hands it on, and takes it away', async () => {
    await given(held()).when(assigning()).then(toDealerB);
    await given(held(), assigned())
      .when(assigning({ to: 'dealer-c' }))
      .then({ ...toDealerB, from: 'dealer-b', to: 'dealer-c' });
    const { to, ...takenAway } = toDealerB;
    await given(held(), assigned())
      .when(assigning({ to: null }))
      .then({ ...takenAway, from: to });
  });
  it('of a claim that waits too; what is so already is said once', async () => {
    await given(registered({ class: 'reviewed' }))
      .when(assigning())
      .then(toDealerB);
    await given(held(), assigned()).when(assigning()).thenNothing();
    await given(held())
      .when(assigning({ to: null }))
      .thenNothing();
  });
  it('is refused for what the class does not know, and whom it is not for', async () => {
    await given(held())
      .when(assigning({ part: 'driver' }))
      .thenRefused('PartUnknown', { parts: ['helper', 'checker'] });
    await given(held())
      .when(assigning({ to: 'nobody' }))
      .thenRefused('PartyUnknown');
    await given(registered({ class: 'reviewed' }))
      .when(assigning({ by: 'dealer-a', part: 'checker' }))
      .thenRefused(['PartTooEarly', 'PartNotCalledFor']);
    await given(held())
      .when(assigning({ part: 'checker' }))
      .thenRefused(['AssignerNotPermitted', 'PartNotCalledFor'], mayOnlyHolder);
  });
  it('is refused of what is over, and to others, alike for a claim nobody filed', async () => {
    await given(held(), terminated())
      .when(assigning({ at: '2026-03-05' }))
      .thenRefused('NotProtected');
    const nobodyElse = { roles: ['reviewer'], relations: ['holder', 'filer'] };
    await given(held())
      .when(assigning({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', nobodyElse);
    await given(held())
      .when(assigning({ by: 'dealer-b', n: 7 }))
      .thenRefused('OperationNotPermitted', nobodyElse);
  });
});

const helping = {
  'by: { relations: [holder, filer] }\n    fields:\n      - { name: what':
    'by: { relations: [holder, filer, helper] }\n    fields:\n      - { name: what',
};
describe('whoever has a part', () => {
  const byHelper = { by: 'dealer-b', at: '2026-03-03' };
  it('does what names the part', () =>
    under(helping)
      .given(held(), assigned())
      .when(recordingActivity(byHelper))
      .then(
        partly({ type: 'ActivityRecorded', by: 'dealer-b', activity: 'sample' }),
        partly({ type: 'StageAdvanced' }),
      ));
  it('and nothing else: the customer stays its holder’s', async () => {
    for (const asked of [releasing(byHelper), recordingVisit(byHelper), amending(byHelper)])
      await given(held(), assigned()).when(asked).thenRefused('OperationNotPermitted', mayOnlyHolder);
    await given(held(), assigned())
      .when(transferring({ ...byHelper, to: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer'));
  });
  it('what every party may do to its own claims is not theirs', () =>
    under({
      'recordVisit, recordDeposit], relations: [holder, filer] }': 'recordVisit, recordDeposit], roles: party }',
    })
      .given(held(), assigned())
      .when(releasing(byHelper))
      .thenRefused('OperationNotPermitted', { roles: ['party'], relations: [] }));
  it('loses what the holder gave when the customer is handed on, and keeps what an office gave', async () => {
    const handedOn = transferred({ to: 'dealer-c', at: '2026-03-02 16:00' });
    await under(helping)
      .given(held(), assigned({ by: 'dealer-a' }), handedOn)
      .when(recordingActivity(byHelper))
      .thenRefused('OperationNotPermitted', { roles: [], relations: ['holder', 'filer', 'helper'] });
    await under(helping)
      .given(held(), assigned(), handedOn)
      .when(recordingActivity(byHelper))
      .then(
        partly({ type: 'ActivityRecorded', by: 'dealer-b', activity: 'sample' }),
        partly({ type: 'StageAdvanced' }),
      );
  });
  it('has it no longer once it was handed on, or the registration is over', async () => {
    const only = { roles: [], relations: ['holder', 'filer', 'helper'] };
    await under(helping)
      .given(held(), assigned(), assigned({ to: 'dealer-c' }))
      .when(recordingActivity(byHelper))
      .thenRefused('OperationNotPermitted', only);
    await under(helping)
      .given(held(), assigned(), terminated())
      .when(recordingActivity({ ...byHelper, at: '2026-03-05' }))
      .thenRefused('OperationNotPermitted', only);
  });
});
