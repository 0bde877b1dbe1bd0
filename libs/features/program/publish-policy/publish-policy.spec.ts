import { createHash } from 'node:crypto';
import type { Code, ProgramId } from '#event-sourcing/vocabulary.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import { partly } from '#event-sourcing/testing/given-when-then.js';
import { administering, inStream } from '../../dossier/testing/administering.js';
import { given, on, programId, rehearsalText } from '../../dossier/testing/rehearsal.js';
import { programStream } from '../facts.js';
import { publishPolicy } from './publish-policy.js';

describe('publish a policy', () => {
  const second = {
    programId,
    text: rehearsalText({ 'version: "1"': 'version: "2"' }),
    effectiveFrom: on('2026-04-01 00:00'),
    authority: '总经理',
  };
  const first = { ...second, text: rehearsalText(), effectiveFrom: on('2026-01-01 00:00') };

  it('puts a version into force from a date on, with its exact text', () =>
    given()
      .when(administering(publishPolicy, second))
      .then({
        type: 'PolicyPublished',
        programId,
        version: '2',
        digest: createHash('sha256').update(second.text).digest('hex'),
        text: second.text,
        effectiveFrom: on('2026-04-01 00:00'),
        authority: '总经理',
      }));
  it('records which meanings it means where a mend has touched them, and nothing else', () => {
    const text = rehearsalText({
      'version: "1"': 'version: "2"',
      'starts: registered, lasts: { days: 10, counting: exclusive }':
        'starts: registered, lasts: { months: 1, counting: inclusive }',
    });
    return given()
      .when(administering(publishPolicy, { ...second, text }))
      .then({
        type: 'PolicyPublished',
        programId,
        version: '2',
        digest: expect.any(String),
        text,
        meanings: ['protection/2'],
        effectiveFrom: second.effectiveFrom,
        authority: '总经理',
      });
  });
  it('moves a version, or gives it another text, until it has begun', async () => {
    const past = inStream(programStream(programId), '2026-03-01', {
      type: 'PolicyPublished',
      programId,
      version: '2',
      digest: createHash('sha256').update(second.text).digest('hex'),
      text: second.text,
      effectiveFrom: second.effectiveFrom,
      authority: second.authority,
    } as AnyEvent);
    const moved = { ...second, effectiveFrom: on('2026-05-01 00:00') };
    await given(past)
      .when(administering(publishPolicy, moved))
      .then(partly({ type: 'PolicyPublished', version: '2', effectiveFrom: moved.effectiveFrom }));
    await given(past)
      .when(administering(publishPolicy, { ...moved, text: `${second.text}\n` }))
      .then(partly({ type: 'PolicyPublished', version: '2', text: `${second.text}\n` }));
    await given(past)
      .when(administering(publishPolicy, moved, { at: '2026-04-01 00:00' }))
      .thenRefused('PolicyVersionTaken');
  });
  const byApi = { receivedBy: 'api' as Code };
  it('is refused from the past on, once the program has a policy', () =>
    given()
      .when(administering(publishPolicy, { ...second, effectiveFrom: on('2026-02-01 00:00'), ...byApi }))
      .thenRefused('InThePast', { from: on('2026-03-02 15:00') }));
  it('is refused for another policy, and for one about another kind of subject', async () => {
    const accepted = { policy: 'rehearsal', subject: 'customer' };
    const others: readonly Record<string, string>[] = [
      { 'policy: rehearsal': 'policy: another' },
      { 'kind: customer': 'kind: project' },
    ];
    for (const other of others)
      await given()
        .when(
          administering(publishPolicy, {
            ...second,
            text: rehearsalText({ 'version: "1"': 'version: "2"', ...other }),
          }),
        )
        .thenRefused('PolicyOfAnother', accepted);
  });
  it('records nothing for the version that is published', () =>
    given().when(administering(publishPolicy, first)).thenNothing());
  it('is refused for a version that was published with another text or date', async () => {
    await given()
      .when(administering(publishPolicy, { ...first, text: `${first.text}\n` }))
      .thenRefused('PolicyVersionTaken');
    await given()
      .when(administering(publishPolicy, { ...first, effectiveFrom: on('2026-05-01') }))
      .thenRefused('PolicyVersionTaken');
  });
  it('is refused for a document that cannot be used, with every problem and where it stands', async () => {
    const { events } = await given()
      .when(
        administering(publishPolicy, {
          ...second,
          text: rehearsalText({ 'roles: desk': 'roles: clerk', 'class: reviewed, when: ': 'class: gold, when: ' }),
        }),
      )
      .thenRefused(['PolicyUnusable', 'PolicyUnusable']);
    expect((events[0]!.event as unknown as { readonly rejections: readonly object[] }).rejections).toMatchObject([
      { inputs: { problem: 'RoleUnknown', line: expect.any(Number) } },
      { inputs: { problem: 'ClassUnknown', line: expect.any(Number) } },
    ]);
  });
  it('is refused in a program nobody opened', () =>
    given()
      .when(administering(publishPolicy, { ...second, programId: 'nowhere' as ProgramId }))
      .thenRefused('ProgramUnknown'));
  it('is refused to who owns no policy', () =>
    given()
      .when(administering(publishPolicy, second, { by: 'reviewer' }))
      .thenRefused('RoleMissing', { roles: ['policyOwner', 'administrator'] }));
});
