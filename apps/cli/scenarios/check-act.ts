import type { AnyEvent, Recorded } from '#event-sourcing/event.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import type { Reason } from '#event-sourcing/vocabulary.js';
import { catalogue } from '#features/edge/catalogue.js';
import type { Check } from './document.js';
import { compared, comparedInOrder, finding, type Finding } from './finding.js';
import type { Act } from './play.js';
import { becauseOf, factText } from './report.js';
import type { World } from './world.js';

/**
 * What the act met: taken or refused, with which codes, fields and accepted values, what was recorded, and which rules
 * that rests on.
 */
export const checkAct = async (expected: Check, act: Act | undefined, world: World): Promise<readonly Finding[]> => [
  ...outcome(expected, act, world),
  ...refusal(expected, act, world),
  ...recorded(expected, act, world),
  ...(await cites(expected, act, world)),
];

const outcome = ({ accepted, refused, nothing }: Check, act: Act | undefined, world: World): readonly Finding[] => {
  const wanted =
    refused !== undefined ? 'refused' : accepted !== undefined || nothing !== undefined ? 'accepted' : undefined;
  if (wanted === undefined) return [];
  const met = act?.outcome?.outcome ?? 'no act';
  const because = act?.outcome === undefined ? [] : becauseOf(act.outcome, world.evaluation.policy);
  if (met !== wanted)
    return [
      finding(
        'the act is',
        refused === undefined || refused === true ? wanted : `${wanted}: ${refused.join(', ')}`,
        met === 'refused' ? `refused: ${act!.rejections.map(({ reason }) => reason).join(', ')}` : met,
        because,
      ),
    ];
  return nothing === true && act?.outcome !== undefined && 'events' in act.outcome && act.outcome.events.length > 0
    ? [
        finding(
          'recorded',
          'nothing',
          act.outcome.events.map(({ event }) => event.type),
          because,
        ),
      ]
    : [];
};

/** Each code is among those of the refusal; `field` and `accepted` belong to the first of them. */
const refusal = ({ refused, only, field, accepted }: Check, act: Act | undefined, world: World): readonly Finding[] => {
  if (refused === undefined || act?.outcome?.outcome !== 'refused') return [];
  const because = becauseOf(act.outcome, world.evaluation.policy);
  const codes = act.rejections.map(({ reason }) => reason as string);
  const wanted = refused === true ? [] : refused;
  const missing = wanted.filter((code) => !codes.includes(code));
  if (missing.length > 0) return [finding('refused', wanted, codes, because)];
  const rest = only === true ? codes.filter((code) => !wanted.includes(code)) : [];
  const meant = act.rejections.filter(({ reason }) => wanted.length === 0 || reason === wanted[0]);
  const one = field === undefined ? meant[0] : meant.find((rejection) => rejection.field === field);
  return [
    ...(rest.length === 0 ? [] : [finding('refused only', wanted, codes, because)]),
    ...(field !== undefined && one === undefined
      ? [
          finding(
            'refused field',
            field,
            meant.map((rejection) => rejection.field),
            because,
          ),
        ]
      : []),
    ...(typeof accepted === 'object'
      ? Object.entries(accepted).flatMap(([name, value]) =>
          compared(
            `accepted ${name}`,
            Array.isArray(value) ? value.map(String).toSorted() : wantedText(value),
            actualText(one?.accepted?.[name], world),
            because,
          ),
        )
      : []),
  ];
};
/** Moments compare as they read in the policy's zone. */
const wantedText = (value: unknown): string => (value === null ? 'none' : String(value));
const actualText = (value: unknown, world: World): string | readonly string[] =>
  Array.isArray(value) ? value.map((each) => factText(each, world.zone)).toSorted() : factText(value, world.zone);

const recorded = ({ recorded: wanted }: Check, act: Act | undefined, world: World): readonly Finding[] => {
  if (wanted === undefined) return [];
  const events = act?.outcome !== undefined && 'events' in act.outcome ? act.outcome.events : [];
  return comparedInOrder(
    'recorded',
    wanted,
    events.map(({ event }) => event.type),
    act?.outcome === undefined ? [] : becauseOf(act.outcome, world.evaluation.policy),
  );
};

/** The rules behind everything that was recorded from the act on, refusals and run-out clocks among it. */
const cites = async ({ cites: wanted }: Check, act: Act | undefined, world: World): Promise<readonly Finding[]> => {
  if (wanted === undefined || act === undefined) return [];
  const { events } = await world.stage.installation.parts.log.readAll(act.from, { max: 1_000 });
  const rules = events
    .flatMap((stored) => reasonsOf(decodeEvent(stored, catalogue)))
    .flatMap((reason) => reason.rules as readonly string[]);
  const missing = wanted.filter((rule) => !rules.includes(rule));
  return missing.length === 0
    ? []
    : [
        finding(
          'cites',
          wanted,
          [...new Set(rules)],
          act.outcome === undefined ? [] : becauseOf(act.outcome, world.evaluation.policy),
        ),
      ];
};
const reasonsOf = ({ event }: Recorded): readonly Reason[] => {
  const body = event as AnyEvent & {
    readonly because?: readonly Reason[];
    readonly rejections?: readonly { readonly because?: readonly Reason[] }[];
  };
  return [...(body.because ?? []), ...(body.rejections ?? []).flatMap(({ because }) => because ?? [])];
};
