import type { PartyId } from '#event-sourcing/vocabulary.js';
import { grantRole } from '#features/party/grant-role/grant-role.js';
import { Api, program } from './api.js';

let api: Api;
beforeAll(async () => {
  api = await Api.open((text) =>
    text.replace(
      'visibility:',
      'notices: [{ on: Registered, to: director, channels: system, says: filing }]\nvisibility:',
    ),
  );
  for (const party of ['amy', 'dan']) await api.enrol(party);
  await api.enrol('rita', { roles: ['reviewer'] });
  await api.enrol('ada');
  await api.installation.desk.send(grantRole, {
    ...api.command('root'),
    partyId: 'ada' as PartyId,
    role: 'administrator',
    from: api.installation.clock.now(),
  });
});
afterAll(() => api.close());

type Answer = Readonly<Record<string, unknown>>;
const refusal = '... on Refused { reasons { code accepted } position }';
const granting = `mutation G($input: GrantRoleInput!) { grantRole(input: $input) { __typename ... on GrantRoleDone { position } ${refusal} } }`;
const revoking = `mutation G($input: RevokeRoleInput!) { revokeRole(input: $input) { __typename ... on RevokeRoleDone { position } ${refusal} } }`;
const approving = `mutation A($input: ApproveInput!) { approve(input: $input) { __typename ... on ApproveDone { protection { lastDay } position } ${refusal} } }`;
const queue = `query Q($at: PositionToken) { reviewQueue(programId: "${program}", purpose: REVIEW, atPosition: $at) { edges { node { id customer review { step } } } } }`;

const waitingForDirector = async (phone: string): Promise<{ readonly id: string; readonly at: unknown }> => {
  const { registrationId } = await api.one<Answer>(
    'amy',
    `mutation R($input: RegisterInput!) { register(input: $input) { ... on RegisterDone { registrationId } } }`,
    {
      input: {
        commandId: api.commandId(),
        programId: program,
        class: 'reviewed',
        form: { name: '王芳', phone, budget: '200000' },
      },
    },
  );
  const advanced = await api.one<Answer>('rita', approving, {
    input: { commandId: api.commandId(), programId: program, registrationId },
  });
  return { id: String(registrationId), at: advanced['position'] };
};
const director = (commandId: string, more: object = {}) => ({
  input: { commandId, partyId: 'dan', programId: program, declared: 'director', ...more },
});

describe('a role that the policy declares', () => {
  it('is granted, queues, sees what its work is about, and decides; taken away, it does none of it', async () => {
    const claim = await waitingForDirector('13800003001');
    expect((await api.ask('dan', queue, { at: claim.at })).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    const granted = await api.one<Answer>('ada', granting, director(api.commandId()));
    expect(granted).toMatchObject({ __typename: 'GrantRoleDone' });
    expect(await api.one('dan', queue, { at: granted['position'] })).toEqual({
      edges: [
        { node: { id: claim.id, customer: { name: '王芳', phone: '+8613800003001' }, review: { step: 'director' } } },
      ],
    });
    expect(
      await api.one(
        'dan',
        `query P($at: PositionToken) { party(id: "dan", atPosition: $at) { roles { role declared } } }`,
        { at: granted['position'] },
      ),
    ).toEqual({ roles: [{ role: null, declared: 'director' }] });
    expect(
      await api.one('dan', approving, {
        input: { commandId: api.commandId(), programId: program, registrationId: claim.id },
      }),
    ).toMatchObject({ __typename: 'ApproveDone', protection: { lastDay: expect.any(String) } });
    const next = await waitingForDirector('13800003002');
    await api.one('ada', revoking, director(api.commandId()));
    expect((await api.ask('dan', queue, { at: next.at })).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(
      await api.one('dan', approving, {
        input: { commandId: api.commandId(), programId: program, registrationId: next.id },
      }),
    ).toMatchObject({ reasons: [{ code: 'OPERATION_NOT_PERMITTED' }] });
  });

  it('is told as an office: whoever holds it reads the notice, as long as they hold it, and nobody else does', async () => {
    const { id } = await waitingForDirector('13800003003');
    await api.installation.catchUp();
    const heard = async (who: string): Promise<readonly string[]> => {
      const answers = await Promise.all(
        [`programId: "${program}"`, ''].map((of) =>
          api.one<{ readonly edges: readonly { readonly node: Answer }[] }>(
            who,
            `{ notices(first: 50${of === '' ? '' : `, ${of}`}) { edges { node { about toRole registrationId } } } }`,
          ),
        ),
      );
      // With or without a program the same: there is only one.
      expect(answers[0]).toEqual(answers[1]);
      return answers[0]!.edges
        .filter(({ node }) => node['registrationId'] === id)
        .map(({ node }) => `${String(node['about'])} ${String(node['toRole'])}`);
    };
    for (const who of ['dan', 'amy', 'rita', 'ada']) expect(await heard(who)).toEqual([]);
    await api.one('ada', granting, director(api.commandId()));
    await api.installation.catchUp();
    expect(await heard('dan')).toEqual(['Registered director']);
    for (const who of ['amy', 'rita', 'ada']) expect(await heard(who)).toEqual([]);
    await api.one('ada', revoking, director(api.commandId()));
    await api.installation.catchUp();
    expect(await heard('dan')).toEqual([]);
  });

  it('is refused where the policy declares no such, saying which it does', async () => {
    expect(await api.one('ada', granting, director(api.commandId(), { declared: 'chief' }))).toMatchObject({
      reasons: [{ code: 'ROLE_UNDECLARED', accepted: { roles: ['director'] } }],
    });
    expect(await api.one('ada', granting, director(api.commandId(), { programId: undefined }))).toMatchObject({
      reasons: [{ code: 'ROLE_UNDECLARED' }],
    });
  });

  it('is named alone: with a built-in one, or with none, the input is no good', async () => {
    for (const roles of [{ role: 'DESK' }, { declared: undefined }])
      expect((await api.ask('ada', granting, director(api.commandId(), roles))).errors).toMatchObject([
        { extensions: { code: 'BAD_INPUT', fields: [{ path: 'input.role' }] } },
      ]);
  });
});
