import { shortCode } from '#identity/short-code.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { catalogue } from '#features/edge/catalogue.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { grantRole } from '#features/party/grant-role/grant-role.js';
import { SocketClient } from '#test/security/socket-client.js';
import { Api, program } from './api.js';

let api: Api;
beforeAll(async () => {
  api = await Api.open();
  for (const party of ['amy', 'ben', 'cleo']) await api.enrol(party);
  await api.enrol('judge', { roles: ['arbiter'] });
  await api.enrol('rita', { roles: ['reviewer'] });
  await api.enrol('dora', { roles: ['desk'] });
});
afterAll(() => api.close());

type Answer = Readonly<Record<string, unknown>>;
interface Done extends Answer {
  readonly registrationId: string;
  readonly dossierId: string;
  readonly caseId: string;
  readonly position: string;
}
const refusal =
  '... on Refused { reasons { code field message { zh en } rules accepted because { clause } } position } ... on Indeterminate { commandId }';
const registering = `mutation R($input: RegisterInput!) { register(input: $input) { __typename ... on RegisterDone { registrationId code dossierId protection { endsAt lastDay } caseId position repeated } ${refusal} } }`;
const arbitrating = `mutation A($input: ArbitrateInput!) { arbitrate(input: $input) { __typename ... on ArbitrateDone { caseId dossierId outcome winner protection { endsAt } position } ${refusal} } }`;
const history =
  'query H($subject: ID!, $at: PositionToken, $purpose: ReadingPurpose) { history(subject: $subject, atPosition: $at, purpose: $purpose) { edges { node { position type actor because { clause } body personal } } } }';
const following =
  'subscription F($dossier: ID!, $from: PositionToken) { dossierChanged(dossierId: $dossier, from: $from) { position type actor personal } }';
const claim = (phone: string, more: object = {}) => ({
  input: { commandId: api.commandId(), programId: program, class: 'walkIn', form: { name: '王芳', phone }, ...more },
});
const typesIn = (told: Answer): readonly string[] =>
  (told['edges'] as readonly { node: { type: string } }[]).map(({ node }) => node.type);

const eventsBy = async (party: string, type: string): Promise<readonly Answer[]> => {
  const { log } = api.installation.parts;
  const found: Answer[] = [];
  for (let from = 0, head = await log.head(); from < head;) {
    const { events, next } = await log.readAll(from, { types: [type] });
    found.push(
      ...events
        .map((stored) => decodeEvent(stored, catalogue))
        .filter(({ actor }) => actor.party === party)
        .map(({ event }) => event as Answer),
    );
    from = next;
  }
  return found;
};

