import type { Label } from './words.js';

/**
 * A sentence in both languages. `{latest}` is replaced by what would be accepted or by an input; `{min|yuan}` is money,
 * `{days|…}` see sentences.ts.
 */
export type Messages = Readonly<Record<string, Label>>;

/** The refusals of the clauses. */
export const clauseMessages: Messages = {
  OperationNotPermitted: {
    zh: '您无权进行此操作{roles?，可由以下角色办理：}{roles}。',
    en: 'You may not do this{roles?; it is for: }{roles}.',
  },
  FinderNotPermitted: { zh: '此项须由以下角色认定：{roles}。', en: 'This is to be found by: {roles}.' },
  FieldUnknown: {
    zh: '表单没有字段“{field}”，可填：{fields}。',
    en: 'The form has no field "{field}"; it has: {fields}.',
  },
  FieldMissing: {
    zh: '请填写“{field}”{example?，例如 }{example}{choices?，可选：}{choices}。',
    en: 'Fill in "{field}"{example?, such as }{example}{choices?, choose from: }{choices}.',
  },
  FieldInvalid: {
    zh: '“{field}”填写有误：{problem}{max?，最多 }{max}{choices?，可选：}{choices}{example?，应如 }{example}。',
    en: '"{field}" is not right: {problem}{max?, at most }{max}{choices?, choose from: }{choices}{example?; it should look like }{example}.',
  },
  FieldOutOfRange: {
    zh: '“{field}”超出允许范围{min?，最小 }{min}{max?，最大 }{max}。',
    en: '"{field}" is out of range{min?, at least }{min}{max?, at most }{max}.',
  },
  AttachmentMissing: { zh: '请附上“{field}”。', en: 'Attach "{field}".' },
  NoStrongKey: {
    zh: '所填内容不足以识别客户，须填写：{fields}。',
    en: 'This does not tell which customer is meant; needed: {fields}.',
  },
  ClassUnknown: { zh: '没有这个报备类别，可选：{classes}。', en: 'There is no such class; choose from: {classes}.' },
  ClassNotFiled: {
    zh: '此类别不能直接报备，可选：{classes}。',
    en: 'Nobody files in this class; choose from: {classes}.',
  },
  ChannelNotAccepted: {
    zh: '此类别不接受该渠道，可用：{channels}。',
    en: 'This class is not taken by that channel; use: {channels}.',
  },
  OccurredInFuture: {
    zh: '发生时间不能晚于现在（{latest}）。',
    en: 'It cannot have happened later than now ({latest}).',
  },
  ReceivedInFuture: {
    zh: '收到时间不能晚于现在（{latest}）。',
    en: 'It cannot have been received later than now ({latest}).',
  },
  BackdatedTooFar: {
    zh: '时间倒签过多，最早可填 {earliest}。',
    en: 'That lies too far back; the earliest is {earliest}.',
  },
  LeadTimeTooShort: {
    zh: '报备太晚，最迟应在 {latest}。',
    en: 'Filed too late before the event; the latest was {latest}.',
  },
  OutsideWindow: { zh: '不在受理时段内：{from}–{to}。', en: 'Outside the hours of intake: {from}–{to}.' },
  FiledTooLate: { zh: '已过报备期限，应在 {before} 之前。', en: 'Filed too late; it was due before {before}.' },
  PermissionMissing: { zh: '须先查询并取得许可，方可报备。', en: 'Ask first: filing needs a permission.' },
  PermissionForAnother: {
    zh: '许可是给别人的，不能用于本次报备。',
    en: 'The permission was granted to somebody else.',
  },
  PermissionRunOut: { zh: '许可已于 {until} 失效，请重新查询。', en: 'The permission ran out at {until}; ask again.' },
  LengthNotChoosable: { zh: '此期限由制度固定，不能选择。', en: 'The policy fixes this length; it cannot be chosen.' },
  LengthOutOfRange: {
    zh: '期限须在 {min} 至 {max} {unit} 之间。',
    en: 'The length must be between {min} and {max} {unit}.',
  },
  ExtensionUnavailable: { zh: '本制度不设延期。', en: 'This policy has no extension.' },
  ProtectionRunOut: { zh: '保护期已于 {before} 结束。', en: 'Protection ended at {before}.' },
  ExtensionTimesUsed: {
    zh: '延期次数已用完，最多 {timesMax} 次。',
    en: 'It has been extended as often as allowed: {timesMax}.',
  },
  ExtensionTooLate: {
    zh: '申请延期太晚，最迟应在 {latest}。',
    en: 'Too late to ask for an extension; the latest was {latest}.',
  },
  ExtensionTooEarly: {
    zh: '申请延期太早，最早在 {earliest}。',
    en: 'Too early to ask for an extension; the earliest is {earliest}.',
  },
  EvidenceMissing: { zh: '缺少材料：{evidence}。', en: 'Missing evidence: {evidence}.' },
  CauseUnknown: {
    zh: '制度中没有这个终止原因，可选：{causes}。',
    en: 'The policy has no such cause; choose from: {causes}.',
  },
  ObjectionUnavailable: { zh: '本制度不设异议期。', en: 'This policy has no objections.' },
  ObjectionTooLate: { zh: '异议期已过，应在 {before} 之前。', en: 'Too late to object; it was due before {before}.' },
  OffenceUnknown: {
    zh: '制度中没有这项违规，可选：{offences}。',
    en: 'The policy has no such offence; choose from: {offences}.',
  },
  OccurrenceInvalid: { zh: '次数从 1 开始计。', en: 'Occurrences count from 1.' },
  CustomersNotCounted: { zh: '须写明涉及几个客户。', en: 'Say how many customers are concerned.' },
  PenaltyNotChosen: {
    zh: '制度留有裁量，请选择处罚：{kinds}。',
    en: 'The policy leaves a choice; pick a penalty: {kinds}.',
  },
  PenaltyNotChoosable: {
    zh: '不能选择该处罚{kinds?，可选：}{kinds}。',
    en: 'That penalty cannot be chosen{kinds?; choose from: }{kinds}.',
  },
  PenaltyOutOfRange: {
    zh: '金额须在 {min|yuan} 至 {max|yuan} 之间。',
    en: 'The amount must be between {min|yuan} and {max|yuan}.',
  },
};

