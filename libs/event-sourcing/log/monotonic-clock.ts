import type { Clock } from '../ports/clock.js';
import type { Instant } from '../vocabulary.js';

/**
 * A clock that never goes back, not even when the machine's is set back: what was decided later never carries an
 * earlier time.
 */
export const monotonic = (clock: Clock, notBefore?: Instant): Clock => {
  let last = notBefore;
  return {
    now() {
      const now = clock.now();
      if (last === undefined || now > last) last = now;
      return last;
    },
  };
};
