import { z } from 'zod';
import { ruleIdSchema, textSchema } from '../words.js';

/** Rules of the paper that nothing here enforces, each with an honest reason: so that nobody believes they are. */
export const unenforcedSchema = z.array(z.strictObject({ rule: ruleIdSchema, why: textSchema })).max(400);
