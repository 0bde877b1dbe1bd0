import { partly } from '#event-sourcing/testing/given-when-then.js';
import { repairingClock } from '../../testing/asks.js';
import { abandoned, held, window } from '../../testing/past.js';
import { given } from '../../testing/rehearsal.js';

describe('repair what a wrong clock ended', () => {
  it('gives a protection back whose end has not come, with the clock that it had', () =>
    given(held(), abandoned({ at: '2036-01-01' }))
      .when(repairingClock({ at: '2026-03-04' }))
      .then(
        partly({
          type: 'RulingRescinded',
          registrationId: 'd1.1',
          rulingType: 'Abandoned',
          holder: 'dealer-a',
          restored: { state: 'protected', protection: window('2026-03-09'), class: 'walkIn', extensionCount: 0 },
        }),
      ));
  it('leaves what has ended', async () => {
    await given(held(), abandoned({ at: '2026-03-12' }))
      .when(repairingClock({ at: '2026-03-12' }))
      .thenNothing();
    // Ended too early by a wrong clock, and by now its time has come.
    await given(held(), abandoned({ at: '2036-01-01' }))
      .when(repairingClock({ at: '2026-03-10 00:00' }))
      .thenNothing();
  });
  it('leaves what another protects by now, and what began under the wrong clock', async () => {
    const later = { n: 2, by: 'dealer-b', at: '2036-01-02', until: '2036-01-09' };
    await given(held(), abandoned({ at: '2036-01-01' }), held(later))
      .when(repairingClock({ at: '2026-03-04' }))
      .thenNothing();
    await given(held({ at: '2036-01-02', until: '2036-01-09' }), abandoned({ at: '2036-02-01', until: '2036-01-09' }))
      .when(repairingClock({ at: '2026-03-04' }))
      .thenNothing();
  });
  it('is refused to whoever is not on the host', () =>
    given(held(), abandoned({ at: '2036-01-01' }))
      .when(repairingClock({ by: 'administrator', channel: 'graphql', at: '2026-03-04' }))
      .thenRefused('RoleMissing', { roles: ['administrator'] }));
});
