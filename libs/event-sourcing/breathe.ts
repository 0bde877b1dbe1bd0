/**
 * Gives waiting requests a turn: storage in this process answers at once, so a loop over it never leaves the micro-task
 * queue by itself.
 */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
