import { meetPeriods } from './meet-periods/meet-periods.js';
import { recordWork } from './record-work/record-work.js';

/** Everything that somebody may do here; its bus command and its handler follow from it. */
export const slices = [recordWork, meetPeriods] as const;