/** The refusals of the decisions about dossiers, parties, programs and standings. Another holder is never named. */
export const decisionMessages: Messages = {
  AgreedSplitsRefused: { zh: '本制度不允许自行约定分成。', en: 'This policy allows no agreed split.' },
  AlreadyDecided: { zh: '此事已经裁定。', en: 'This has been decided.' },
  AlreadyOver: { zh: '该报备已经结束。', en: 'This registration is over.' },
  AlreadyYours: { zh: '该客户已由您报备。', en: 'You have already registered this customer.' },
  AmountNotPositive: { zh: '金额须大于零。', en: 'The amount must be above zero.' },
  CalendarInvalid: {
    zh: '工作日历有误：{problem}{date? }{date}。',
    en: 'The working calendar is wrong: {problem}{date? }{date}.',
  },
  CalendarUnpublished: {
    zh: '尚未公布 {year} 年的工作日历。',
    en: 'The working days of {year} have not been published.',
  },
  CaseUnknown: { zh: '没有这个争议案件。', en: 'There is no such case.' },
  ClaimedByAnother: { zh: '该客户已有待审的报备。', en: 'Another claim on this customer is waiting.' },
  EndsBeforeItBegins: { zh: '结束时间不能早于开始时间。', en: 'The end cannot come before the beginning.' },
  InCase: { zh: '该报备正在裁决，暂不能办理。', en: 'This registration is in arbitration; wait for the verdict.' },
  MemberOfItself: { zh: '不能成为自己的成员。', en: 'A party cannot be a member of itself.' },
  NoPolicyInForce: { zh: '目前没有生效的制度。', en: 'No policy is in force.' },
  NotAgreedByAll: { zh: '分成须经所有当事方同意。', en: 'Everybody concerned must agree to the split.' },
  NotProtected: { zh: '该报备目前不在保护期内。', en: 'This registration is not protected now.' },
  NotReturned: { zh: '该报备没有被退回补充。', en: 'This registration was not returned for more.' },
  NotTheArbiter: { zh: '本案须由以下角色裁决：{roles}。', en: 'This case is for: {roles}.' },
  NotUnderReview: { zh: '该报备不在审核中。', en: 'This registration is not under review.' },
  NotYet: { zh: '时间不能晚于现在（{until}）。', en: 'It cannot be later than now ({until}).' },
  NotYourStep: { zh: '当前步骤由以下角色审核：{roles}。', en: 'This step is for: {roles}.' },
  NothingAsked: { zh: '没有待决的延期申请。', en: 'No extension has been asked for.' },
  NothingToObjectTo: { zh: '没有可以提出异议的裁定。', en: 'There is nothing to object to.' },
  ObjectionDecided: { zh: '异议已经裁定，不再受理。', en: 'The objection has been decided and is final.' },
  OtherSubject: { zh: '修改后已是另一个客户，请重新报备。', en: 'That would be another customer: file it anew.' },
  OutcomeNotAllowed: {
    zh: '制度不允许这样裁决，可选：{outcomes}。',
    en: 'The policy has no such verdict; choose from: {outcomes}.',
  },
  OwnCause: { zh: '不得裁决与自己有关的事。', en: 'Nobody decides in their own cause.' },
  PartyBanned: { zh: '已被禁止报备{until?，至 }{until}。', en: 'Banned from filing{until? until }{until}.' },
  PartyDismissed: { zh: '已被除名，不能办理。', en: 'Dismissed: no longer able to act.' },
  PartyExists: { zh: '该当事方已经登记。', en: 'This party is already enrolled.' },
  PartySuspended: { zh: '报备资格已暂停{until?，至 }{until}。', en: 'Suspended{until? until }{until}.' },
  PartyUnknown: { zh: '没有这个当事方。', en: 'There is no such party.' },
  PolicyUnusable: {
    zh: '制度文件有误：{problem}（第 {line} 行第 {column} 列）。',
    en: 'The policy cannot be used: {problem} (line {line}, column {column}).',
  },
  PolicyVersionTaken: {
    zh: '版本 {version} 已经发布，内容不同。',
    en: 'Version {version} has been published with another text.',
  },
  ProgramExists: { zh: '该报备项目已经存在。', en: 'This program exists.' },
  ProgramUnknown: { zh: '没有这个报备项目。', en: 'There is no such program.' },
  ProtectedByAnother: {
    zh: '该客户正在保护期内{freeFrom?，自 }{freeFrom}{freeFrom? 起可报备}。',
    en: 'This customer is protected{freeFrom? until }{freeFrom}.',
  },
  RefilingBanned: {
    zh: '该客户暂不得再次报备{from?，自 }{from}{from? 起可报备}。',
    en: 'This customer may not be filed again{from? before }{from}.',
  },
  RegistrationUnknown: { zh: '没有这个报备。', en: 'There is no such registration.' },
  RoleMissing: { zh: '须具有以下角色：{roles}。', en: 'This needs one of the roles: {roles}.' },
  RuledByVerdict: {
    zh: '此项由裁决作出，不能单独撤销。',
    en: 'A verdict settled this; no single piece of it is taken back.',
  },
  RulingUnknown: { zh: '没有可以撤销的这项裁定。', en: 'There is no such ruling that could be taken back.' },
  SharesInvalid: {
    zh: '分成有误：每方一份，权重为正整数。',
    en: 'The shares are not right: one for each party, whole and above zero.',
  },
  SharesNotOfThisCase: {
    zh: '分成只能在本案当事方之间，每方一份，权重为正整数。',
    en: 'Shares go to the parties of this case, one each, whole and above zero.',
  },
  SubjectNotIdentified: {
    zh: '所填内容不足以识别客户{missing?，缺少：}{missing}。',
    en: 'This does not tell which customer is meant{missing?; missing: }{missing}.',
  },
  SubjectMerged: {
    zh: '该客户的档案已并入另一档案，请在那里办理。',
    en: 'This customer’s dossier was merged into another: act there.',
  },
  SubjectUnknown: { zh: '没有这个档案。', en: 'There is no such dossier.' },
  WinnerNotInCase: { zh: '胜方须是本案的报备之一。', en: 'The winner must be one of the claims of this case.' },
};
