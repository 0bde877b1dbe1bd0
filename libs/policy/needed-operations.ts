import type { Operation } from './clauses/permissions.js';
import type { PolicyDocument } from './document.js';
import type { Path } from './reading.js';

/** An operation that a clause cannot do without. */
export interface Needed {
  readonly operation: Operation;
  readonly path: Path;
  readonly zh: string;
  readonly en: string;
}

/** What somebody must be able to do, or a clause is a dead letter. */
export const knownOperationsNeeded = (document: PolicyDocument): readonly Needed[] => {
  const clockEvents = new Set([
    ...document.protection.flatMap(({ rolls }) => rolls?.on ?? []),
    ...(document.upgrades ?? []).map(({ on }) => on),
  ]);
  const wanted: readonly (Needed & { readonly when: boolean })[] = [
    { when: true, operation: 'register', path: ['permissions'], zh: '要有人报备', en: 'Somebody must register' },
    {
      when: true,
      operation: 'ask',
      path: ['visibility'],
      zh: '写明了查询如何回答',
      en: 'The answer to an ask is defined',
    },
    { when: true, operation: 'recordDeal', path: ['attribution'], zh: '写明了业绩归属', en: 'Attribution is defined' },
    {
      when: document.review.steps.length > 0,
      operation: 'approve',
      path: ['review'],
      zh: '有审核步骤',
      en: 'There are steps of review',
    },
    {
      when: document.review.steps.length > 0,
      operation: 'reject',
      path: ['review'],
      zh: '有审核步骤',
      en: 'There are steps of review',
    },
    {
      when: (document.filingPermission ?? []).some(({ required }) => required),
      operation: 'grantPermission',
      path: ['filingPermission'],
      zh: '报备须先获许可',
      en: 'Filing needs a permission',
    },
    {
      when: document.extension !== undefined,
      operation: 'requestExtension',
      path: ['extension'],
      zh: '有延期条款',
      en: 'There is an extension clause',
    },
    {
      when: document.extension !== undefined,
      operation: 'decideExtension',
      path: ['extension'],
      zh: '有延期条款',
      en: 'There is an extension clause',
    },
    {
      when: document.collision.case !== undefined,
      operation: 'arbitrate',
      path: ['collision', 'case'],
      zh: '会立案裁决',
      en: 'Cases are opened',
    },
    {
      when: (document.ends ?? []).length > 0,
      operation: 'terminate',
      path: ['ends'],
      zh: '有终止原因',
      en: 'There are causes of termination',
    },
    {
      when: (document.offences ?? []).length > 0,
      operation: 'findOffence',
      path: ['offences'],
      zh: '有违规条款',
      en: 'There are offences',
    },
    {
      when: document.intake.exemption === 'allowed',
      operation: 'exempt',
      path: ['intake', 'exemption'],
      zh: '允许豁免',
      en: 'Exemptions are allowed',
    },
    {
      when: document.objections !== undefined,
      operation: 'object',
      path: ['objections'],
      zh: '可以提出异议',
      en: 'Objections are allowed',
    },
    {
      when: document.attribution.agreedSplits === 'allowed',
      operation: 'agreeSplit',
      path: ['attribution', 'agreedSplits'],
      zh: '允许约定分成',
      en: 'Agreed splits are allowed',
    },
    {
      when: clockEvents.has('visit'),
      operation: 'recordVisit',
      path: ['protection'],
      zh: '到访影响保护期',
      en: 'A visit moves the clock',
    },
    {
      when: clockEvents.has('followUp'),
      operation: 'recordFollowUp',
      path: ['protection'],
      zh: '跟进影响保护期',
      en: 'A follow-up moves the clock',
    },
    {
      when: clockEvents.has('deposit'),
      operation: 'recordDeposit',
      path: ['upgrades'],
      zh: '定金影响保护期',
      en: 'A deposit moves the clock',
    },
  ];
  return wanted.filter(({ when }) => when);
};
