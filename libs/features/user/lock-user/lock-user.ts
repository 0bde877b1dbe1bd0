import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import { hostIssuer } from '../../deciding/system-parties.js';
import { loginOf } from '../events.js';
import { onUser } from '../on-user.js';

/**
 * Refuses one login everything from now on, reading too, while its party's other logins go on. Nobody locks the login
 * they act with: whoever locks one remains. Whoever can open the data folder is not kept out by a lock.
 */
export const lockUser = onUser('LockUser', ({ locked }, { login, reason, user }) => {
  if (login.issuer === hostIssuer) return refuse({ reason: 'LoginOfHost', field: 'issuer' });
  if (login.issuer === user?.issuer && login.subject === user.subject)
    return refuse({ reason: 'OwnLogin', field: 'subject' });
  return locked ? accept() : accept({ type: 'UserLocked', login: loginOf(login), reason: personal(reason) });
});
