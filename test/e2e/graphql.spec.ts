import { Api, program } from './api.js';

let api: Api;
beforeAll(async () => {
  api = await Api.open();
  for (const party of ['amy', 'ben']) await api.enrol(party);
  await api.enrol('judge', { roles: ['arbiter'] });
});
afterAll(() => api.close());

const refusal = '... on Refused { reasons { code field message { zh en } rules accepted } position } ... on Indeterminate { commandId }';
const registering = `mutation R($input: RegisterInput!) { register(input: $input) { __typename ... on RegisterDone { registrationId code dossierId protection { endsAt lastDay } caseId position repeated } ${refusal} } }`;
const claim = (phone: string, commandId = api.commandId()) => ({ input: { commandId, programId: program, class: 'walkIn', form: { name: '王芳', phone } } });

it('registers, collides, is arbitrated, and reads the history', async () => {
  const first = await api.one<Record<string, string>>('amy', registering, claim('13800001111'));
  expect(first).toMatchObject({ __typename: 'RegisterDone', repeated: false, caseId: null });
  const mine = await api.one('amy', `query M($at: PositionToken) { myRegistrations(programId: "${program}", atPosition: $at) { edges { node { id code state customer protection { lastDay } } } position } }`, { at: first['position'] });
  expect(mine).toMatchObject({ edges: [{ node: { id: first['registrationId'], code: first['code'], state: 'PROTECTED', customer: { name: '王芳', phone: '+8613800001111' } } }] });
  const second = await api.one<Record<string, string>>('ben', registering, claim('+86 138 0000 1111'));
  expect(second).toMatchObject({ __typename: 'RegisterDone', caseId: expect.any(String) });
  const told = await api.one('ben', 'query H($subject: ID!, $at: PositionToken) { history(subject: $subject, atPosition: $at) { edges { node { type actor because { clause rules } body personal } } } }', { subject: first['dossierId'], at: second['position'] });
  expect(told).toMatchObject({ edges: [
    { node: { type: 'Registered', actor: 'ben', personal: { 'form.name': '王芳', 'form.phone': '+8613800001111' } } },
    { node: { type: 'ConflictRaised', actor: 'ben', body: { claims: [second['registrationId']] }, because: [{ clause: 'collision.secondClaim' }, { clause: 'suspension' }] } },
  ] });
  expect(JSON.stringify(told)).not.toContain('amy');
});
