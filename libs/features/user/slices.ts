import { lockUser } from './lock-user/lock-user.js';
import { unlockUser } from './unlock-user/unlock-user.js';

/** Everything that somebody may do here; its bus command and its handler follow from it. */
export const slices = [lockUser, unlockUser] as const;
