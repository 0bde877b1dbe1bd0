import { openProgram } from './open-program/open-program.js';
import { publishCalendar } from './publish-calendar/publish-calendar.js';
import { publishPolicy } from './publish-policy/publish-policy.js';
import { withdrawPolicy } from './withdraw-policy/withdraw-policy.js';

/** Everything that somebody may do here; its bus command and its handler follow from it. */
export const slices = [openProgram, publishCalendar, publishPolicy, withdrawPolicy] as const;
