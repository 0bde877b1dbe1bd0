/**
 * A whole installation that enrols people until it is killed, or until it has enrolled `people`:
 * `node installation-child.js '{"folder": …, "from": 0, "people": 40}'`. Each answer is one line, written at once.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Code, CommandId, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { openEmbedded } from '#installation/embedded.js';

export interface InstallationPlan {
  readonly folder: string;
  /** Number of the first person. */
  readonly from: number;
  readonly people?: number;
}

const atOnce = 4;
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};
const { folder, from, people = Number.MAX_SAFE_INTEGER } = JSON.parse(process.argv[2]!) as InstallationPlan;
try {
  const installation = await openEmbedded({ folder, masterKeyPath: join(folder, '..', 'master.key'), reserveBytes: 0 });
  await installation.projector.start();
  installation.reactor.start();
  say('READY');
  const enrol = async (person: number): Promise<void> => {
    const outcome = await installation.desk.send(enrolParty, {
      commandId: `enrol-${person}` as CommandId,
      by: 'administrator' as PartyId,
      granted: ['administrator'],
      receivedAt: '2026-03-02T04:00:00.000Z' as Instant,
      receivedBy: 'system' as Code,
      partyId: `person-${person}` as PartyId,
      kind: 'person',
      name: `员工${person}`,
    });
    if (outcome.outcome === 'accepted') say(`ACK ${person}`);
  };
  for (let person = from; person < from + people; person += atOnce)
    await Promise.all(Array.from({ length: atOnce }, (_, place) => enrol(person + place)));
  await installation.projector.catchUp();
  await installation.close();
  say('END');
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
}
