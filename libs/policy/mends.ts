/**
 * A mend that changes what a clause means is a new semantic version of it, and the old one stays: whoever published a
 * policy under the old one keeps it, and every ruling says which one it used (`protection/2`).
 */

/** Since this meaning, months that are counted inclusively keep their last day at month ends. */
export const wholeMonthsSince = 2;
