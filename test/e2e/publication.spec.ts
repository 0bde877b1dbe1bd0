import { randomUUID } from 'node:crypto';
import { rehearsalText } from '#features/dossier/testing/rehearsal.js';
import { Api, program } from './api.js';

let api: Api;
beforeAll(async () => {
  api = await Api.open();
  await api.enrol('paul', { roles: ['policyOwner'] });
});
afterAll(() => api.close());

const publishing = `mutation P($input: PublishPolicyInput!) { publishPolicy(input: $input) { __typename
  ... on PublishPolicyDone { version position repeated liveRegistrations warnings { severity code path line message { zh en } } }
  ... on Refused { reasons { code field message { zh en } } } } }`;
const withdrawing = `mutation W($input: WithdrawPolicyInput!) { withdrawPolicy(input: $input) { __typename
  ... on WithdrawPolicyDone { version position }
  ... on Refused { reasons { code field accepted } } } }`;
const planned = { programId: program, effectiveFrom: '2090-01-01T00:00:00Z', authority: '总经理' };
const inForce = `query Q($at: PositionToken) {
  policy(programId: "${program}", at: "2090-06-01T00:00:00Z", atPosition: $at) { version } }`;
const input = (more: object) => ({ input: { commandId: randomUUID(), ...more } });

it('publishing warns as `policy check` does, of years that nobody published, and says how many claims it meets', async () => {
  const text = rehearsalText({
    'version: "1"': 'version: "w"',
    'timeZone: Asia/Shanghai': 'timeZone: Asia/Shanghai\ncalendar: china',
    'lasts: { days: 10, counting: exclusive }': 'lasts: { workingDays: 10, counting: exclusive }',
  });
  const asked = input({ ...planned, text });
  const done = await api.one('paul', publishing, asked);
  expect(done).toMatchObject({ __typename: 'PublishPolicyDone', version: 'w', repeated: false, liveRegistrations: 0 });
  const warnings = done['warnings'] as readonly { readonly code: string; readonly message: { readonly en: string } }[];
  expect(warnings.filter(({ code }) => code === 'CALENDAR_UNPUBLISHED').map(({ message }) => message.en)).toEqual([
    expect.stringContaining('2090'),
    expect.stringContaining('2091'),
  ]);
  expect(await api.one('paul', publishing, asked)).toEqual({ ...done, repeated: true });
});

it('a policy with flaws is refused with the line and the sentence of each', async () => {
  const text = rehearsalText({ 'version: "1"': 'version: "x"', 'roles: desk': 'roles: clerk' });
  const line = text.split('\n').findIndex((one) => one.includes('roles: clerk')) + 1;
  expect(await api.one('paul', publishing, input({ ...planned, text }))).toMatchObject({
    __typename: 'Refused',
    reasons: [
      {
        code: 'POLICY_UNUSABLE',
        field: expect.stringContaining('text.'),
        message: {
          zh: expect.stringMatching(new RegExp(`^第 ${line} 行第 \\d+ 列：.*clerk.*（RoleUnknown）$`)),
          en: expect.stringMatching(new RegExp(`^line ${line}, column \\d+: .*clerk.* \\(RoleUnknown\\)$`)),
        },
      },
    ],
  });
});

it('a version that has not begun is moved and withdrawn, and `policy(at:)` says so; one that has begun is not', async () => {
  const at = async (position: unknown) => (await api.one('paul', inForce, { at: position }))['version'];
  const text = rehearsalText({ 'version: "1"': 'version: "m"' });
  const published = await api.one(
    'paul',
    publishing,
    input({ ...planned, text, effectiveFrom: '2090-02-01T00:00:00Z' }),
  );
  expect(await at(published['position'])).toBe('m');
  const moved = await api.one('paul', publishing, input({ ...planned, text, effectiveFrom: '2090-09-01T00:00:00Z' }));
  expect(await at(moved['position'])).toBe('w');
  const back = await api.one('paul', publishing, input({ ...planned, text, effectiveFrom: '2090-03-01T00:00:00Z' }));
  expect(await at(back['position'])).toBe('m');
  const withdrawal = { programId: program, authority: '总经理' };
  const withdrawn = await api.one('paul', withdrawing, input({ ...withdrawal, version: 'm' }));
  expect(withdrawn).toMatchObject({ __typename: 'WithdrawPolicyDone', version: 'm' });
  expect(await at(withdrawn['position'])).toBe('w');
  expect(await api.one('paul', withdrawing, input({ ...withdrawal, version: 'm' }))).toMatchObject({
    reasons: [{ code: 'POLICY_VERSION_UNKNOWN', field: 'version', accepted: { versions: ['w'] } }],
  });
  expect(await api.one('paul', withdrawing, input({ ...withdrawal, version: '1' }))).toMatchObject({
    reasons: [{ code: 'POLICY_VERSION_BEGUN', field: 'version' }],
  });
});

it('what a version changes is read by everybody, and how many claims are not over by its owner', async () => {
  const text = rehearsalText({ 'version: "1"': 'version: "d"', 'lasts: { days: 10,': 'lasts: { days: 12,' });
  const { position } = await api.one('paul', publishing, input({ ...planned, text }));
  await api.enrol('petra', { roles: ['party'] });
  const asked = `query D($at: PositionToken) { policyDifference(programId: "${program}", before: "1", after: "d", atPosition: $at) {
    before { version } after { version } total liveRegistrations changes { item change binds text { zh en } } } }`;
  const seen = await api.one('paul', asked, { at: position });
  expect(seen).toMatchObject({ before: { version: '1' }, after: { version: 'd' }, liveRegistrations: 0, total: 1 });
  expect(seen['changes']).toEqual([
    {
      item: expect.stringMatching(/^protection\./),
      change: 'changed',
      binds: 'filing',
      text: {
        zh: expect.stringContaining('lasts.days 由 10 改为 12；此前的报备不变'),
        en: expect.stringContaining('lasts.days was 10 and is 12; what was filed before keeps its own'),
      },
    },
  ]);
  expect(await api.one('petra', asked)).toEqual({ ...seen, liveRegistrations: null });
});
