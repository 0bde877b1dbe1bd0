import { recordRead } from './record-read/record-read.js';

/** Everything that somebody may do here; its bus command and its handler follow from it. */
export const slices = [recordRead] as const;
