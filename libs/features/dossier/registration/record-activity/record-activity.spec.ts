import { partly } from '#event-sourcing/testing/given-when-then.js';
import { recordingActivity } from '../../testing/asks.js';
import { because, mayOnlyHolder } from '../../testing/follows.js';
import { held, registered, terminated } from '../../testing/past.js';
import { given, on, under } from '../../testing/rehearsal.js';

const recorded = (happenedAt = '2026-03-02 15:00') => ({
  type: 'ActivityRecorded',
  registrationId: 'd1.1',
  by: 'dealer-a',
  activity: 'sample',
  happenedAt: on(happenedAt),
  form: { what: { value: '面料' } },
  details: { pieces: 3 },
  attachments: [],
  because: [because('activities.sample', {})],
});

describe('record an activity', () => {
  it('keeps what was filled in, and takes the step that it stands for', () =>
    given(held())
      .when(recordingActivity())
      .then(recorded(), {
        type: 'StageAdvanced',
        registrationId: 'd1.1',
        ladder: 'progress',
        step: 'sampled',
        because: [because('stages.progress', { step: 'sampled' })],
      }));
  it('takes the step only where what was filled in says so', async () => {
    const graded = { 'on: sample }': "on: sample, when: 'pieces > 2.0' }" };
    const form = { what: '面料', pieces: 2 };
    await under(graded)
      .given(held())
      .when(recordingActivity({ form }))
      .then({ ...recorded(), details: { pieces: 2 } });
    await under(graded)
      .given(held())
      .when(recordingActivity())
      .then(recorded(), partly({ type: 'StageAdvanced', step: 'sampled' }));
  });
  it('is recorded of a claim that waits too, at the time when it happened', () =>
    given(registered({ class: 'reviewed' }))
      .when(recordingActivity({ at: '2026-03-02 18:00', occurred: '2026-03-02 16:00' }))
      .then(recorded('2026-03-02 16:00'), {
        type: 'StageAdvanced',
        registrationId: 'd1.1',
        ladder: 'progress',
        step: 'sampled',
        because: [because('stages.progress', { step: 'sampled' })],
      }));
  it('says all at once that is wrong with it', () =>
    given(held())
      .when(recordingActivity({ form: { pieces: 'many', colour: '红' } }))
      .thenRefused(['FieldUnknown', 'FieldInvalid', 'FieldMissing'], { fields: ['what', 'pieces'] }));
  it('is held back by what is filled in with it, as by what was filed', () =>
    under({
      'commission:':
        "gates: [{ name: fewPieces, before: sample, needs: 'pieces <= 1000.0 && budget >= 0', says: { zh: 样品过多, en: Too many } }]\ncommission:",
    })
      .given(held())
      .when(recordingActivity({ form: { what: '面料', pieces: 3_000 } }))
      .thenRefused('GateClosed', { gate: 'fewPieces' }));
  it('is refused before it has happened, where nobody named it, and of what is over', async () => {
    await given(held())
      .when(recordingActivity({ occurred: '2027-03-02' }))
      .thenRefused('OccurredInFuture', { latest: on('2026-03-02 15:00') });
    await given(held())
      .when(recordingActivity({ activity: 'dinner' }))
      .thenRefused('ActivityUnknown', { activities: ['sample'] });
    await given(held(), terminated())
      .when(recordingActivity({ at: '2026-03-05' }))
      .thenRefused('NotProtected');
  });
  it('is refused to others, and alike for a claim nobody filed', async () => {
    await given(held())
      .when(recordingActivity({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder);
    await given(held())
      .when(recordingActivity({ n: 7 }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder);
  });
});
