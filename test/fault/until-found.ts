/**
 * Repeats a calibration until it is found out, and says in which round. What a round finds depends on chance, so one
 * that finds nothing proves nothing; that all of `roundsMax` find nothing does. Give rounds so many that a suite which
 * does its work fails less than once in a million runs: with a round that misses in half of its runs, 20 are enough.
 */
export const untilFound = async (find: (round: number) => Promise<boolean>, roundsMax = 20): Promise<number> => {
  for (let round = 1; round <= roundsMax; round += 1) if (await find(round)) return round;
  throw new Error(`The known-bad setting was not found out in ${roundsMax} rounds`);
};
