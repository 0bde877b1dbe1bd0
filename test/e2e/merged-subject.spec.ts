import { Api, program } from './api.js';

const queries = {
  ownership:
    'query Q($d: ID!, $at: PositionToken) { ownership(dossierId: $d, atPosition: $at, purpose: AUDIT) { intervals { owner registrationId from until open basis } } }',
  protection:
    'query Q($d: ID!, $at: PositionToken) { protection(dossierId: $d, atPosition: $at, purpose: AUDIT) { live owner registrationId period { endsAt } } }',
  history:
    'query Q($d: ID!, $at: PositionToken) { history(subject: $d, atPosition: $at, purpose: AUDIT) { edges { node { id type } } } }',
} as const;

describe('a subject whose dossiers were made one', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.open();
    for (const party of ['amy', 'ben']) await api.enrol(party);
    await api.enrol('clerk', { roles: ['reviewer'] });
    await api.enrol('auditor', { roles: ['auditor'] });
    await api.enrol('judge', { roles: ['arbiter'] });
  });
  afterAll(() => api.close());

  const send = (party: string, mutation: string, input: object) =>
    api.one(party, mutation, { input: { commandId: api.commandId(), programId: program, ...input } });
  const file = (party: string, form: object) =>
    send(
      party,
      'mutation R($input: RegisterInput!) { register(input: $input) { ... on RegisterDone { dossierId registrationId } ... on Refused { reasons { code } } } }',
      { class: 'walkIn', form: { name: '王芳', ...form } },
    ) as Promise<{ readonly dossierId: string; readonly registrationId: string }>;
  const read = async (party: string, dossierId: string): Promise<Readonly<Record<string, string>>> => {
    const answers: Record<string, string> = {};
    for (const [name, query] of Object.entries(queries))
      answers[name] = JSON.stringify((await api.ask(party, query, { d: dossierId, at: await api.head() })).data);
    return answers;
  };

  it('answers the same by either id while they are one, and each its own before and after', async () => {
    const one = await file('amy', { phone: '13812340001' });
    const other = await file('ben', { account: 'fang' });
    await send('ben', 'mutation L($input: ReleaseInput!) { release(input: $input) { __typename } }', {
      registrationId: other.registrationId,
    });
    const before = [await read('auditor', one.dossierId), await read('auditor', other.dossierId)];
    expect(before[0]!['ownership']).not.toContain('ben');
    expect(before[1]!['ownership']).toContain('ben');
    await file('ben', { phone: '13812340001', account: 'fang' });
    const merged = await read('auditor', one.dossierId);
    expect(await read('auditor', other.dossierId)).toEqual(merged);
    expect(merged['ownership']).toMatch(/amy.*ben|ben.*amy/);
    expect(merged['protection']).toContain('amy');
    expect(merged['history']!.match(/"DossierOpened"/g)).toHaveLength(2);
    // A party reads its own part, by either id too.
    const own = await read('ben', one.dossierId);
    expect(await read('ben', other.dossierId)).toEqual(own);
    expect(own['ownership']).not.toContain('amy');
    await send('judge', 'mutation A($input: ArbitrateInput!) { arbitrate(input: $input) { __typename } }', {
      caseId: `${one.dossierId}.c1`,
      outcome: 'ASSIGN',
      winner: one.registrationId,
      reasons: '先到',
    });
    await send(
      'clerk',
      'mutation S($input: SeparateInput!) { separate(input: $input) { ... on SeparateDone { from } ... on Refused { reasons { code } } } }',
      { dossierId: other.dossierId, grounds: '并错' },
    );
    const after = await read('auditor', other.dossierId);
    expect(after['ownership']).toBe(before[1]!['ownership']);
    expect((await read('auditor', one.dossierId))['ownership']).not.toContain('ben');
  });
});
