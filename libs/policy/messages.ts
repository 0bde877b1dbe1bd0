import type { Clause } from './clause.js';
import { clauses } from './clauses.js';
import type { Messages } from './words.js';

const gathered = (of: (clause: Clause) => Messages): Messages =>
  Object.fromEntries(clauses.flatMap((clause: Clause) => Object.entries(of(clause))));

/** The refusals of the clauses. */
export const clauseMessages: Messages = gathered(({ says }) => says.refusals);
/** What each clause says when it is a reason, by the first word of its path. */
export const reasonMessages: Messages = gathered(({ name, says }) =>
  says.reason === undefined ? {} : { [name]: says.reason },
);
/** What the clauses' own codes are called. */
export const clauseNames: Messages = gathered(({ says }) => says.names ?? {});

/** The refusals of the decisions about dossiers, parties, programs and standings. Another holder is never named. */
export const decisionMessages = {
  AgreedSplitsRefused: { zh: '本制度不允许自行约定分成。', en: 'This policy allows no agreed split.' },
  AlreadyDecided: { zh: '此事已经裁定。', en: 'This has been decided.' },
  AlreadyOver: { zh: '该报备已经结束。', en: 'This registration is over.' },
  AlreadyRecorded: {
    zh: '本项目已有成交使用这个合同编号；如那一笔有误，请先予撤销。',
    en: 'A deal of this program stands under this contract number; if that one is wrong, have it taken back first.',
  },
  AlreadyRescinded: { zh: '此事已经撤销。', en: 'This has been taken back already.' },
  AlreadyYours: { zh: '该客户已由您报备。', en: 'You have already registered this customer.' },
  AnswerDisagrees: {
    zh: '此行带有报备编号，但与所记不符：{columns}。请改回，或删去编号作为新报备。',
    en: 'This row carries the code of a registration and is not that one: {columns}. Put back what it said, or take the code away to file it anew.',
  },
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
  CommandIdTaken: {
    zh: '这份文件的这一行已于 {recordedAt} 以另一内容记录（当时的列映射或身份不同）；如须改报，请放入新的文件。',
    en: 'This row of this file was recorded at {recordedAt} with other content, under another mapping say; to file it anew, put it into a new file.',
  },
  ContractNumberUnreadable: {
    zh: '合同编号无法识别：须含文字或数字，最多 60 个字符，且不得混用相似的外文字母。',
    en: 'This is no contract number: it needs letters or digits, at most 60 characters, and none that only look Latin.',
  },
  DealUnknown: { zh: '没有这笔成交。', en: 'There is no such deal.' },
  DiscoveryCountsNothing: {
    zh: '该原因的禁报期不从发现之日起算，请不要填写发现时间。',
    en: 'No ban after this cause counts from its discovery: leave the discovery out.',
  },
  EndsBeforeItBegins: { zh: '结束时间不能早于开始时间。', en: 'The end cannot come before the beginning.' },
  InCase: { zh: '该报备正在裁决，暂不能办理。', en: 'This registration is in arbitration; wait for the verdict.' },
  InThePast: {
    zh: '不能从过去开始，最早为现在（{from}）。',
    en: 'It cannot begin in the past; now is the earliest ({from}).',
  },
  LoginOfHost: {
    zh: '主机上的账号不能锁定：能打开数据目录者不受此限。',
    en: 'A login of the host cannot be locked: a lock keeps nobody out who can open the data folder.',
  },
  MemberOfItself: { zh: '不能成为自己的成员。', en: 'A party cannot be a member of itself.' },
  NoPolicyInForce: { zh: '目前没有生效的制度。', en: 'No policy is in force.' },
  NotAgreedByAll: { zh: '分成须经所有当事方同意。', en: 'Everybody concerned must agree to the split.' },
  NotProtected: { zh: '该报备目前不在保护期内。', en: 'This registration is not protected now.' },
  NotDecided: {
    zh: '此案尚未裁决，没有可以撤销的裁决。',
    en: 'This case is not decided: there is no verdict to take back.',
  },
  LaterVerdict: {
    zh: '此后对这些报备又有裁决（{caseId}），请先撤销那一项。',
    en: 'A later verdict rests on these claims, that of {caseId}: it is taken back first.',
  },
  RuledOnSubjects: {
    zh: '此案裁决的是客户是否同一，请以撤销合并（separate）或撤销“并非同一客户”（rejoin）处理。',
    en: 'This verdict says whether two customers are one: it is taken back with separate or rejoin.',
  },
  NotDistinct: { zh: '这两个档案没有被认定为不同的客户。', en: 'These two were not ruled to be two customers.' },
  ClaimsOnBoth: {
    zh: '两个档案上都有有效的报备，制度又没有设裁决人，请先处理其中之一：{claims}。',
    en: 'Both have a live claim and the policy has nobody to ask; settle one of these first: {claims}.',
  },
  NotMerged: { zh: '该档案没有并入其他档案。', en: 'This dossier was not merged into another.' },
  FiledSinceMerge: {
    zh: '合并之后已有人凭该客户的信息报备，请先处理这些报备：{claims}。',
    en: 'Since the merge somebody has filed by the keys of this customer alone; settle these first: {claims}.',
  },
  NotReturned: { zh: '该报备没有被退回补充。', en: 'This registration was not returned for more.' },
  NotTheArbiter: { zh: '本案须由以下角色裁决：{roles}。', en: 'This case is for: {roles}.' },
  NotUnderReview: { zh: '该报备不在审核中。', en: 'This registration is not under review.' },
  NotYet: { zh: '时间不能晚于现在（{until}）。', en: 'It cannot be later than now ({until}).' },
  NotYourStep: { zh: '当前步骤由以下角色审核：{roles}。', en: 'This step is for: {roles}.' },
  NothingAsked: { zh: '没有待决的延期申请。', en: 'No extension has been asked for.' },
  NothingToObjectTo: { zh: '没有可以提出异议的裁定。', en: 'There is nothing to object to.' },
  ObjectionDecided: { zh: '异议已经裁定，不再受理。', en: 'The objection has been decided and is final.' },
  OccurredBeforeFiling: {
    zh: '报备之前发生的事不能记在该报备上，最早为 {earliest}。',
    en: 'It happened before this registration was filed; the earliest is {earliest}.',
  },
  OtherSubject: { zh: '修改后已是另一个客户，请重新报备。', en: 'That would be another customer: file it anew.' },
  OutcomeNotAllowed: {
    zh: '制度不允许这样裁决，可选：{outcomes}。',
    en: 'The policy has no such verdict; choose from: {outcomes}.',
  },
  OwnLogin: {
    zh: '不能锁定自己正在使用的登录账号，请由另一位管理员办理。',
    en: 'Nobody locks the login they act with: another administrator does.',
  },
  OwnRole: {
    zh: '不能撤销自己的管理员角色，请由另一位管理员办理。',
    en: 'Nobody takes away their own administration: another administrator does.',
  },
  OwnCause: { zh: '不得裁决与自己有关的事。', en: 'Nobody decides in their own cause.' },
  PartyBanned: { zh: '已被禁止报备{until?，至 }{until}。', en: 'Banned from filing{until? until }{until}.' },
  PartyDismissed: { zh: '已被除名，不能办理。', en: 'Dismissed: no longer able to act.' },
  PartyExists: { zh: '该当事方已经登记。', en: 'This party is already enrolled.' },
  PartySuspended: { zh: '报备资格已暂停{until?，至 }{until}。', en: 'Suspended{until? until }{until}.' },
  PartyUnknown: { zh: '没有这个当事方。', en: 'There is no such party.' },
  PartyBarred: { zh: '这个当事方目前不得参与。', en: 'This party may take no part at present.' },
  PolicyOfAnother: {
    zh: '这是另一套制度，或报备对象不同；本项目的制度为 {policy}，报备对象为 {subject}。',
    en: 'This is another policy, or about another subject: this program has {policy}, about {subject}.',
  },
  RoleUndeclared: {
    zh: '本项目的制度没有这个角色{roles?，所设角色：}{roles}。',
    en: 'The policy of this program declares no such role{roles?; it declares: }{roles}.',
  },
  PolicyUnusable: {
    zh: '制度文件有误：{problem}（第 {line} 行第 {column} 列）。',
    en: 'The policy cannot be used: {problem} (line {line}, column {column}).',
  },
  PolicyVersionTaken: {
    zh: '版本 {version} 已经发布，内容不同。',
    en: 'Version {version} has been published with another text.',
  },
  PolicyVersionBegun: {
    zh: '版本 {version} 已经生效或一分钟内生效（{effectiveFrom}），不得撤回。',
    en: 'Version {version} has begun, or begins within a minute ({effectiveFrom}): it is not withdrawn any more.',
  },
  PolicyVersionUnknown: {
    zh: '没有这个版本{versions?，可撤回的版本：}{versions}。',
    en: 'There is no such version{versions?; not yet begun: }{versions}.',
  },
  ProgramExists: { zh: '该报备项目已经存在。', en: 'This program exists.' },
  ProgramUnknown: { zh: '没有这个报备项目。', en: 'There is no such program.' },
  ProtectedByAnother: {
    zh: '该客户正在保护期内{freeFrom?，自 }{freeFrom}{freeFrom? 起可报备}。',
    en: 'This customer is protected{freeFrom? until }{freeFrom}.',
  },
  FlagUnknown: { zh: '该方在此没有这项标记。', en: 'The party has no such flag here.' },
  RefilingBanned: {
    zh: '该客户暂不得再次报备{from?，自 }{from}{from? 起可报备}。',
    en: 'This customer may not be filed again{from? before }{from}.',
  },
  RegistrationUnknown: { zh: '没有这个报备。', en: 'There is no such registration.' },
  RoleMissing: { zh: '须具有以下角色：{roles}。', en: 'This needs one of the roles: {roles}.' },
  RuledByVerdict: {
    zh: '此项由裁决作出，不能单独撤销；如裁决有误，请撤销整个裁决（rescindVerdict）。',
    en: 'A verdict settled this; no single piece of it is taken back. Where the verdict was wrong, take it back whole (rescindVerdict).',
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
  KeysOfSeveral: {
    zh: '所填信息分别指向他人已报备的不同客户，不能据此合并；请核对后重新填写，或请裁决人认定。',
    en: 'What the form gives leads to different customers whom others have claims on, and no form makes them one. Check what was written, or ask whoever arbitrates.',
  },
  SubjectMerged: {
    zh: '该客户的档案已并入另一档案，请在那里办理。',
    en: 'This customer’s dossier was merged into another: act there.',
  },
  SubjectUnknown: { zh: '没有这个档案。', en: 'There is no such dossier.' },
  UserLocked: { zh: '此登录账号已被锁定。', en: 'This login is locked.' },
  WinnerNotInCase: { zh: '胜方须是本案的报备之一。', en: 'The winner must be one of the claims of this case.' },
} as const satisfies Messages;

/** The sentences of the clauses' and of the decisions' refusals. */
export const refusalMessages: Messages = { ...clauseMessages, ...decisionMessages };
