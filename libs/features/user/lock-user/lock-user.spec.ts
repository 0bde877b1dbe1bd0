import { personal } from '#event-sourcing/event.js';
import type { User } from '#event-sourcing/vocabulary.js';
import { administering, inStream } from '../../dossier/testing/administering.js';
import { given, userStream } from '../../dossier/testing/rehearsal.js';
import { hostIssuer } from '../../deciding/system-parties.js';
import { loginOf, type UserLocked } from '../events.js';
import { lockUser } from './lock-user.js';

const login: User = { issuer: 'https://issuer.example', subject: 'u-18' };
const stream = await userStream(login);
const locking = (more: object = {}, by = 'administrator') =>
  administering(lockUser, { login, reason: '账号外借', ...more }, { by });
const locked: UserLocked = { type: 'UserLocked', login: loginOf(login), reason: personal('账号外借') };

describe('lock a login', () => {
  it('says which and why, both sealed', () => given().when(locking()).then({ stream, event: locked }));
  it('records nothing the second time', () =>
    given(inStream(stream, '2026-03-01', locked))
      .when(locking())
      .thenNothing());
  it('is refused for the login of the host, which no lock keeps out', () =>
    given()
      .when(locking({ login: { issuer: hostIssuer, subject: 'root' } }))
      .thenRefused('LoginOfHost'));
  it('is refused for one’s own login, and not for another of the same party', async () => {
    await given()
      .when(locking({ user: login }))
      .thenRefused('OwnLogin');
    await given()
      .when(locking({ user: { ...login, subject: 'u-17' } }))
      .then({ stream, event: locked });
  });
  it('is refused to who is no administrator', () =>
    given()
      .when(locking({}, 'reviewer'))
      .thenRefused('RoleMissing', { roles: ['administrator'] }));
});
