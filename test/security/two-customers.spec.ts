import { Api, program } from '#test/e2e/api.js';

/**
 * The keys of one form lead to two dossiers. What a party reads of all that follows must not depend on who the other
 * customer is, be the reasons of those who judge as plain as they like.
 */
const otherCustomers = [
  { name: '李雷', phone: '13922220001' },
  { name: '韩梅梅', phone: '13922220002' },
] as const;
type Customer = (typeof otherCustomers)[number];

interface Answer {
  readonly dossierId: string;
  readonly registrationId: string;
  readonly cases?: readonly string[];
}
const filed = '... on RegisterDone { dossierId registrationId }';
const refused = '... on Refused { reasons { code } }';
const register = `mutation R($input: RegisterInput!) { register(input: $input) { __typename ${filed} ${refused} } }`;
const arbitrate = `mutation A($input: ArbitrateInput!) { arbitrate(input: $input) { __typename ${refused} } }`;
const separate = `mutation S($input: SeparateInput!) { separate(input: $input) { __typename ${refused} } }`;
const rejoin = `mutation J($input: RejoinInput!) { rejoin(input: $input) { __typename ... on RejoinDone { cases } ${refused} } }`;
const reads = {
  d: [
    'query Q($d: ID!, $at: PositionToken) { history(subject: $d, atPosition: $at) { edges { node { type command actor because { clause inputs } body personal } } } }',
    'query Q($d: ID!, $at: PositionToken) { protection(dossierId: $d, atPosition: $at) { live owner mergedInto } }',
    'query Q($d: ID!, $at: PositionToken) { ownership(dossierId: $d, atPosition: $at) { intervals { owner registrationId open suspended } } }',
  ],
  c: [
    'query Q($c: ID!, $at: PositionToken) { case(id: $c, atPosition: $at) { state outcome reasons claims elsewhere crossed winner decidedBy shares { partyId } } }',
  ],
  r: [
    'query Q($r: ID!, $at: PositionToken) { registration(id: $r, atPosition: $at) { id state holder protection { endsAt } } }',
  ],
} as const;

const play = async (customer: Customer, outcomes: readonly string[]): Promise<readonly string[]> => {
  const api = await Api.open();
  try {
    for (const party of ['amy', 'ben', 'cat']) await api.enrol(party);
    await api.enrol('judge', { roles: ['arbiter'] });
    await api.enrol('clerk', { roles: ['reviewer'] });
    const send = (party: string, mutation: string, input: object): Promise<Answer> =>
      api.one<Answer>(party, mutation, { input: { commandId: api.commandId(), programId: program, ...input } });
    const file = (party: string, form: object): Promise<Answer> => send(party, register, { class: 'walkIn', form });
    const { dossierId: d, registrationId } = await file('amy', { name: '王芳', account: 'fang' });
    const other = await file('ben', customer);
    await file('cat', { name: '王芳', account: 'fang', phone: customer.phone });
    const said = `与${customer.name}（${customer.phone}）比对，同一家人；${customer.name}先到`;
    const read = async (at: number): Promise<string> => {
      const answers: string[] = [];
      const ids = { d, c: `${d}.c${at}`, r: registrationId };
      for (const name of ['d', 'c', 'r'] as const)
        for (const query of reads[name]) {
          const { data, text } = await api.ask('amy', query, { [name]: ids[name], at: await api.head() });
          if (data === null) throw new Error(text);
          answers.push(JSON.stringify(data));
        }
      // Ids are drawn anew in each world.
      return answers
        .join('\n')
        .replaceAll(d, 'hers')
        .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
        .replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'then');
    };
    const seen = [await read(1)];
    for (const [index, outcome] of outcomes.entries()) {
      const reasons = { outcome, reasons: said };
      expect(await send('judge', arbitrate, { caseId: `${d}.c${index + 1}`, ...reasons })).toHaveProperty(
        '__typename',
        'ArbitrateDone',
      );
      seen.push(await read(index + 1));
      if (outcome === 'SAME_SUBJECT') {
        await send('clerk', separate, { dossierId: other.dossierId, grounds: said });
        seen.push(await read(index + 1));
      }
      await send('clerk', rejoin, { dossierId: d, otherId: other.dossierId, grounds: said });
      seen.push(await read(index + 2));
    }
    return seen;
  } finally {
    await api.close();
  }
};

describe('a case about two customers', () => {
  it.each([[['DISTINCT', 'SAME_SUBJECT']], [['SAME_SUBJECT', 'DISTINCT']]])(
    'tells a party nothing that depends on the other customer: %s',
    async (outcomes) => {
      const [one, other] = [await play(otherCustomers[0], outcomes), await play(otherCustomers[1], outcomes)];
      expect(other).toEqual(one);
      expect(one.join()).not.toMatch(/李雷|1392222|ben|cat/);
      // She does learn what was ruled.
      expect(one.join()).toMatch(/distinct/);
      expect(one.join()).toMatch(/sameSubject/);
    },
  );
});
