import type { RoomRecording } from '../../mixer/recording.ts';
import type { FilmEnd } from '../compose/wire.ts';
import type { VideoRoom } from '../room/room.ts';

/** A room's mix and composed picture going into one MP4, which the room's studio writes. */
export class FilmRecording implements RoomRecording {
  readonly path: string;
  private readonly room: VideoRoom;
  private readonly film: number;
  private readonly ended: Promise<FilmEnd>;
  private readonly rate: number;
  private isPaused = false;
  private samples = 0;
  private failure: string | undefined;

  constructor(path: string, rate: number, room: VideoRoom) {
    this.path = path;
    this.rate = rate;
    this.room = room;
    let end: (end: FilmEnd) => void = () => {};
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    this.film = room.startFilm(path, rate, (told) => {
      this.failure = told.error;
      end(told);
    });
  }

  get paused(): boolean {
    return this.isPaused;
  }

  set paused(paused: boolean) {
    this.isPaused = paused;
    this.room.pauseFilm(this.film, paused);
  }

  /** @throws Error when the studio could not go on writing. */
  write(frame: Int16Array, atMs: number): void {
    if (this.failure !== undefined) throw new Error(this.failure);
    if (this.isPaused) return;
    this.samples += frame.length;
    this.room.filmSound(this.film, frame, atMs);
  }

  /** Ends the film; resolves when its file is closed. */
  async close(): Promise<Record<string, string>> {
    this.room.stopFilm(this.film);
    const { bytes } = await this.ended;
    return {
      'Samples-Out': String(this.samples),
      Samplerate: String(this.rate),
      'Milliseconds-Elapsed': String(Math.round((this.samples * 1000) / this.rate)),
      'Record-File-Size': String(bytes),
    };
  }
}
