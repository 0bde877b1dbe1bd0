import { accept, refuse } from '#event-sourcing/decision.js';
import { yuan, type Code } from '#event-sourcing/vocabulary.js';
import { field } from '../../../deciding/input.js';
import { onRegistration } from '../../on-registration.js';
import { rollOn } from '../roll-on.js';
import { about } from '../../placed.js';

/** The customer paid earnest money: R04.07 lifts the class and with it the clock. */
export const recordDeposit = onRegistration({
  name: 'RecordDeposit',
  operation: 'recordDeposit',
  who: 'party',
  says: 'The customer paid earnest money. / 登记定金。',
  input: { amount: field('fen') },
  hasHappened: true,
  isPayment: true,
  decide: ({ facts, registration }, { registrationId, amount }) => {
    if (BigInt(amount) <= 0n) return refuse({ reason: 'AmountNotPositive', field: 'amount' });
    if (registration.state !== 'protected')
      return refuse({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    return accept(
      ...about(registration, { type: 'DepositRecorded', registrationId, by: facts.command.by, amount, currency: yuan }),
      ...rollOn(registration, 'deposit', facts),
    );
  },
});
