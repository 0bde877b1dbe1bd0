import { accept } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import { loginOf } from '../events.js';
import { onUser } from '../on-user.js';

/** Lets a locked login in again. */
export const unlockUser = onUser('UnlockUser', ({ locked }, { login, reason }) =>
  locked ? accept({ type: 'UserUnlocked', login: loginOf(login), reason: personal(reason) }) : accept(),
);
