import type { AnySlice } from '../deciding/slice.js';
import { slices as audit } from '../audit/slices.js';
import { slices as dossier } from '../dossier/slices.js';
import { slices as lease } from '../lease/slices.js';
import { slices as notice } from '../notice/slices.js';
import { slices as party } from '../party/slices.js';
import { slices as program } from '../program/slices.js';
import { slices as standing } from '../standing/slices.js';
import { slices as table } from '../table/slices.js';
import { slices as user } from '../user/slices.js';
import { slices as work } from '../work/slices.js';

/** Every command of the product. */
export const slices: readonly AnySlice[] = [
  ...audit,
  ...dossier,
  ...lease,
  ...notice,
  ...party,
  ...program,
  ...standing,
  ...table,
  ...user,
  ...work,
];
