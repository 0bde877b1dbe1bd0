import { isDeepStrictEqual } from 'node:util';
import type { Recorded } from '#event-sourcing/event.js';
import type { Label } from '#policy/words.js';
import { branchOf, localText, type Branch } from '../scenarios/report.js';
import type { Library, Recomputed } from './recompute.js';

const both = (zh: string, en: string): Branch => ({ text: { zh, en }, under: [] });

/** One ruling as a tree: what was ruled, each of its reasons, and whether it comes out the same today. */
export const rulingTree = (recorded: Recorded, reasons: readonly Recomputed[], library: Library): Branch => {
  const zone = reasons
    .map(({ reason }) => library.policy(recorded.program, reason.policy)?.timeZone)
    .find((each) => each !== undefined);
  const at = localText(recorded.times.recordedAt, zone ?? 'UTC');
  const { actor, id, position, event } = recorded;
  const who = actor.onBehalfOf === undefined ? actor.party : `${actor.party} → ${actor.onBehalfOf}`;
  const head = `${event.type} · ${at} · ${who} · ${id} · ${position}`;
  return { text: { zh: head, en: head }, under: reasons.map((each) => reasonTree(each, recorded, library)) };
};

const reasonTree = (recomputed: Recomputed, recorded: Recorded, library: Library): Branch => {
  const { reason } = recomputed;
  const policy = library.policy(recorded.program, reason.policy);
  if (policy === undefined)
    return {
      text: { zh: `${reason.clause}`, en: reason.clause },
      under: [both(`日志中没有制度 ${reason.policy}。`, `The log has no policy ${reason.policy}.`)],
    };
  const { text, under } = branchOf(reason, policy);
  return { text, under: [...under, verdictOf(recomputed)] };
};

const verdictOf = ({ reason, again, equal }: Recomputed): Branch => {
  if (equal) return both('重算：逐字节相同。', 'Recomputed: equal, byte for byte.');
  if (again === undefined)
    return both('无法重算：所依据的表单已加密。', 'Cannot be recomputed: the form that it judged is sealed.');
  const differing = [...new Set([...Object.keys(reason), ...Object.keys(again)])].filter(
    (key) => !isDeepStrictEqual(reason[key as 'inputs'], again[key as 'inputs']),
  );
  return {
    ...both(`重算：不同（${differing.join('、')}）。`, `Recomputed: different (${differing.join(', ')}).`),
    under: [both(`现在：${JSON.stringify(again)}`, `Today: ${JSON.stringify(again)}`)],
  };
};

/** A tree as indented lines; a branch that says two things has a line in each language. */
export const treeLines = ({ text, under }: Branch, indent = 0): readonly string[] => [
  ...spoken(text).map((line, index) => `${' '.repeat(indent)}${index === 0 ? '- ' : '  '}${line}`),
  ...under.flatMap((branch) => treeLines(branch, indent + 2)),
];
const spoken = ({ zh, en }: Label): readonly string[] => (zh === en ? [zh] : [zh, en]);
