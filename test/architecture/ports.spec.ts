import { isRehearsal, linesWith, sources, withoutComments } from './sources.js';

describe('time, waiting and chance come through ports; cure: take a Clock, Timers or Ids as a parameter', () => {
  const product = sources().filter((path) => !isRehearsal(path) && !path.startsWith('libs/adapters/'));

  it('nobody asks the machine for the time or for chance', () => {
    expect(linesWith(product, /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b/)).toEqual([]);
  });
  it('nobody waits by a timer but sockets and the end of the process, which belong to the edge', () => {
    expect(
      linesWith(
        product.filter((path) => !path.startsWith('libs/installation/') && !path.startsWith('apps/')),
        /\bsetTimeout\b|\bsetInterval\b/,
      ),
    ).toEqual([]);
  });
  it('a rule that finds nothing would pass too: this one finds what is planted, and not what a comment says', () => {
    expect(
      withoutComments(
        'const at = Date.now(); // Date.now is wrong here\n/* new Date() */ const url = "https://example.com";',
      ),
    ).toBe('const at = Date.now(); \n const url = "https://example.com";');
    expect(product.length).toBeGreaterThan(150);
  });
});
