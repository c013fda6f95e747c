import type { BadLine } from '../../../../bench/load/bad-line.ts';
import { type CameraOptions, type Cameras, openCameras } from '../../../../bench/load/cameras.ts';
import { type Clip, makeClip } from '../../../../bench/load/clip.ts';
import { decode, Eye, type Sight } from '../../../../bench/load/eye.ts';
import { openRoom, type Room } from '../../../../bench/load/room.ts';
import { speech } from '../../../../bench/load/speech.ts';
import { type Engine, secret } from '../engine.ts';

/* Rooms of callers who send real H.264 over real sockets; what caller 0 is sent is decoded afterwards. */

const quiet = new Uint8Array(160).fill(0xd5);

/** Where an engine of the test is reached, as loads want it. */
export const reached = (engine: Engine) => ({
  sip: { host: '127.0.0.1', port: engine.ports.sip! },
  esl: { host: '127.0.0.1', port: engine.ports.esl!, secret },
});

export const smallClip = (colour: string): Clip => makeClip(colour, { size: '640x360', kilobits: 800, seconds: 6 });

/** A clip's own pictures. */
export const picturesOf = (clip: Clip): Sight[] => decode(clip.units.map((units) => ({ atMs: 0, units })));

export const colourOf = ({ u, v }: Sight): string => (v > u ? 'red' : 'blue');

/** A room in which only one speaks; what caller 0 sees while `story` runs. */
export async function watched(
  engine: Engine,
  clips: readonly Clip[],
  story: (room: Room, cameras: Cameras) => Promise<void>,
  lines: ReadonlyMap<number, BadLine> = new Map(),
  { repairs = false, asksOnLoss = true }: Pick<CameraOptions, 'repairs' | 'asksOnLoss'> = {},
): Promise<Sight[]> {
  const cameras = await openCameras(clips.length, {
    clipOf: (caller) => clips[caller]!,
    through: (caller, port) => lines.get(caller)?.aim(port) ?? port,
    asksOnLoss,
    repairs,
  });
  const eye = new Eye();
  cameras.shown = (caller, packet, atMs) => {
    if (caller === 0) eye.take(packet, atMs);
  };
  const room = await openRoom(reached(engine), clips.length, { pictures: cameras.pictures });
  speaks(room, 1);
  room.start();
  cameras.start();
  await story(room, cameras);
  cameras.stop();
  await room.close();
  for (const line of lines.values()) line.close();
  return eye.open();
}

/** One alone speaks. */
export function speaks(room: Room, speaker: number): void {
  room.says = (caller, beat) => (caller === speaker ? speech(caller, beat) : quiet);
}
