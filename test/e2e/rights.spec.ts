import type { PartyId } from '#event-sourcing/vocabulary.js';
import { revokeRole } from '#features/party/revoke-role/revoke-role.js';
import { Api, program } from './api.js';

let api: Api;
beforeAll(async () => {
  api = await Api.open();
  for (const party of ['amy', 'ben']) await api.enrol(party);
  await api.enrol('rita', { roles: ['reviewer'] });
  await api.enrol('judge', { roles: ['arbiter'] });
  await api.enrol('dora', { roles: ['desk'] });
});
afterAll(() => api.close());

interface Done {
  readonly registrationId: string;
  readonly dossierId: string;
  readonly position: string;
  readonly caseId?: string;
}
const refusal = '... on Refused { reasons { code } position }';
const registering = `mutation R($input: RegisterInput!) { register(input: $input) { __typename ... on RegisterDone { registrationId dossierId caseId position } ${refusal} } }`;
const arbitrating = `mutation A($input: ArbitrateInput!) { arbitrate(input: $input) { __typename ... on ArbitrateDone { position } ${refusal} } }`;
const transferring = `mutation T($input: TransferInput!) { transfer(input: $input) { __typename ... on TransferDone { registrationId dossierId position } ${refusal} } }`;
const releasing = `mutation L($input: ReleaseInput!) { release(input: $input) { __typename ... on ReleaseDone { registrationId } ${refusal} } }`;
const reading = 'query R($id: ID!, $at: PositionToken) { registration(id: $id, atPosition: $at) { customer } }';
const history =
  'query H($subject: ID!, $at: PositionToken) { history(subject: $subject, atPosition: $at) { edges { node { type } } } }';

const filing = (by: string, phone: string, more: object = {}): Promise<Done> =>
  api.one(by, registering, {
    input: { commandId: api.commandId(), programId: program, class: 'walkIn', form: { name: '王芳', phone }, ...more },
  });
/** What somebody sees of a claim and may do with it. */
const rightsOf = async (party: string, { registrationId, dossierId }: Done, at: string) => ({
  read: await api.one(party, reading, { id: registrationId, at }),
  history: (await api.ask(party, history, { subject: dossierId, at })).errors?.[0]?.extensions.code ?? 'shown',
  release: await api.one(party, releasing, {
    input: { commandId: api.commandId(), programId: program, registrationId },
  }),
});
const none = {
  read: null,
  history: 'NOT_FOUND',
  release: expect.objectContaining({ reasons: [{ code: 'OPERATION_NOT_PERMITTED' }] }),
};

describe('the fact in dispute', () => {
  const asking =
    'query R($id: ID!, $purpose: ReadingPurpose, $at: PositionToken) { registration(id: $id, purpose: $purpose, atPosition: $at) { customer } }';
  const numberSeen = async (id: string, purpose: string, at: string): Promise<unknown> =>
    (await api.one<{ readonly customer: { readonly phone: string } }>('judge', asking, { id, purpose, at })).customer
      .phone;

  it('is read in full by whoever arbitrates, while they do and for that alone; each look is recorded', async () => {
    const first = await filing('amy', '13800002003');
    expect(await numberSeen(first.registrationId, 'ARBITRATION', first.position)).toBe('138****2003');
    const second = await filing('ben', '13800002003');
    const head = await api.installation.parts.log.head();
    expect([
      await numberSeen(first.registrationId, 'ARBITRATION', second.position),
      await numberSeen(second.registrationId, 'ARBITRATION', second.position),
      await numberSeen(second.registrationId, 'AUDIT', second.position),
    ]).toEqual(['+8613800002003', '+8613800002003', '138****2003']);
    const { events } = await api.installation.parts.log.readAll(head, { types: ['RecordRead'] });
    expect(events).toHaveLength(3);
    const verdict = await api.one<Done>('judge', arbitrating, {
      input: {
        commandId: api.commandId(),
        programId: program,
        caseId: second.caseId,
        outcome: 'ASSIGN',
        winner: first.registrationId,
        reasons: '先到先得',
      },
    });
    expect(await numberSeen(second.registrationId, 'ARBITRATION', verdict.position)).toBe('138****2003');
  });
});

describe('rights follow the present holder', () => {
  it('who filed and held it before a transfer neither reads it nor gives it back; the new holder does both', async () => {
    const claim = await filing('amy', '13800002001');
    const { position } = await api.one<Done>('rita', transferring, {
      input: {
        commandId: api.commandId(),
        programId: program,
        registrationId: claim.registrationId,
        to: 'ben',
        grounds: '离职',
      },
    });
    expect(await rightsOf('amy', claim, position)).toEqual(none);
    expect(await rightsOf('ben', claim, position)).toMatchObject({
      read: { customer: { phone: '+8613800002001' } },
      release: { __typename: 'ReleaseDone' },
    });
  });

  it('a desk whose role ended neither reads what it filed nor gives it back', async () => {
    const claim = await filing('dora', '13800002002', { onBehalfOf: 'amy', channel: 'desk' });
    expect(await api.one('dora', reading, { id: claim.registrationId, at: claim.position })).toEqual({
      customer: { name: '王芳', phone: '+8613800002002' },
    });
    await api.installation.desk.send(revokeRole, {
      ...api.command('root'),
      partyId: 'dora' as PartyId,
      role: 'desk',
      programId: program,
    });
    expect(await rightsOf('dora', claim, claim.position)).toEqual(none);
  });
});

it('a list that is not for the caller leaves whatever else was asked answered, with status 200', async () => {
  const answer = await api.ask(
    'amy',
    `{ me { party } cases(programId: "${program}", purpose: REVIEW) { edges { cursor } } parties(purpose: REVIEW) { edges { cursor } } }`,
  );
  expect([answer.status, answer.data]).toEqual([200, { me: { party: 'amy' }, cases: null, parties: null }]);
  expect(answer.errors).toMatchObject([
    { path: ['cases'], extensions: { code: 'FORBIDDEN' } },
    { path: ['parties'], extensions: { code: 'FORBIDDEN' } },
  ]);
});
