import type { PlannedJob } from '../planned-work.ts';
import { checkDue, copyDue } from './copies.ts';
import { finishDue, removeLeftOvers } from './finish.ts';
import { deleteOverdue } from './retention.ts';
import type { ArchiveWork } from './work.ts';

export interface ArchiveRules {
  /** Days that recordings are kept; for good when absent. */
  retentionDays: number | undefined;
  /** How often files are read again and compared, ms. */
  checkEveryMs: number;
}

/** Planned work on recordings: finish them, copy them, look whether they are what they were, delete what is overdue. */
export function archiveJobs(work: ArchiveWork, { checkEveryMs, retentionDays }: ArchiveRules): PlannedJob[] {
  let cleared = false;
  return [
    {
      name: 'finish-recordings',
      everyMs: 5_000,
      run: async ({ signal, touch }) => {
        if (!cleared) await removeLeftOvers(work);
        cleared = true;
        await finishDue(work, signal, touch);
      },
    },
    { name: 'copy-recordings', everyMs: 5_000, run: ({ signal, touch }) => copyDue(work, signal, touch) },
    {
      name: 'check-recordings',
      everyMs: 600_000,
      run: ({ signal, touch }) => checkDue(work, checkEveryMs, signal, touch),
    },
    {
      name: 'delete-overdue-recordings',
      everyMs: 60_000,
      run: ({ signal }) => deleteOverdue(work, retentionDays, signal),
    },
  ];
}
