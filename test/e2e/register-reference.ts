/**
 * What the paper says must become of the register, computed without a line of ours: plain maps over plain rows.
 * R04.02 name, telephone, address · R04.06 seven days, the day of registration not counted · R04.07 ninety days from
 * the day of the deposit
 * · R04.08 nobody else meanwhile, anybody afterwards · R04.10–11 administration looks before the form is filled in.
 */
export interface Expected {
  readonly line: number;
  readonly outcome: 'accepted' | 'refused';
  readonly why:
    | 'registered'
    | 'registeredWithDeposit'
    | 'depositLiftsOwn'
    | 'secondDeposit'
    | 'noTelephone'
    | 'protectedByAnother'
    | 'noAddress'
    | 'ownAgain';
  /** The last day of the protection that this row's customer has afterwards. */
  readonly lastDay?: string;
  readonly telephone: string;
}
interface Held {
  readonly by: string;
  readonly deposit: boolean;
  readonly since: string;
  readonly lastDay: string;
}
export interface Reference {
  readonly rows: readonly Expected[];
  /** Last day of every protection there ever was, oldest registration first. */
  readonly protections: readonly {
    readonly telephone: string;
    readonly by: string;
    readonly from: string;
    readonly lastDay: string;
  }[];
}

const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

export const referenceOf = (text: string): Reference => {
  const held = new Map<string, Held>();
  const protections: Reference['protections'][number][] = [];
  const rows = text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((row, index): Expected => {
      const [time = '', by = '', , , telephone = '', address = '', kind = ''] = row.split(',');
      const date = time.slice(0, 10);
      const paid = kind === '已缴定金';
      const at = { line: index + 2, telephone };
      if (telephone === '') return { ...at, outcome: 'refused', why: 'noTelephone' };
      const last = held.get(telephone);
      const live = last !== undefined && date <= last.lastDay ? last : undefined;
      if (live !== undefined && live.by !== by) return { ...at, outcome: 'refused', why: 'protectedByAnother' };
      if (address === '') return { ...at, outcome: 'refused', why: 'noAddress' };
      if (live === undefined) {
        const now: Held = { by, deposit: paid, since: time, lastDay: plusDays(date, paid ? 90 : 7) };
        held.set(telephone, now);
        protections.push({ telephone, by, from: time, lastDay: now.lastDay });
        return { ...at, outcome: 'accepted', why: paid ? 'registeredWithDeposit' : 'registered', lastDay: now.lastDay };
      }
      if (!paid) return { ...at, outcome: 'refused', why: 'ownAgain' };
      if (live.deposit) return { ...at, outcome: 'accepted', why: 'secondDeposit', lastDay: live.lastDay };
      const lifted: Held = { ...live, deposit: true, lastDay: plusDays(date, 90) };
      held.set(telephone, lifted);
      const index_ = protections.findLastIndex((each) => each.telephone === telephone);
      protections[index_] = { ...protections[index_]!, lastDay: lifted.lastDay };
      return { ...at, outcome: 'accepted', why: 'depositLiftsOwn', lastDay: lifted.lastDay };
    });
  return { rows, protections };
};
