import type { Claims } from '../../dossier/facts.js';
import { shippedText } from '#policy/testing/shipped.js';
import { loadPolicy } from '#policy/policy.js';
import { notices, type IssueNotices } from './issue-notices.js';

const text = shippedText('data-dept-three-month');
const loaded = loadPolicy(text);
if (!loaded.ok) throw new Error('The shipped policy does not load');
const { reference, digest, version } = loaded.policy;
const now = '2026-03-11T02:00:00.000Z';
const program = { policies: [{ text, digest, meanings: [], version, effectiveFrom: now, publishedAt: now }] } as never;
const claims = {
  claims: [
    { id: 'd.1', holder: 's1', waits: false },
    { id: 'd.2', holder: 's2', waits: false, lostAt: now },
    { id: 'd.3', holder: 's3', waits: false, lostAt: '2025-01-01T00:00:00.000Z' },
  ],
} as unknown as Claims;
const command = {
  commandId: 'c',
  by: 'baobei-notices',
  receivedAt: now,
  receivedBy: 'log',
  programId: 'p',
  about: 'e',
  aboutType: 'Approved',
  registrationId: 'd.1',
  policy: reference,
  lastDay: '2026-06-11',
} as unknown as IssueNotices;
const issued = (given: IssueNotices) => {
  const decision = notices({ program, claims }, given);
  if (!decision.accepted) throw new Error('A notice was refused');
  return decision.events.map(({ event: { to, channels, says, lastDay } }) => ({ to, channels, says, lastDay }));
};

describe('issue notices', () => {
  it('R06.10, R06.11 tells the filer and whoever lost by this very approval; the rival hears neither who nor until when', () => {
    expect(issued(command)).toEqual([
      { to: 's1', channels: ['email', 'phone'], says: ['sellingRules', 'lastDay'], lastDay: '2026-06-11' },
      { to: 's2', channels: ['email', 'phone'], says: ['doNotQuote', 'objectionWindow'], lastDay: undefined },
    ]);
  });
  it('R06.13 tells the filer why not', () => {
    expect(issued({ ...command, aboutType: 'Rejected' as never })).toEqual([
      { to: 's1', channels: ['email', 'phone'], says: ['grounds'], lastDay: '2026-06-11' },
    ]);
  });
  it('issues nothing for what the policy tells nobody', () => {
    expect(issued({ ...command, aboutType: 'Expired' as never })).toEqual([]);
  });
  it('is refused under a version that was never published', () => {
    expect(notices({ program, claims }, { ...command, policy: 'other@1#x' as never }).accepted).toBe(false);
  });
});
