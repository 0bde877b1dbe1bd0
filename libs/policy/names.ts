import type { Label } from './words.js';

/** What codes are called when a person reads them. A policy's own titles and labels come first. */
export const names: Readonly<Record<string, Label>> = {
  party: { zh: '当事方', en: 'party' }, desk: { zh: '登记处', en: 'desk' }, reviewer: { zh: '审核人', en: 'reviewer' }, administrator: { zh: '管理员', en: 'administrator' },
  arbiter: { zh: '仲裁人', en: 'arbiter' }, auditor: { zh: '审计', en: 'auditor' }, finance: { zh: '财务', en: 'finance' }, policyOwner: { zh: '制度负责人', en: 'policy owner' },
  holder: { zh: '报备持有人', en: 'holder' }, filer: { zh: '报备人', en: 'filer' }, designated: { zh: '指定人', en: 'designated filer' }, self: { zh: '本人', en: 'oneself' },
  warning: { zh: '警告', en: 'warning' }, fine: { zh: '罚款', en: 'fine' }, dismissal: { zh: '除名', en: 'dismissal' }, compensation: { zh: '赔偿', en: 'compensation' }, suspension: { zh: '暂停', en: 'suspension' }, ban: { zh: '禁止报备', en: 'ban' },
  assign: { zh: '判归一方', en: 'assign' }, split: { zh: '分成', en: 'split' }, release: { zh: '释放', en: 'release' }, bothVoid: { zh: '双方无效', en: 'both void' },
  registered: { zh: '报备', en: 'registration' }, approved: { zh: '审批', en: 'approval' }, deposit: { zh: '定金', en: 'deposit' }, visit: { zh: '到访', en: 'visit' }, followUp: { zh: '跟进', en: 'follow-up' },
  verdict: { zh: '裁决', en: 'verdict' }, agreed: { zh: '约定', en: 'agreement' }, unregistered: { zh: '未报备', en: 'no registration' },
  refuse: { zh: '不予受理', en: 'refused' }, case: { zh: '立案裁决', en: 'a case' }, queue: { zh: '排队待审', en: 'queued' }, overturn: { zh: '改判', en: 'overturned' }, renew: { zh: '重新起算', en: 'renewed' },
  free: { zh: '可报备', en: 'free' }, protected: { zh: '保护中', en: 'protected' }, pending: { zh: '待审', en: 'pending' }, inCase: { zh: '裁决中', en: 'in a case' }, banned: { zh: '禁止报备', en: 'banned' },
  days: { zh: '天', en: 'days' }, months: { zh: '个月', en: 'months' }, workingDays: { zh: '个工作日', en: 'working days' }, hours: { zh: '小时', en: 'hours' },
  inclusive: { zh: '含首日', en: 'the first day counts' }, exclusive: { zh: '不含首日', en: 'the first day does not count' }, rolling: { zh: '按时刻滚动', en: 'from moment to moment' }, corresponding: { zh: '至对应日', en: 'to the corresponding date' },
  system: { zh: '系统', en: 'the system' }, paper: { zh: '纸质', en: 'paper' }, email: { zh: '电子邮件', en: 'e-mail' }, mail: { zh: '邮件', en: 'mail' }, fax: { zh: '传真', en: 'fax' }, mobile: { zh: '手机', en: 'mobile phone' },
  latestInformation: { zh: '最新有效信息', en: 'latest valid information' }, proof: { zh: '证据', en: 'proof' },
  filerAndCustomer: { zh: '该报备人对该客户', en: 'that filer, for that customer' }, customer: { zh: '任何人对该客户', en: 'anybody, for that customer' },
  occurredAt: { zh: '发生时间', en: 'when it happened' }, receivedAt: { zh: '收到时间', en: 'when it was received' }, recordedAt: { zh: '入账时间', en: 'when it was recorded' },
  empty: { zh: '为空', en: 'it is empty' }, notANumber: { zh: '不是号码或数字', en: 'it is no number' }, tooShort: { zh: '太短', en: 'it is too short' }, tooLong: { zh: '太长', en: 'it is too long' }, noSuchNumber: { zh: '没有这样的号码', en: 'there is no such number' }, masked: { zh: '号码不完整', en: 'digits are hidden' },
  titleOnly: { zh: '只有称呼', en: 'it is only a title' }, surnameAndTitle: { zh: '只有姓和称呼', en: 'it is only a surname and a title' }, notAName: { zh: '不是姓名', en: 'it is no name' }, mixedScripts: { zh: '混用了不同文字', en: 'it mixes alphabets' },
  onlyLegalForm: { zh: '只有公司类型', en: 'it is only a legal form' }, onlyDigits: { zh: '只有数字', en: 'it is only digits' }, length: { zh: '长度不对', en: 'its length is wrong' }, alphabet: { zh: '含有不允许的字符', en: 'it has characters that do not occur' },
  registrationOffice: { zh: '登记机关代码不对', en: 'its registration office is wrong' }, region: { zh: '行政区划代码不对', en: 'its region is wrong' }, organisationCheck: { zh: '校验码不对', en: 'a check digit is wrong' }, check: { zh: '校验码不对', en: 'its check digit is wrong' },
  notAFlag: { zh: '须为是或否', en: 'it must be yes or no' }, notFen: { zh: '金额须为整数分', en: 'an amount is in whole fen' }, notText: { zh: '须为文字', en: 'it must be text' }, notAChoice: { zh: '不在选项内', en: 'it is not one of the choices' },
  notADate: { zh: '不是存在的日期', en: 'there is no such date' }, notAnInstant: { zh: '不是时刻', en: 'it is no point in time' }, control: { zh: '含有控制字符', en: 'it has control characters' }, bidiControl: { zh: '含有方向控制字符', en: 'it has direction marks' },
  invisible: { zh: '含有不可见字符', en: 'it has invisible characters' }, loneSurrogate: { zh: '编码不完整', en: 'its encoding is broken' }, replacementCharacter: { zh: '含有乱码', en: 'it has unreadable characters' }, nonCharacter: { zh: '含有非法字符', en: 'it has characters that are none' }, combiningPile: { zh: '叠加符号过多', en: 'it has piles of marks' },
};
