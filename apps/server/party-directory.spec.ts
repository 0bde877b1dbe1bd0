import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { findOffence } from '#features/standing/find-offence/find-offence.js';
import { rescindPenalty } from '#features/standing/rescind-penalty/rescind-penalty.js';
import { grantRole } from '#features/party/grant-role/grant-role.js';
import { revokeRole } from '#features/party/revoke-role/revoke-role.js';
import type { OffenceId } from '#features/standing/events.js';
import { Api, program } from '#test/e2e/api.js';
import { partyDirectory } from './party-directory.js';

let api: Api;
const amy = 'amy' as PartyId;
const directory = () => partyDirectory(api.installation);
const now = () => api.installation.clock.now();
beforeAll(async () => {
  api = await Api.open();
  await api.enrol('amy');
});
afterAll(() => api.close());

describe('what the edge hears about a party', () => {
  it('nothing of one nobody enrolled, who is barred from nothing and holds nothing', async () => {
    expect([
      await directory().rolesOf('nobody' as PartyId, now()),
      await directory().mayAct('nobody' as PartyId, now()),
    ]).toEqual([[], true]);
  });

  it('its roles with their program, from the moment they are granted until they are taken away', async () => {
    const { desk } = api.installation;
    expect(await directory().rolesOf(amy, now())).toEqual([{ role: 'party' }]);
    const from = now();
    await desk.send(grantRole, { ...api.command('root'), partyId: amy, role: 'desk', programId: program, from });
    await desk.send(grantRole, {
      ...api.command('root'),
      partyId: amy,
      role: 'auditor',
      from,
      until: '2099-01-01T00:00:00.000Z' as typeof from,
    });
    expect(await directory().rolesOf(amy, now())).toEqual([
      { role: 'party' },
      { role: 'desk', program },
      { role: 'auditor' },
    ]);
    expect(await directory().rolesOf(amy, '2099-01-01T00:00:00.000Z' as typeof from)).toEqual([
      { role: 'party' },
      { role: 'desk', program },
    ]);
    await desk.send(revokeRole, { ...api.command('root'), partyId: amy, role: 'desk', programId: program });
    expect(await directory().rolesOf(amy, now())).toEqual([{ role: 'party' }, { role: 'auditor' }]);
  });

  it('a suspension leaves it in, a dismissal shuts it out, and a dismissal that is taken back lets it in again', async () => {
    const { desk } = api.installation;
    const allowed: boolean[] = [];
    for (const time of [1, 2, 3]) {
      await desk.send(findOffence, {
        ...api.command('clerk', ['reviewer']),
        programId: program as ProgramId,
        partyId: amy,
        offenceId: `o${time}` as OffenceId,
        offence: 'falseFiling',
        customers: 1,
        finding: '虚报',
      });
      allowed.push(await directory().mayAct(amy, now()));
    }
    await desk.send(rescindPenalty, {
      ...api.command('clerk', ['reviewer']),
      programId: program as ProgramId,
      partyId: amy,
      offenceId: 'o3' as OffenceId,
      grounds: '认错人',
    });
    expect([...allowed, await directory().mayAct(amy, now())]).toEqual([true, true, false, true]);
  });
});
