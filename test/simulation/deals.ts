/** A line of what a deal is credited with, in fen as text. */
interface Line {
  readonly partyId: string;
  readonly performance: string;
  readonly commission?: string;
}
/** One deal: its amount, and what it is credited with now. */
export interface Deal {
  readonly amount: bigint;
  lines: readonly Line[];
  rescinded: boolean;
}
type Body = Readonly<Record<string, unknown>>;

const sum = (values: readonly (string | undefined)[]): bigint =>
  values.reduce((total, value) => total + BigInt(value ?? '0'), 0n);
const amounts = (lines: readonly Line[], sign: bigint): string =>
  lines
    .map(
      ({ partyId, performance, commission = '0' }) =>
        `${partyId} ${sign * BigInt(performance)} ${sign * BigInt(commission)}`,
    )
    .join();

/**
 * What an event says of a deal, as nobody decides by: a deal is credited once, to the last fen, with shares that are
 * the whole of it; what takes that back is its mirror; and a deal that was taken back is credited to nobody. The text
 * is what is wrong.
 */
export const dealAfter = (deals: Map<string, Deal>, type: string, body: Body): string | undefined => {
  const id = String(body['dealId']);
  if (type === 'DealRecorded') {
    if (deals.has(id)) return `${id} is recorded twice`;
    deals.set(id, { amount: BigInt(String(body['amount'])), lines: [], rescinded: false });
    return undefined;
  }
  const deal = deals.get(id);
  if (deal === undefined) return `${type} of ${id}, which nobody recorded`;
  if (deal.rescinded) return `${type} of ${id}, which was taken back`;
  if (type === 'Attributed') return credited(deal, id, body);
  if (type === 'AttributionReversed') {
    if (amounts(body['lines'] as readonly Line[], -1n) !== amounts(deal.lines, 1n))
      return `what reverses ${id} is not its mirror`;
    deal.lines = [];
    return undefined;
  }
  if (deal.lines.length > 0) return `${id} is taken back and still credited`;
  deal.rescinded = true;
  return undefined;
};

const credited = (deal: Deal, id: string, body: Body): string | undefined => {
  const lines = body['lines'] as readonly Line[];
  if (deal.lines.length > 0) return `${id} is credited twice`;
  deal.lines = lines;
  if (lines.length === 0) return undefined;
  if (sum(lines.map(({ performance }) => performance)) !== deal.amount)
    return `the shares of ${id} are not its ${deal.amount} fen`;
  const commission = body['commission'] as string | undefined;
  return commission !== undefined && sum(lines.map((line) => line.commission)) !== BigInt(commission)
    ? `the commissions of ${id} are not ${commission} fen`
    : undefined;
};
