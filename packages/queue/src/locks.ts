/** Equal in every worker: a longer interval in one would hold the others back. */
export const LOCK_MS = 5000;
export const STALL_CHECK_MS = 2000;
