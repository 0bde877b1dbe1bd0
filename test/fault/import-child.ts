/**
 * Imports the register of a quarter into a folder and prints a line for each verdict as soon as it is told, then what
 * the log holds.
 * `node dist/test/fault/import-child.js '{"folder": …}'`; meant to be killed.
 */
import { join } from 'node:path';
import { simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { importSheet } from '#features/intake/import-sheet.js';
import { openEmbedded } from '#installation/embedded.js';
import { prepareRegister } from '#test/e2e/register-quarter.js';
import type { ImportLine } from './import-lines.js';

const { folder } = JSON.parse(process.argv[2]!) as { readonly folder: string };
const print = (line: ImportLine): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

// The same moment in every run: what is compared is what was recorded, not when.
const clock = simulatedClock('2026-04-06T01:00:00.000Z' as Instant);
const installation = await openEmbedded({
  folder: join(folder, 'data'),
  masterKeyPath: join(folder, 'master.key'),
  clock,
});
const world = await prepareRegister(installation, clock);
const { pace: _paced, ...received } = world.quarter;
for await (const { recordedBefore, ...verdict } of importSheet(received)) {
  // Ids of new dossiers are drawn by chance; everything else must be the same in every run.
  const { registrationId: _id, ...said } =
    'registrationId' in verdict ? verdict : { ...verdict, registrationId: undefined };
  print({ line: verdict.line, recordedBefore, said: JSON.stringify(said).replaceAll(/[0-9a-f]{32}\.\d+/g, 'id') });
}
const types: Record<string, number> = {};
const { log } = installation.parts;
for (let from = 0, head = await log.head(); from < head;) {
  const slice = await log.readAll(from);
  for (const { type } of slice.events) types[type] = (types[type] ?? 0) + 1;
  from = slice.next;
}
print({ types });
await installation.close();
