import { memoryKeyStore } from '#adapters/key-store-memory/key-store-memory.js';
import type { Code, CommandId, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from './decision-facts.js';
import { secretsOf } from './secrets.js';

const command = {
  commandId: 'c-1' as CommandId,
  by: 'dealer-a' as PartyId,
  receivedAt: '2026-03-02T02:00:00.000Z' as Instant,
  receivedBy: 'api' as Code,
  form: { name: '王芳', phone: '13800000001' },
};
const later = '2026-03-02T02:00:05.000Z' as Instant;

describe('the fingerprint of a command', () => {
  const store = memoryKeyStore();
  const { fingerprint } = secretsOf(store);
  const of = (change: Partial<CommandBase & { form: object; receiptAttested: boolean }> = {}) =>
    fingerprint('Register', { ...command, ...change });

  it('is what the sender says, not when it arrives, by which login or with which roles', async () => {
    const again = { receivedAt: later, user: { issuer: 'i', subject: 's' }, granted: ['desk' as const] };
    expect(await of(again)).toBe(await of());
  });
  it('changes with everything that is said: the form, for whom, when it happened, a receipt that a desk attests', async () => {
    const said = await Promise.all([
      of(),
      of({ form: { ...command.form, phone: '13800000002' } }),
      of({ onBehalfOf: 'dealer-b' as PartyId }),
      of({ occurredAt: later }),
      of({ receiptAttested: true }),
      of({ receiptAttested: true, receivedAt: later }),
      fingerprint('Resubmit', command),
    ]);
    expect(new Set(said).size).toBe(said.length);
  });
  it('is one for all servers of an installation, and another in every other', async () => {
    expect(await secretsOf(store).fingerprint('Register', command)).toBe(await of());
    expect(await secretsOf(memoryKeyStore()).fingerprint('Register', command)).not.toBe(await of());
  });
});
