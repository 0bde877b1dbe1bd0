import { readFileSync } from 'node:fs';
import type { Code, CommandId, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import { modulesOf } from '#server/installation.module.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { openInMemory } from '#installation/embedded.js';
import { partyDirectory } from '#server/party-directory.js';
import { Edge } from './edge.js';

/**
 * Every personal value of this story is a mark that stands nowhere else; each is also looked for as people and machines
 * rewrite it.
 */
const marks = { name: '龘靐齉', phone: '13912345679', project: '麤鱻爨工程', dealer: '灪籱厵' };
export const spellings = [
  '龘靐齉',
  '13912345679',
  '+8613912345679',
  '139****5679',
  '麤鱻爨',
  '灪籱厵',
  Buffer.from('龘靐齉').toString('base64').slice(0, 10),
  encodeURIComponent('龘靐齉'),
];

const programId = 'canary' as ProgramId;

export interface CanaryStory {
  readonly edge: Edge;
  /** Does everything that might put a value where it does not belong. */ tell(): Promise<void>;
  close(): Promise<void>;
}

/** A server with one program and one dealer, and a story in which every personal value is a mark. */
export const canaryStory = async (settings: Readonly<Record<string, string>> = {}): Promise<CanaryStory> => {
  let number = 0;
  const base = () => ({
    commandId: `canary-${(number += 1)}` as CommandId,
    by: 'root' as PartyId,
    granted: ['administrator' as const],
    receivedAt: systemClock.now(),
    receivedBy: 'system' as Code,
  });
  const installation = await openInMemory({});
  const { desk } = installation;
  await desk.send(openProgram, { ...base(), programId, title: { zh: '测试', en: 'canary' } });
  await desk.send(publishPolicy, {
    ...base(),
    programId,
    text: readFileSync('libs/policy/documents/two-month-admin-filing/two-month-admin-filing.policy.yaml', 'utf8'),
    effectiveFrom: '2020-01-01T00:00:00.000Z' as Instant,
    authority: 'test',
  });
  await desk.send(enrolParty, { ...base(), partyId: 'dealer-a' as PartyId, kind: 'person', name: marks.dealer });
  await installation.projector.start();
  const edge = await Edge.open({
    settings,
    modules: modulesOf(installation),
    parts: { parties: partyDirectory(installation), clock: installation.clock },
  });
  return {
    edge,
    tell: () => tell(edge),
    close: async () => {
      await edge.close();
      await installation.close();
    },
  };
};

const tell = async (edge: Edge): Promise<void> => {
  const register = (commandId: string, form: object) =>
    edge.post({
      query:
        'mutation ($input: RegisterInput!) { register(input: $input) { __typename ... on Refused { reasons { code } } } }',
      variables: { input: { commandId, programId, class: 'purchase', channel: 'paper', form } },
    });
  const form = { customerName: marks.name, phone: marks.phone, project: marks.project };
  expect((await register('one', form)).text).toContain('RegisterDone');
  // Again under another id, incomplete, of the wrong shape, the same id from another party, broken JSON, a value where
  // a name should be.
  expect((await register('two', form)).text).toContain('Refused');
  expect((await register('three', { ...form, phone: `${marks.phone}9999` })).text).toContain('Refused');
  expect((await register('four', { ...form, phone: { $ne: marks.phone } })).text).not.toContain('RegisterDone');
  await edge.post(
    {
      query: 'mutation ($input: RegisterInput!) { register(input: $input) { __typename } }',
      variables: { input: { commandId: 'one', programId, class: 'purchase', form } },
    },
    { token: await edge.token({ party: 'dealer-b' }) },
  );
  await edge.post(`{"query":"{ me { party ${marks.name} } }","variables":{"x":"${marks.phone}"`);
  await edge.post({ query: `{ registration(id: "${marks.phone}") { id } }` });
  await edge.post({
    query: `{ availability(programId: "canary", class: "purchase", form: { customerName: "${marks.name}", phone: "${marks.phone}", project: "${marks.project}" }) { __typename } }`,
  });
  await edge.post({ query: `{ ${marks.name} }` });
  await edge.post({ query: '{ __typename }' }, { token: `x.${marks.phone}.y` });
  await edge.post({ query: '{ myRegistrations(programId: "canary", first: 10) { edges { node { customer } } } }' });
  // Names are the client's to choose.
  await edge.post({
    query: `query p${marks.phone} { a${marks.phone}: me { party } }`,
    operationName: `p${marks.phone}`,
  });
  await fetch(`${edge.url}/${encodeURIComponent(marks.name)}?phone=${marks.phone}`);
};
