import { WavWriter } from '../sound/wav.ts';

/* A room's mix going into a file. */

/** What takes a room's mix, frame by frame. */
export interface RoomRecording {
  readonly path: string;
  paused: boolean;
  /** Takes 20 ms; `atMs` is the beat's own time. @throws Error when no more can be written. */
  write(frame: Int16Array, atMs: number): void;
  /** Closes the file, at once or soon; answers what FreeSWITCH tells of a recording that ended. */
  close(): Record<string, string> | Promise<Record<string, string>>;
}

export class Recording implements RoomRecording {
  readonly path: string;
  paused = false;
  private readonly writer: WavWriter;
  private readonly rate: number;

  /** @throws the file system's error. */
  constructor(path: string, rate: number) {
    this.path = path;
    this.rate = rate;
    this.writer = new WavWriter(path, rate);
  }

  /** @throws the file system's error. */
  write(frame: Int16Array): void {
    if (!this.paused) this.writer.write(frame);
  }

  /** Closes the file; answers what FreeSWITCH tells of a recording that ended. */
  close(): Record<string, string> {
    const { samples } = this.writer;
    try {
      this.writer.close();
    } catch {
      // What could be written is on disk; the size told below says how much.
    }
    return {
      'Samples-Out': String(samples),
      Samplerate: String(this.rate),
      'Milliseconds-Elapsed': String(Math.round((samples * 1000) / this.rate)),
      'Record-File-Size': String(this.writer.size),
    };
  }
}
