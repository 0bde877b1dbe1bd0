import { noFaults, PlannedFault, Scheduler, seededRandom, type Host } from './scheduler.js';

const host = (name = 'server'): Host => ({ name, alive: true });
const counter = () => ({
  done: 0,
  async add(by: number) {
    this.done += by;
    return this.done;
  },
});
const run = (scheduler: Scheduler): Promise<void> =>
  scheduler.run(
    () => undefined,
    () => false,
  );

describe('the scheduler', () => {
  it('draws the same numbers for the same seed, evenly', () => {
    const [one, other] = [seededRandom(7), seededRandom(7)];
    const drawn = Array.from({ length: 10_000 }, () => one.below(10));
    expect(drawn).toEqual(Array.from({ length: 10_000 }, () => other.below(10)));
    for (let digit = 0; digit < 10; digit += 1)
      expect(drawn.filter((each) => each === digit).length).toBeGreaterThan(850);
  });

  it('lets calls overtake each other, differently for different seeds', async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 50; seed += 1) {
      const scheduler = new Scheduler(seededRandom(seed));
      const order: string[] = [];
      for (const name of ['a', 'b', 'c'])
        void scheduler.pause(host(name), 'step').then(() => {
          order.push(name);
        });
      await run(scheduler);
      orders.add(order.join(''));
    }
    expect(orders.size).toBe(6);
  });

  it.each<[string, object, number, boolean]>([
    ['does nothing where it fails before', { failBefore: 1 }, 0, true],
    ['has done its work where it fails after', { failAfter: 1 }, 1, true],
    ['does it twice where it is delivered twice', { duplicate: 1 }, 2, false],
    ['does it once where it is only late', { delay: 1 }, 1, false],
  ])('a call %s', async (_name, faults, done, fails) => {
    const scheduler = new Scheduler(seededRandom(1));
    const port = counter();
    const wrapped = scheduler.wrap(host(), 'counter', port, ['add'], { ...noFaults, ...faults });
    const outcome = wrapped.add(1).then(
      () => false,
      (error: unknown) => error instanceof PlannedFault,
    );
    await run(scheduler);
    expect([port.done, await outcome]).toEqual([done, fails]);
  });

  it('draws no fault once faults are over', async () => {
    const scheduler = new Scheduler(seededRandom(1));
    scheduler.faulty = false;
    const wrapped = scheduler.wrap(host(), 'counter', counter(), ['add'], { ...noFaults, failBefore: 1, failAfter: 1 });
    const answer = wrapped.add(3);
    await run(scheduler);
    expect(await answer).toBe(3);
  });

  it('throws away what a dead process waited for, before and after', async () => {
    const scheduler = new Scheduler(seededRandom(1));
    const dead = host();
    const port = counter();
    const heard: string[] = [];
    void scheduler
      .wrap(dead, 'counter', port, ['add'])
      .add(1)
      .then(() => {
        heard.push('answered');
      });
    scheduler.kill(dead);
    void scheduler.pause(dead, 'later').then(() => {
      heard.push('went on');
    });
    await run(scheduler);
    expect([port.done, heard]).toEqual([0, []]);
  });

  it('stops when somebody waits for ever', async () => {
    const scheduler = new Scheduler(seededRandom(1), 100);
    const again = (): void => {
      void scheduler.pause(host(), 'round').then(again);
    };
    again();
    await expect(run(scheduler)).rejects.toThrow('More than 100 steps');
  });
});
