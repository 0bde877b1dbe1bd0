import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleCoverage } from '#policy/coverage.js';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { readScenarios } from './scenarios/document.js';
import { onlyMentioned } from './scenarios/mutation.js';
import { shippedFolder } from './scenarios/policies.js';
import { UsageError } from './usage-error.js';

/** One rule of one paper, as `documents/rules.tsv` lists it. */
interface PaperRule {
  readonly rule: string;
  readonly type: string;
  readonly title: string;
}

/** What taking its items out showed of one regime: valid for exactly these bytes of document and scenarios. */
interface Played {
  readonly digest: string;
  /** Rules that an item names and no scenario misses. */
  readonly onlyNamed: readonly string[];
}
type PlayedRegimes = Readonly<Record<string, Played>>;

/** `named`: an item names it, and its scenarios were not played since document or scenarios changed. */
type State = 'enforced' | 'named' | 'open' | 'unaccounted' | 'undocumented';

interface Regime {
  readonly id: string;
  readonly file: string;
  readonly digest: string;
  readonly policy: Policy;
}

const playedFile = join(shippedFolder, 'played.json');
const pathOf = (id: string, kind: 'policy' | 'scenarios'): string => join(shippedFolder, id, `${id}.${kind}.yaml`);

const paperRules = (): readonly PaperRule[] =>
  readFileSync(join(shippedFolder, 'rules.tsv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .map(([rule, type, title]) => ({ rule: rule!, type: type!, title: title! }));

const readPlayed = (): PlayedRegimes =>
  existsSync(playedFile) ? (JSON.parse(readFileSync(playedFile, 'utf8')) as PlayedRegimes) : {};

const regimes = (): readonly Regime[] =>
  readdirSync(shippedFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .map((id) => {
      const text = readFileSync(pathOf(id, 'policy'), 'utf8');
      const loaded = loadPolicy(text);
      if (!loaded.ok) throw new UsageError(`${pathOf(id, 'policy')}: ${loaded.problems[0]!.message.en}`);
      const file = pathOf(id, 'scenarios');
      const digest = createHash('sha256').update(text).update('\0').update(readFileSync(file)).digest('hex');
      return { id, file, digest: digest.slice(0, 16), policy: loaded.policy };
    });

/** Plays the regimes that changed since they were played, and keeps after each what it showed. */
export const playRegimes = async (tell: (line: string) => void): Promise<void> => {
  const known = regimes();
  let played: PlayedRegimes = Object.fromEntries(
    Object.entries(readPlayed()).filter(([id]) => known.some((regime) => regime.id === id)),
  );
  for (const { id, file, digest, policy } of known) {
    if (played[id]?.digest === digest) continue;
    const read = readScenarios(readFileSync(file, 'utf8'));
    if (!read.ok) throw new UsageError(`${file}: ${read.problems[0]!.message.en}`);
    const onlyNamed = await onlyMentioned(policy, read.scenarios, file);
    played = { ...played, [id]: { digest, onlyNamed } };
    const sorted = Object.entries(played).toSorted(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(playedFile, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
    tell(`${id}: ${onlyNamed.length === 0 ? '✓' : `? ${onlyNamed.join(', ')}`}`);
  }
};

/** Every rule of every paper with its state in the document that we ship: `docs/reference/regimes.md`. */
export const regimesPage = (): string => {
  const rules = paperRules();
  const played = readPlayed();
  const known = new Map(regimes().map((regime) => [regime.policy.document.rules!.prefix, regime]));
  const prefixes = [...new Set(rules.map(({ rule }) => rule.slice(0, 3)))];
  const papers = prefixes.map((prefix) => {
    const regime = known.get(prefix);
    const rows = rules
      .filter(({ rule }) => rule.startsWith(`${prefix}.`))
      .map((each) => ({ ...each, ...stateOf(each.rule, regime, regime && played[regime.id]) }));
    return { prefix, regime, rows };
  });
  const counted = (of: State, rows: readonly { readonly state: State }[]): number =>
    rows.filter(({ state }) => state === of).length;
  const all = papers.flatMap(({ rows }) => rows);
  const total = `${all.length} rules of ${papers.length} regimes: ${counted('enforced', all)} enforced, ${counted('named', all)} named and to be played again, ${counted('open', all)} open, ${counted('unaccounted', all)} unaccounted for, ${counted('undocumented', all)} without a document.`;
  return [
    '# The regimes, rule by rule (制度条款对照)',
    '',
    'Made by `baobei policy coverage --all`; `npm run regimes` prints it anew. *enforced*: an item of the document names the rule, a scenario that cites it passes, and fails once the item is taken out or says something else. *named*: so the document says; document or scenarios changed since that was played. *open*: not enforced, with the reason that the document gives.',
    '',
    total,
    '',
    '| regime | document | rules | enforced | named | open |',
    '|---|---|--:|--:|--:|--:|',
    ...papers.map(
      ({ prefix, regime, rows }) =>
        `| ${prefix} | ${regime === undefined ? '' : `\`${regime.id}\``} | ${rows.length} | ${counted('enforced', rows)} | ${counted('named', rows)} | ${counted('open', rows)} |`,
    ),
    ...papers.flatMap(({ prefix, regime, rows }) => [
      '',
      `## ${prefix} ${regime === undefined ? '' : `${regime.policy.document.title.zh} · ${regime.policy.document.title.en}`}`.trimEnd(),
      '',
      '| rule | type | says | state | by, or why not |',
      '|---|---|---|---|---|',
      ...rows.map(({ rule, type, title, state, why }) => `| ${rule} | ${type} | ${title} | ${state} | ${why} |`),
    ]),
    '',
  ].join('\n');
};

const stateOf = (
  rule: string,
  regime: Regime | undefined,
  played: Played | undefined,
): { readonly state: State; readonly why: string } => {
  if (regime === undefined) return { state: 'undocumented', why: '' };
  const entry = ruleCoverage(regime.policy).get(rule);
  if (entry === undefined) return { state: 'unaccounted', why: '' };
  if (entry.enforcedBy.length === 0)
    return 'unenforced' in entry
      ? { state: 'open', why: entry.unenforced!.replaceAll('|', '\\|') }
      : { state: 'unaccounted', why: '' };
  const shown = played?.digest === regime.digest && !played.onlyNamed.includes(rule);
  return { state: shown ? 'enforced' : 'named', why: entry.enforcedBy.map((label) => `\`${label}\``).join(' ') };
};
