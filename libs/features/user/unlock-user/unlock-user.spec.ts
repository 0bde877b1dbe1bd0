import { personal } from '#event-sourcing/event.js';
import type { User } from '#event-sourcing/vocabulary.js';
import { administering, inStream } from '../../dossier/testing/administering.js';
import { given, userStream } from '../../dossier/testing/rehearsal.js';
import { loginOf, type UserLocked } from '../events.js';
import { unlockUser } from './unlock-user.js';

const login: User = { issuer: 'https://issuer.example', subject: 'u-18' };
const stream = await userStream(login);
const locked: UserLocked = { type: 'UserLocked', login: loginOf(login), reason: personal('账号外借') };
const unlocking = (by = 'administrator') => administering(unlockUser, { login, reason: '已归还' }, { by });

describe('unlock a login', () => {
  it('lets it in again, and says why', () =>
    given(inStream(stream, '2026-03-01', locked))
      .when(unlocking())
      .then({ stream, event: { type: 'UserUnlocked', login: loginOf(login), reason: personal('已归还') } }));
  it('records nothing where it is not locked', () => given().when(unlocking()).thenNothing());
  it('is refused to who is no administrator', () =>
    given(inStream(stream, '2026-03-01', locked))
      .when(unlocking('desk'))
      .thenRefused('RoleMissing', { roles: ['administrator'] }));
});
