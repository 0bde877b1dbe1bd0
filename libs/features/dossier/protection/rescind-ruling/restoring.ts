import type { Code } from '#event-sourcing/vocabulary.js';
import { isBefore } from '#time/instant.js';
import type { FactsInForce } from '../../../deciding/decision-facts.js';
import type { RulingRescinded } from '../../events.js';
import { claimOf, type Found, type Registration, type RulingMade } from '../../registration.js';
import { stageAgain } from '../../review-stage.js';

/** What the ruling found, as far as time has not ended it: a clock that has run out meanwhile ended where it stood. */
export const restoredBy = (found: Found, facts: FactsInForce): RulingRescinded['restored'] => {
  const was = {
    class: found.class,
    extensionCount: found.extension.count,
    ...(found.extension.requested ? { extensionRequested: true } : {}),
  };
  if (found.protection.state === 'live') {
    const { window } = found.protection;
    return isBefore(facts.now, window.endsAt)
      ? { state: found.state, protection: window, ...was }
      : { state: 'expired', ended: window, ...was };
  }
  return {
    state: found.state,
    ...(found.review === undefined ? {} : { review: stageAgain(facts.under(found.policy), found.review, facts.now) }),
    ...was,
  };
};

/** A split that the parties agreed is no part of any ruling that can be taken back: it stays. */
export const rescinded = (
  registration: Registration,
  made: RulingMade,
  { restored, ...more }: Pick<RulingRescinded, 'holder' | 'restored' | 'hangingOnIt' | 'grounds' | 'because'>,
): RulingRescinded => ({
  type: 'RulingRescinded',
  ruling: made.id,
  rulingType: made.type as Code,
  registrationId: registration.id,
  restored: {
    ...restored,
    ...(registration.shares === undefined ? {} : { shares: registration.shares }),
    ...claimOf(registration),
  },
  ...more,
});