describe('from a claim to its verdict', () => {
  let first: Done;
  let second: Done;
  let socket: SocketClient;
  const received = (): readonly { position: string; type: string }[] =>
    socket
      .of('s', 'next')
      .map(
        ({ payload }) =>
          (payload as { data: { dossierChanged: { position: string; type: string } } }).data.dossierChanged,
      );

  it('registers, and reads its own write', async () => {
    first = await api.one('amy', registering, claim('13800001111'));
    expect(first).toMatchObject({
      __typename: 'RegisterDone',
      repeated: false,
      caseId: null,
      protection: { lastDay: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    });
    const mine = await api.one(
      'amy',
      `query M($at: PositionToken) { myRegistrations(programId: "${program}", atPosition: $at) { edges { node { id code state customer protection { lastDay } } } position } }`,
      { at: first.position },
    );
    expect(mine).toMatchObject({
      edges: [
        {
          node: {
            id: first.registrationId,
            code: first['code'],
            state: 'PROTECTED',
            customer: { name: '王芳', phone: '+8613800001111' },
          },
        },
      ],
    });
  });

  it('what ends within so many days is counted by the calendar on the wall, whatever the hour', async () => {
    const within = async (days: number) =>
      (
        (await api.one(
          'amy',
          `query E($at: PositionToken) { expiringSoon(programId: "${program}", days: ${days}, atPosition: $at) { edges { node { id } } } }`,
          { at: first.position },
        )) as unknown as { readonly edges: readonly { readonly node: { readonly id: string } }[] }
      ).edges.map(({ node }) => node.id);
    // Filed today, it is protected through the seventh day after.
    expect(await within(7)).toEqual([first.registrationId]);
    expect(await within(6)).toEqual([]);
  });

  it('tells a rival that the customer is taken, never by whom, and records the question first', async () => {
    const asked = await api.one(
      'ben',
      `{ availability(programId: "${program}", class: "walkIn", form: { name: "王芳", phone: "13800001111" }) { __typename ... on Availability { answer lastDay } } }`,
    );
    expect(asked).toEqual({
      __typename: 'Availability',
      answer: 'PROTECTED',
      lastDay: (first['protection'] as Answer)['lastDay'],
    });
    expect(await eventsBy('ben', 'AvailabilityAsked')).toMatchObject([{ answer: 'protected' }]);
    expect(await api.one('ben', '{ registration(id: "' + first.registrationId + '") { id } }')).toBeNull();
  });

  it('follows the dossier over a socket while a second claim opens a case', async () => {
    socket = await SocketClient.enter(api.edge.port, await api.token('amy'));
    socket.subscribe('s', following, { dossier: first.dossierId, from: first.position });
    second = await api.one('ben', registering, claim('+86 138 0000 1111'));
    expect(second).toMatchObject({ __typename: 'RegisterDone', caseId: expect.any(String), protection: null });
    await socket.until(() => received().length >= 1);
    expect(received().map(({ type }) => type)).toEqual(['ConflictRaised']);
    expect(JSON.stringify(received())).not.toContain('ben');
  });

  it('is arbitrated with reasons, and each side reads its own part', async () => {
    const verdict = await api.one('judge', arbitrating, {
      input: {
        commandId: api.commandId(),
        programId: program,
        caseId: second.caseId,
        outcome: 'ASSIGN',
        winner: shortCode(first.registrationId),
        reasons: '先到先得，电话 13800001111 已核实',
      },
    });
    expect(verdict).toMatchObject({
      __typename: 'ArbitrateDone',
      outcome: 'ASSIGN',
      winner: first.registrationId,
      protection: { endsAt: expect.any(String) },
    });
    const winner = await api.one('amy', history, { subject: first.dossierId, at: verdict['position'] });
    const loser = await api.one('ben', history, { subject: first.dossierId, at: verdict['position'] });
    expect(typesIn(winner)).toEqual([
      'DossierOpened',
      'Registered',
      'Approved',
      'ConflictRaised',
      'Arbitrated',
      'Resumed',
    ]);
    expect(typesIn(loser)).toEqual(['AvailabilityAsked', 'Registered', 'ConflictRaised', 'Arbitrated', 'Rejected']);
    expect(JSON.stringify(winner)).toContain('先到先得');
    expect(JSON.stringify(loser)).toContain('先到先得');
    expect(JSON.stringify(winner)).not.toContain('ben');
    expect(JSON.stringify(loser)).not.toContain('amy');
    await socket.until(() => received().length >= 3);
    expect(received().map(({ type }) => type)).toEqual(['ConflictRaised', 'Arbitrated', 'Resumed']);
    await socket.close();
  });

  it('resumes from any position: nothing is missed, nothing comes twice', async () => {
    const whole = (await api.one('amy', history, { subject: first.dossierId }))['edges'] as readonly {
      node: { position: string; type: string };
    }[];
    for (const [index, { node }] of whole.entries()) {
      const expected = whole.slice(index + 1).map((entry) => entry.node.position);
      const client = await SocketClient.enter(api.edge.port, await api.token('amy'));
      client.subscribe('s', following, { dossier: first.dossierId, from: node.position });
      await client.until(() => client.of('s', 'next').length >= expected.length);
      expect(
        client
          .of('s', 'next')
          .map(
            ({ payload }) =>
              (payload as { data: { dossierChanged: { position: string } } }).data.dossierChanged.position,
          ),
      ).toEqual(expected);
      await client.close();
    }
  });

  it('answers whoever has no part in it like a dossier that does not exist', async () => {
    const [rival, missing] = await Promise.all([
      api.ask('cleo', history, { subject: first.dossierId }),
      api.ask('cleo', history, { subject: '0'.repeat(32) }),
    ]);
    expect(rival.text).toBe(missing.text);
    const client = await SocketClient.enter(api.edge.port, await api.token('cleo'));
    client.subscribe('rival', following, { dossier: first.dossierId });
    client.subscribe('missing', following, { dossier: '0'.repeat(32) });
    expect((await client.answer('rival')).payload).toEqual((await client.answer('missing')).payload);
    await client.close();
  });

  it("P8 records a reading of what is not one's own before it is answered, and asks what for", async () => {
    const unasked = await api.ask('judge', history, { subject: first.dossierId });
    expect(unasked.errors).toMatchObject([
      { extensions: { code: 'PURPOSE_REQUIRED', message: { zh: expect.any(String), en: expect.any(String) } } },
    ]);
    expect(await eventsBy('judge', 'RecordRead')).toEqual([]);
    const read = await api.one('judge', history, { subject: first.dossierId, purpose: 'ARBITRATION' });
    expect(JSON.stringify(read)).toContain('138****1111');
    expect(JSON.stringify(read)).not.toContain('13800001111');
    expect(await eventsBy('judge', 'RecordRead')).toMatchObject([
      { subject: first.dossierId, query: 'history', purpose: 'arbitration', programId: program },
    ]);
  });
});

describe('a refusal somebody can act on', () => {
  it('says which rules refused, what would be accepted, in both languages; the same command id gets the same answer', async () => {
    await api.one('amy', registering, claim('13800002222'));
    const given = claim('13800002222');
    const refused = await api.one('amy', registering, given);
    expect(refused).toMatchObject({
      __typename: 'Refused',
      reasons: [
        {
          code: 'ALREADY_YOURS',
          message: { zh: expect.any(String), en: expect.any(String) },
          because: [{ clause: 'collision.ownRepeat' }],
        },
      ],
    });
    expect(await api.one('amy', registering, given)).toEqual(refused);
  });

  it('names the field of the form that is wrong', async () => {
    const refused = await api.one('amy', registering, claim('12'));
    expect(refused).toMatchObject({
      __typename: 'Refused',
      reasons: [
        {
          code: 'FIELD_INVALID',
          field: 'form.phone',
          message: { zh: expect.stringContaining('电话'), en: expect.stringContaining('Phone') },
        },
      ],
    });
  });

  it("a command id is its sender's own: another's is no obstacle, one's own of another command is refused", async () => {
    const given = claim('13800003333');
    const { input } = given;
    const first = await api.one<Done>('amy', registering, given);
    const second = await api.one<Done>('ben', registering, {
      input: { ...input, form: { ...input.form, phone: '13800003334' } },
    });
    expect([first, second]).toMatchObject([
      { __typename: 'RegisterDone', repeated: false },
      { __typename: 'RegisterDone', repeated: false },
    ]);
    expect(second.registrationId).not.toBe(first.registrationId);
    const other = { input: { ...input, form: { ...input.form, phone: '13800003335' } } };
    const taken = await api.ask('amy', registering, other);
    expect(taken.errors).toMatchObject([
      { extensions: { code: 'COMMAND_ID_TAKEN', recordedAt: expect.stringMatching(/Z$/) as string } },
    ]);
    expect(await api.one<Done>('amy', registering, given)).toEqual({ ...first, repeated: true });
    // A refusal was recorded under its id too.
    const unread = claim('no number');
    expect(await api.one('amy', registering, unread)).toMatchObject({ __typename: 'Refused' });
    expect(await api.one('amy', registering, unread)).toMatchObject({ __typename: 'Refused' });
    const mended = { input: { ...unread.input, form: { name: '王芳', phone: '13800003336' } } };
    expect((await api.ask('amy', registering, mended)).errors).toMatchObject([
      { extensions: { code: 'COMMAND_ID_TAKEN' } },
    ]);
    const recalling = 'mutation R($input: RecallInput!) { recall(input: $input) { __typename } }';
    const recall = { input: { commandId: input.commandId, programId: program, registrationId: first.registrationId } };
    expect((await api.ask('amy', recalling, recall)).errors).toMatchObject([
      { extensions: { code: 'COMMAND_ID_TAKEN' } },
    ]);
  });

  it("nobody but a desk acts in another's name", async () => {
    const refused = await api.one(
      'ben',
      `{ availability(programId: "${program}", class: "walkIn", form: { name: "王芳", phone: "13800002222" }, onBehalfOf: "amy") { __typename ... on Refused { reasons { code field } } } }`,
    );
    expect(refused).toEqual({ __typename: 'Refused', reasons: [{ code: 'ROLE_MISSING', field: 'onBehalfOf' }] });
    const filed = await api.one<Done>('dora', registering, claim('13800004444', { onBehalfOf: 'cleo' }));
    expect(filed).toMatchObject({ __typename: 'RegisterDone' });
    expect(
      await api.one(
        'cleo',
        `query($at: PositionToken) { registration(id: "${filed.registrationId}", atPosition: $at) { holder filedBy customer } }`,
        { at: filed.position },
      ),
    ).toEqual({ holder: 'cleo', filedBy: 'dora', customer: { name: '王芳', phone: '+8613800004444' } });
  });
});

it("R04.14 nobody looks through others' claims unless the policy lets them; the queue of one's work stays open", async () => {
  const list = `query L($at: PositionToken) { registrations(programId: "${program}", first: 50, purpose: REVIEW, atPosition: $at) { partial edges { node { holder customer } } } }`;
  const filed = await api.one<Done>('cleo', registering, claim('13800005555', { class: 'reviewed' }));
  // Her own, of which there are none: the list says that others' are left out.
  expect(await api.one('rita', list, { at: filed.position })).toEqual({ partial: true, edges: [] });
  expect(
    await api.one(
      'rita',
      `{ reviewQueue(programId: "${program}", purpose: REVIEW) { edges { node { holder customer } } } }`,
    ),
  ).toEqual({ edges: [{ node: { holder: 'cleo', customer: { name: '王芳', phone: '+8613800005555' } } }] });
});

it('a list that is not for the caller says so and for whom it is, whether there is anything in it or not', async () => {
  const lists = [
    ['cases', `cases(programId: "${program}", purpose: REVIEW)`],
    ['attributions', `attributions(programId: "${program}", purpose: REVIEW)`],
    ['parties', 'parties(purpose: REVIEW)'],
    ['standing', `standing(programId: "${program}", partyId: "ben", purpose: REVIEW)`],
    ['reviewQueue', `reviewQueue(programId: "${program}", purpose: REVIEW)`],
  ] as const;
  for (const [path, list] of lists)
    expect((await api.ask('amy', `{ ${list} { edges { cursor } } }`)).errors).toMatchObject([
      {
        extensions: {
          code: 'FORBIDDEN',
          fields: [
            {
              path,
              message: { zh: expect.stringContaining('不对当前身份开放'), en: expect.stringContaining('not for you') },
              accepted: { roles: expect.arrayContaining(['auditor']) },
            },
          ],
        },
      },
    ]);
});

it('the short code opens the registration, and is read as people write it', async () => {
  const filed = await api.one<Done>('cleo', registering, claim('13800005556'));
  const code = shortCode(filed.registrationId);
  const opened = (party: string, id: string) =>
    api.one(party, 'query($id: ID!, $at: PositionToken) { registration(id: $id, atPosition: $at) { id } }', {
      id,
      at: filed.position,
    });
  for (const written of [code, code.toLowerCase()])
    expect(await opened('cleo', written)).toEqual({ id: filed.registrationId });
  expect(await opened('amy', code)).toBeNull();
  expect(await opened('cleo', shortCode('nobody.1'))).toBeNull();
  const releasing =
    'mutation R($input: ReleaseInput!) { release(input: $input) { __typename ... on ReleaseDone { registrationId } ... on Refused { reasons { code } } } }';
  const release = (registrationId: string) =>
    api.one('cleo', releasing, { input: { commandId: api.commandId(), programId: program, registrationId } });
  expect(await release(code)).toEqual({ __typename: 'ReleaseDone', registrationId: filed.registrationId });
  expect(await release(shortCode('nobody.1'))).toEqual({
    __typename: 'Refused',
    reasons: [{ code: 'OPERATION_NOT_PERMITTED' }],
  });
});

it('a dismissed party is shut out at once, and of an unknown one nothing is answered', async () => {
  await api.enrol('eve');
  const me = '{ me { party roles { role program } } }';
  expect(await api.one('eve', me)).toEqual({ party: 'eve', roles: [{ role: 'party', program: null }] });
  for (let time = 0; time < 3; time += 1) {
    await api.one(
      'rita',
      `mutation { findOffence(input: { commandId: "${api.commandId()}", programId: "${program}", partyId: "eve", offence: "falseFiling", finding: "虚报客户" }) { __typename } }`,
    );
  }
  expect((await api.ask('eve', me)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(await api.one('stranger', `{ program(id: "${program}") { id } }`)).toBeNull();
});

describe('a deal', () => {
  it('with a customer whom nobody registered is recorded all the same, and credits nobody (R06.01)', async () => {
    const api = await Api.open();
    try {
      await api.enrol('fred', { roles: ['finance'] });
      const recording = `mutation D($input: RecordDealInput!) { recordDeal(input: $input) { __typename ... on RecordDealDone { dossierId basis lines { partyId } } ... on Refused { reasons { code } } } }`;
      const deal = { programId: program, amount: '1000000', signedAt: api.installation.clock.now(), closedBy: 'fred' };
      const answer = await api.one('fred', recording, {
        input: { ...deal, commandId: 'deal-1', class: 'walkIn', form: { name: '王芳', phone: '13800007777' } },
      });
      expect(answer).toEqual({
        __typename: 'RecordDealDone',
        dossierId: expect.stringMatching(/^[0-9a-f]{32}$/),
        basis: 'UNREGISTERED',
        lines: expect.any(Array),
      });
      const { errors } = await api.ask('fred', recording, { input: { ...deal, commandId: 'deal-2' } });
      expect(errors?.[0]?.extensions.code).toBe('BAD_INPUT');
    } finally {
      await api.close();
    }
  });
});

describe('the login behind a party', () => {
  const users =
    'query H($subject: ID!, $purpose: ReadingPurpose) { history(subject: $subject, purpose: $purpose) { edges { node { type actor user { issuer subject } } } } }';
  const usersIn = (told: Answer): readonly unknown[] => [
    ...new Set(
      (told['edges'] as readonly { node: { actor: string | null; user: { subject: string } | null } }[]).map(
        ({ node }) => `${node.actor ?? 'nobody'}: ${node.user?.subject ?? 'null'}`,
      ),
    ),
  ];
  beforeAll(async () => {
    await api.enrol('fay', { roles: ['auditor'] });
    await api.enrol('gus');
  });

  it('is read by its own party and by an auditor, and by no rival and no reviewer', async () => {
    const mine = await api.one<Done>('gus', registering, claim('13800007771'));
    await api.one('ben', registering, claim('13800007771'));
    const subject = mine.dossierId;
    await api.installation.projector.catchUp();
    expect(usersIn(await api.one('gus', users, { subject }))).toEqual(['gus: user-gus', 'nobody: null']);
    expect(usersIn(await api.one('ben', users, { subject })).filter((one) => String(one).includes('gus'))).toEqual([]);
    expect(usersIn(await api.one('rita', users, { subject, purpose: 'REVIEW' }))).toEqual(['gus: null', 'ben: null']);
    expect(usersIn(await api.one('fay', users, { subject, purpose: 'AUDIT' }))).toEqual([
      'gus: user-gus',
      'ben: user-ben',
      'rita: user-rita',
    ]);
  });

  it('is locked alone, in the middle of a subscription too, and let in again', async () => {
    const mine = await api.one<Done>('gus', registering, claim('13800007772'));
    const asSecond = async (query: string, variables: object = {}) =>
      api.edge.post({ query, variables }, { token: await api.edge.token({ party: 'gus', sub: 'second' }) });
    const me = '{ me { party user } }';
    expect((await asSecond(me)).json.data).toEqual({ me: { party: 'gus', user: 'second' } });
    const socket = await SocketClient.enter(api.edge.port, await api.edge.token({ party: 'gus', sub: 'second' }));
    socket.subscribe('s', following, { dossier: mine.dossierId });
    const act = (verb: string) =>
      api.one(
        'root-by-role',
        `mutation L($input: ${verb}Input!) { ${verb[0]!.toLowerCase()}${verb.slice(1)}(input: $input) { __typename ... on ${verb}Done { issuer subject } } }`,
        { input: { commandId: api.commandId(), subject: 'second', reason: '账号外借' } },
      );
    await api.installation.desk.send(enrolParty, {
      ...api.command('root'),
      partyId: 'root-by-role' as PartyId,
      kind: 'person',
      name: 'root',
    });
    await api.installation.desk.send(grantRole, {
      ...api.command('root'),
      partyId: 'root-by-role' as PartyId,
      role: 'administrator',
      from: api.installation.clock.now(),
    });
    expect(await act('LockUser')).toMatchObject({ __typename: 'LockUserDone', subject: 'second' });
    for (const query of [me, `{ policy(programId: "${program}") { version } }`])
      expect((await asSecond(query)).json.errors?.map(({ extensions }) => extensions.code)).toEqual(['USER_LOCKED']);
    expect((await asSecond(registering, claim('13800007773'))).json.errors?.[0]?.extensions.code).toBe('USER_LOCKED');
    expect(await api.one('gus', me)).toMatchObject({ user: 'user-gus' });
    await api.one('ben', registering, claim('13800007772'));
    await socket.untilClosed();
    expect(socket.of('s', 'next')).toEqual([]);
    await act('UnlockUser');
    expect((await asSecond(me)).json.data).toEqual({ me: { party: 'gus', user: 'second' } });
  });
});
