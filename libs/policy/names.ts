import { clauseNames } from './messages.js';
import type { Messages } from './words.js';

/** What codes are called when a person reads them; each clause names its own. A policy's own titles and labels come first. */
export const names: Messages = {
  ...clauseNames,
  party: { zh: '当事方', en: 'party' },
  desk: { zh: '登记处', en: 'desk' },
  reviewer: { zh: '审核人', en: 'reviewer' },
  administrator: { zh: '管理员', en: 'administrator' },
  arbiter: { zh: '仲裁人', en: 'arbiter' },
  auditor: { zh: '审计', en: 'auditor' },
  finance: { zh: '财务', en: 'finance' },
  policyOwner: { zh: '制度负责人', en: 'policy owner' },
  holder: { zh: '报备持有人', en: 'holder' },
  filer: { zh: '报备人', en: 'filer' },
  designated: { zh: '指定人', en: 'designated filer' },
  self: { zh: '本人', en: 'oneself' },
  days: { zh: '天', en: 'days' },
  months: { zh: '个月', en: 'months' },
  workingDays: { zh: '个工作日', en: 'working days' },
  hours: { zh: '小时', en: 'hours' },
  inclusive: { zh: '含首日', en: 'the first day counts' },
  exclusive: { zh: '不含首日', en: 'the first day does not count' },
  rolling: { zh: '按时刻滚动', en: 'from moment to moment' },
  corresponding: { zh: '至对应日', en: 'to the corresponding date' },
};
