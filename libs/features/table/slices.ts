import { publishTable } from './publish-table/publish-table.js';

/** Everything that somebody may do here; its bus command and its handler follow from it. */
export const slices = [publishTable] as const;
