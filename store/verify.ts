import type { Connection } from 'mongoose';
import { type ChainFault, type Head, verifyChain } from './chain.ts';
import { readAnchors } from './log-anchor.ts';
import { logRows, stored } from './log-reader.ts';

/** What a check of the stored log found. */
export interface LogVerdict {
  /** Entries found in order and unchanged, from the first. */
  checked: number;
  head: Head;
  fault?: ChainFault;
  /** Signed heads outside the store that were compared. */
  anchors: number;
  /** Anchor files that cannot be read or whose signature is wrong: somebody touched them. */
  badAnchors: string[];
  /** The log wrote anchors here once, and none is left. */
  anchorsGone: boolean;
}

/** Whether a verdict finds nothing wrong. */
export const sound = (verdict: LogVerdict): boolean =>
  verdict.fault === undefined && verdict.badAnchors.length === 0 && !verdict.anchorsGone;

/** Reads the whole log once, in order, and compares it with the anchors below `dataDir`. */
export async function verifyStoredLog(connection: Connection, dataDir?: string): Promise<LogVerdict> {
  const read = dataDir === undefined ? { anchors: [], bad: [], expected: false } : readAnchors(dataDir);
  const waiting = [...read.anchors];
  let disagreeing: ChainFault | undefined;
  const rows = logRows(connection);
  const cursor = rows.find({}, { batchSize: 1000 }).sort({ _id: 1 });
  const entries = (async function* () {
    for await (const document of cursor) yield stored(document);
  })();
  const { head, checked, fault } = await verifyChain(entries, (reached) => {
    while (waiting[0] !== undefined && waiting[0].seq <= reached.seq) {
      const anchor = waiting.shift()!;
      if (anchor.seq !== reached.seq || anchor.hash === reached.hash) continue;
      disagreeing ??= {
        kind: 'changed',
        seq: anchor.seq,
        text: `entry ${anchor.seq} is not the one that was anchored on ${anchor.time}: the log was chained anew`,
      };
    }
  });
  await cursor.close();
  const beyond = waiting.at(-1);
  const truncated: ChainFault | undefined =
    beyond === undefined || beyond.seq <= head.seq
      ? undefined
      : {
          kind: 'truncated',
          seq: head.seq + 1,
          text: `the log ends at ${head.seq}; on ${beyond.time} it had come to ${beyond.seq}`,
        };
  const first = [fault, disagreeing].filter((one) => one !== undefined).sort((a, b) => a.seq - b.seq)[0] ?? truncated;
  return {
    checked,
    head,
    ...(first === undefined ? {} : { fault: first }),
    anchors: read.anchors.length,
    badAnchors: read.bad,
    anchorsGone: read.expected && read.anchors.length === 0 && read.bad.length === 0,
  };
}
