import { KeyedQueue } from '#event-sourcing/command/keyed-queue.js';

export interface Lanes<Item> {
  /** How many are worked on at once. */
  readonly inFlightMax: number;
  /** Items that share a name are worked on one after the other, in their order. */
  readonly namesOf: (item: Item) => readonly string[];
}

/**
 * Works on several items at once and answers in their order. When one fails, none that has not begun is begun, those
 * under way are waited
 * for, and the failure is thrown after every answer in front of it: nothing goes on behind the caller's back.
 */
export async function* inOrder<Item, Answer>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<Answer>,
  { inFlightMax, namesOf }: Lanes<Item>,
): AsyncGenerator<Answer, void, undefined> {
  const queue = new KeyedQueue();
  const waiting: Promise<Answer>[] = [];
  let stopped = false;
  const begin = (item: Item): Promise<Answer> => {
    const answer = queue.run(namesOf(item), async () => {
      if (stopped) throw new Error('An item in front of this one failed');
      try {
        return await work(item);
      } catch (error) {
        stopped = true;
        throw error;
      }
    });
    answer.catch(() => {}); // It is thrown when its turn comes.
    return answer;
  };
  try {
    for await (const item of items) {
      if (stopped) break;
      waiting.push(begin(item));
      if (waiting.length >= inFlightMax) yield await waiting.shift()!;
    }
    while (waiting.length > 0) yield await waiting.shift()!;
  } finally {
    stopped = true;
    await Promise.allSettled(waiting);
  }
}
