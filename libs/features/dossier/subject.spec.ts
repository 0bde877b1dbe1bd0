import { partly } from '#event-sourcing/testing/given-when-then.js';
import { registering } from './testing/asks.js';
import { held, merged, released, terminated } from './testing/past.js';
import { given } from './testing/rehearsal.js';

const many = 33;
const phone = (n: number): string => `1380000${String(1000 + n)}`;
const dossier = (n: number): string => `d${1000 + n}`;
const numbers = Array.from({ length: many }, (_, n) => n);
/** So many customers of one dealer, the first of them barred to everybody, none of them anybody's today. */
const past = [
  held({ dossier: dossier(0), phone: phone(0) }),
  terminated({ dossier: dossier(0), ban: { scope: 'customer' } }),
  numbers
    .slice(1)
    .flatMap((n) => [
      held({ dossier: dossier(n), phone: phone(n), account: `account-${n}` }),
      released({ dossier: dossier(n) }),
    ]),
].flat(2);

describe('a customer of very many dossiers', () => {
  it('stays barred, however many were merged into its own since', () =>
    given(past, ...numbers.slice(0, -1).map((n) => merged({ from: dossier(n), into: dossier(many - 1) })))
      .when(registering({ by: 'dealer-b', phone: phone(many - 1) }))
      .thenRefused('RefilingBanned', { from: null }));
  it('is found through a long chain of merges', () =>
    given(past, ...numbers.slice(1, -1).map((n) => merged({ from: dossier(n), into: dossier(n + 1) })))
      .when(registering({ by: 'dealer-b', phone: phone(1) }))
      .then(partly({ type: 'Registered' }), partly({ type: 'Approved' })));
  it('is joined with none beyond the limit: the form is refused', () =>
    given(
      past,
      held({ dossier: 'd9', phone: '13900000009' }),
      released({ dossier: 'd9' }),
      ...numbers.slice(2).map((n) => merged({ from: dossier(n), into: dossier(1) })),
    )
      .when(registering({ by: 'dealer-b', phone: '13900000009', account: 'account-1' }))
      .thenRefused('KeysOfSeveral'));
});
