import { readFileSync } from 'node:fs';
import { readSheet } from '#adapters/sheet-file/sheet-file.js';
import { ownDatesOf } from '#cli/own-dates.js';
import { prepareProgram } from '#cli/prepare-program.js';
import type { Sheet } from '#event-sourcing/ports/sheet.js';
import type { SimulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { filedUnder } from '#features/edge/filed-under.js';
import { filingDeskOn } from '#features/edge/filing-desk-on-bus.js';
import type { SheetImport } from '#features/intake/import-sheet.js';
import { loadMapping, type Mapping } from '#features/intake/mapping.js';
import type { Installation } from '#installation/installation.js';
import { loadPolicy, type Policy } from '#policy/policy.js';

/** The register of the first quarter of 2026: six salespeople, 90 days, one row a visitor. */
export const registerFile = 'test/fixtures/意向客户登记-2026年一季度.gbk.csv';
const documents = 'libs/policy/documents/zhaodu-intent-customer';
export const programId = 'walk-in' as ProgramId;
export const deskId = 'administration' as PartyId;
/** Before the first row: the policy is in force and everybody is enrolled from here on. */
export const opening = '2026-01-01T00:00:00.000Z' as Instant;

export const readRegister = async (): Promise<Sheet> => {
  const read = await readSheet(readFileSync(registerFile), { name: registerFile });
  if (!read.readable) throw new Error(read.text.en);
  return read.sheet;
};

export const readPolicy = (): { readonly policy: Policy; readonly policyText: string } => {
  const policyText = readFileSync(`${documents}/zhaodu-intent-customer.policy.yaml`, 'utf8');
  const loaded = loadPolicy(policyText);
  if (!loaded.ok) throw new Error(loaded.problems[0].message.en);
  return { policy: loaded.policy, policyText };
};

export const readMapping = (): Mapping => {
  const loaded = loadMapping(readFileSync(`${documents}/register.mapping.yaml`, 'utf8'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.mapping;
};

export interface RegisterWorld {
  readonly quarter: SheetImport;
}

/** The shipped policy and mapping on an installation, ready to take the register as of its own dates. */
export const prepareRegister = async (installation: Installation, clock: SimulatedClock): Promise<RegisterWorld> => {
  const { policy, policyText } = readPolicy();
  const mapping = readMapping();
  await prepareProgram(installation.bus, { programId, policy, policyText, mapping, desk: deskId, from: opening });
  const quarter: SheetImport = {
    sheet: await readRegister(),
    mapping,
    programId,
    by: deskId,
    desk: filingDeskOn(installation.bus),
    filedUnder: filedUnder(installation),
    clock: installation.clock,
    evaluation: () => Promise.resolve({ policy }),
    pace: ownDatesOf(installation, clock),
  };
  return { quarter };
};
