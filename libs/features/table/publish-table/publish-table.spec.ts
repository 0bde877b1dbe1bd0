import { canonicalText } from '#event-sourcing/canonical.js';
import type { Code, Instant, PartyId, Reasons } from '#event-sourcing/vocabulary.js';
import { administering, inStream } from '../../dossier/testing/administering.js';
import { because, mayOnly } from '../../dossier/testing/follows.js';
import { given, on, programId, secret } from '../../dossier/testing/rehearsal.js';
import type { TablePublished } from '../events.js';
import { readTables, rowKey, tableFolding, tableStream, type TableFacts } from '../facts.js';
import { publishTable } from './publish-table.js';
import { policyOf, rehearsalText } from '../../dossier/testing/rehearsal.js';
import type { Reader } from '#event-sourcing/command/handle-command.js';

const prices = (rows: readonly Readonly<Record<string, string>>[], from = '2026-03-01') => ({
  programId,
  table: 'prices',
  rows,
  effectiveFrom: on(from),
});
const epoch = 'e1' as Code;
const keyOf = async (article: string) => rowKey(epoch, await secret(epoch), programId, 'prices', article);
const published = async (
  article: string,
  sum: string,
  more: { readonly version?: number; readonly from?: string } = {},
): Promise<TablePublished> => ({
  type: 'TablePublished',
  programId,
  table: 'prices' as Code,
  version: more.version ?? 1,
  effectiveFrom: on(more.from ?? '2026-03-01'),
  by: 'administrator' as PartyId,
  epoch,
  digest: 'of the whole' as Code,
  keys: [await keyOf(article)],
  cells: [{ sum: sum as Code }],
  texts: {},
  because: [because('tables.prices')] as unknown as Reasons,
});
const at = { at: '2026-03-02' };
const row = { article: '水泵', sum: '100.00' };

describe('publish a table', () => {
  it('keeps the clear cells, seals the others, and finds a row by a hash', async () => {
    const rows = [
      { cells: { since: '2026-01-01', sum: '10000' }, key: '水泵', personal: { article: '水泵', contact: '王芳' } },
    ];
    const { keys, ...rest } = await published('水泵', '10000');
    const { events } = await given()
      .when(administering(publishTable, prices([{ ...row, since: '2026-01-01', contact: '王芳' }]), at))
      .then({
        stream: 'table-rehearsal-prices',
        event: {
          ...rest,
          digest: await keyOf(canonicalText({ effectiveFrom: on('2026-03-01'), rows })),
          keys,
          cells: [{ since: '2026-01-01', sum: '10000' }],
          texts: { '1.article': { value: '水泵' }, '1.contact': { value: '王芳' } },
        },
      });
    expect(JSON.stringify(events)).not.toContain('10000"水泵');
  });
  it('replaces the whole by a next version', async () => {
    const rows = [{ cells: { sum: '500' }, key: '水管', personal: { article: '水管' } }];
    const digest = await keyOf(canonicalText({ effectiveFrom: on('2026-03-01'), rows }));
    const { texts: _, ...rest } = { ...(await published('水管', '500', { version: 2 })), digest };
    await given(inStream(tableStream(programId, 'prices'), '2026-03-01', await published('水泵', '10000')))
      .when(administering(publishTable, prices([{ article: '水管', sum: '5.00' }]), at))
      .then({ stream: 'table-rehearsal-prices', event: { ...rest, texts: { '1.article': { value: '水管' } } } });
  });
  it('names each cell that cannot be read, each that is missing, and a key that stands twice', async () => {
    await given()
      .when(administering(publishTable, prices([{ article: '水泵', sum: 'much' }, { article: '水管' }]), at))
      .thenRefused(['FieldInvalid', 'FieldMissing'], { example: '2000.00', unit: 'yuan' });
    await given()
      .when(administering(publishTable, prices([row, { ...row, article: ' 水泵 ' }]), at))
      .thenRefused('TableKeyTwice', { row: 2 });
    const many = Array.from({ length: 2_001 }, (_, index) => ({ article: `a${index}`, sum: '1.00' }));
    await given()
      .when(administering(publishTable, prices(many), at))
      .thenRefused('TableTooLong', { max: 2_000 });
  });
  it('is refused for a table that the policy does not have, and to whom it does not name', async () => {
    await given()
      .when(administering(publishTable, { ...prices([row]), table: 'white' }, at))
      .thenRefused('TableUnknown', { tables: ['prices'] });
    await given()
      .when(administering(publishTable, prices([row]), { ...at, by: 'dealer-a' }))
      .thenRefused('OperationNotPermitted', mayOnly('administrator'));
  });
});

describe('a table at a moment', () => {
  const factsOf = async (...events: readonly (readonly [at: string, event: TablePublished])[]): Promise<TableFacts> =>
    events.reduce(
      (facts, [when, event]) => tableFolding.apply(facts, { event, at: on(when) } as never),
      tableFolding.initial,
    );
  const holdsAt = async (facts: TableFacts, now: Instant) => {
    const reader = { fold: async () => facts } as unknown as Reader;
    const { document } = policyOf(rehearsalText());
    return readTables(reader, document, { programId, now }, secret);
  };

  it('is the latest version that has begun; a later one with a later date waits', async () => {
    const facts = await factsOf(
      ['2026-03-01', await published('水泵', '10000')],
      ['2026-03-02', await published('水泵', '20000', { version: 2, from: '2026-04-01' })],
    );
    expect((await holdsAt(facts, on('2026-03-31'))).price('prices', '水泵')).toBe(10_000n);
    expect((await holdsAt(facts, on('2026-03-31'))).version('prices')).toBe(1);
    expect((await holdsAt(facts, on('2026-04-01'))).price('prices', '水泵')).toBe(20_000n);
    expect((await holdsAt(facts, on('2026-04-01'))).version('prices')).toBe(2);
  });
  it('forgets what will never hold again, and lists nothing that is not in it', async () => {
    const facts = await factsOf(
      ['2026-03-01', await published('水泵', '10000')],
      ['2026-03-02', await published('水管', '500', { version: 2 })],
    );
    expect(facts.versions).toHaveLength(1);
    const tables = await holdsAt(facts, on('2026-03-03'));
    expect([tables.lists('prices', '水泵'), tables.lists('prices', '水管')]).toEqual([false, true]);
    expect([tables.price('prices', '水泵'), tables.entry('prices', '水泵')]).toEqual([undefined, '']);
  });
});
