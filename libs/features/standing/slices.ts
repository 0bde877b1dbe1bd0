import { findOffence } from './find-offence/find-offence.js';
import { rescindPenalty } from './rescind-penalty/rescind-penalty.js';

/** Everything that somebody may do here; its bus command and its handler follow from it. */
export const slices = [findOffence, rescindPenalty] as const;
