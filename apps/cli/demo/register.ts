import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSheet } from '#adapters/sheet-file/sheet-file.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { filedUnder } from '#features/edge/filed-under.js';
import { filingDeskOn } from '#features/edge/filing-desk-on-bus.js';
import { importSheet } from '#features/intake/import-sheet.js';
import { loadMapping } from '#features/intake/mapping.js';
import type { RowResult } from '#features/intake/row-result.js';
import { policyInForce, programFolding, programStream } from '#features/program/facts.js';
import type { Stage } from './stage.js';
import { root, walkIns } from './world.js';

export interface Tally {
  readonly rows: number;
  readonly accepted: number;
  readonly lifted: number;
  readonly recordedBefore: number;
  readonly refused: ReadonlyMap<string, number>;
}

/** The register of a quarter, each row at its own minute: 1,512 walk-ins and deposits of six salespeople. */
export const fileRegister = async (stage: Stage, onProgress: (done: number, of: number) => void): Promise<Tally> => {
  const name = '意向客户登记-2026年一季度.gbk.csv';
  const read = await readSheet(readFileSync(join(root, 'test/fixtures', name)), { name });
  if (!read.readable) throw new Error(`The sample register cannot be read: ${read.text.en}`);
  const mapping = loadMapping(
    readFileSync(join(root, 'libs/policy/documents/zhaodu-intent-customer/register.mapping.yaml'), 'utf8'),
  );
  if (!mapping.ok) throw new Error('The mapping of the sample register cannot be read');
  const { installation, clock, until } = stage;
  const evaluation = async () => {
    const policy = policyInForce(await installation.engine.ask(programStream(walkIns), programFolding), clock.now());
    return policy === undefined ? undefined : { policy };
  };
  const results: RowResult[] = [];
  for await (const result of importSheet({
    sheet: read.sheet,
    mapping: mapping.mapping,
    programId: walkIns,
    by: 'office' as PartyId,
    desk: filingDeskOn(installation.bus),
    filedUnder: filedUnder(installation),
    evaluation,
    clock,
    pace: until,
  })) {
    results.push(result);
    onProgress(results.length, read.sheet.rows.length);
  }
  return tallyOf(results);
};

const tallyOf = (results: readonly RowResult[]): Tally => {
  const refused = new Map<string, number>();
  const count = (reason: string): void => {
    refused.set(reason, (refused.get(reason) ?? 0) + 1);
  };
  for (const result of results) {
    // Whoever mends a row needs its first reason; a row without telephone and address counts once.
    if (result.outcome === 'refused')
      count(
        result.rejections.map(({ reason, field }) => (field === undefined ? reason : `${reason} ${field}`)).join(' + '),
      );
    if (result.outcome === 'malformed') count(result.problems.map(({ code }) => code).join(' + '));
  }
  const accepted = results.filter((result) => result.outcome === 'accepted');
  return {
    rows: results.length,
    accepted: accepted.length,
    lifted: accepted.filter(({ followed }) => followed.includes('Upgraded')).length,
    recordedBefore: results.filter(({ recordedBefore }) => recordedBefore).length,
    refused,
  };
};
