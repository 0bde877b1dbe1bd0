import type { Messages } from './messages.js';

/**
 * What each clause says when it is a reason, by the first word of its path. `{item}` is the second, `{length}` a length
 * with its counting.
 */
export const reasonMessages: Messages = {
  permissions: {
    zh: '权限：{item}{roles?，角色 }{roles}{relations?，身份 }{relations}',
    en: 'Permission: {item}{roles?, roles }{roles}{relations?, as }{relations}',
  },
  classes: { zh: '报备类别：{item}', en: 'Class: {item}' },
  identity: { zh: '识别客户的键', en: 'The keys that tell the customer' },
  form: { zh: '表单{item?：}{item}{complete? 完整}', en: 'Form{item?: }{item}{complete? is complete}' },
  intake: {
    zh: '受理{channel?，渠道 }{channel}{rankedBy?，按}{rankedBy}{rankedAt?排序：}{rankedAt}',
    en: 'Intake{channel? by }{channel}{rankedBy?, ranked by }{rankedBy}{rankedAt?: }{rankedAt}',
  },
  filingPermission: {
    zh: '报备前许可{grantedAt?，给予于 }{grantedAt}{length?，有效 }{length}',
    en: 'Permission before filing{grantedAt?, granted at }{grantedAt}{length?, good for }{length}',
  },
  review: {
    zh: '审核{item?：}{item}{length?，期限 }{length}',
    en: 'Review{item?: }{item}{length?, due within }{length}',
  },
  protection: {
    zh: '保护期：{item}{event?，自}{event}{from?（}{from}{from?）}起{length?，}{length}{endsAt?，至 }{endsAt}',
    en: 'Protection: {item}{event?, from the }{event}{from? at }{from}{length?, }{length}{endsAt?, until }{endsAt}',
  },
  upgrades: { zh: '类别升级：{from} → {to}', en: 'Upgrade: {from} → {to}' },
  extension: {
    zh: '延期{length?：}{length}{endsAt?，至 }{endsAt}',
    en: 'Extension{length?: }{length}{endsAt?, until }{endsAt}',
  },
  ends: { zh: '终止原因：{cause}', en: 'Cause of termination: {cause}' },
  bans: { zh: '禁止再次报备：{scope}，{length}，至 {until}', en: 'No filing again: {scope}, {length}, until {until}' },
  collision: { zh: '撞单：{item}{outcome?，}{outcome}', en: 'Collision: {item}{outcome?, }{outcome}' },
  suspension: {
    zh: '保护期中止{daysMax?，最多 }{daysMax}{daysMax? 天}',
    en: 'The clock stands still{daysMax?, at most }{daysMax}{daysMax? days}',
  },
  objections: { zh: '异议期{length?：}{length}', en: 'Objections{length?: }{length}' },
  offences: {
    zh: '违规：{offence}，第 {occurrence} 次{customers?，涉及客户 }{customers}',
    en: 'Offence: {offence}, occurrence {occurrence}{customers?, customers: }{customers}',
  },
  attribution: { zh: '业绩归属：依据{basis}', en: 'Attribution: by {basis}' },
  commission: { zh: '提成：{amount|yuan} → {commission|yuan}', en: 'Commission: {amount|yuan} → {commission|yuan}' },
  visibility: { zh: '查询答复：{answer}', en: 'Answer to an ask: {answer}' },
};
