import { issueNotices } from './issue-notices/issue-notices.js';

/** Everything that somebody may do here; its bus command and its handler follow from it. */
export const slices = [issueNotices] as const;
