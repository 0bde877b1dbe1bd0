import { releaseLease } from './release-lease/release-lease.js';
import { takeLease } from './take-lease/take-lease.js';

/** Everything that somebody may do here; its bus command and its handler follow from it. */
export const slices = [releaseLease, takeLease] as const;
