import type { Conference } from '../mixer/conference.ts';
import type { Switch } from '../switch.ts';

/* `conference NAME …` verbs about pictures. */

type Verb = (conference: Conference, rest: string[], engine: Switch) => string;

function memberNamed(conference: Conference, word: string): number | undefined {
  if (word === 'last') return [...conference.members.keys()].at(-1);
  const id = Number(word);
  return conference.members.has(id) ? id : undefined;
}

const mutePicture =
  (muted: boolean, verb: string): Verb =>
  (conference, [word = ''], engine) => {
    const ids = word === 'all' ? [...conference.members.keys()] : [memberNamed(conference, word)];
    const room = engine.pictures.roomOf(conference);
    const done = ids.filter((id) => id !== undefined && room.mutePicture(id, muted));
    if (done.length === 0) return `-ERR Non-Existant ID ${word.slice(0, 50)}\n`;
    for (const id of done) conference.emit('maintenance', `${verb}-member`, conference.members.get(id!), {});
    return done.map((id) => `+OK ${verb} ${id}\n`).join('');
  };

export const pictureVerbs: Record<string, Verb> = {
  vmute: mutePicture(true, 'vmute'),
  unvmute: mutePicture(false, 'unvmute'),
  'vid-floor': (conference, [word = '', force], engine) => {
    const id = memberNamed(conference, word);
    if (id === undefined) return `-ERR Non-Existant ID ${word.slice(0, 50)}\n`;
    const done = engine.pictures.roomOf(conference).setFloor(id, force === 'force');
    return done ? `+OK video floor ${id}\n` : `-ERR Member ${id} has no video\n`;
  },
  'vid-layout': (conference, [name = ''], engine) =>
    engine.pictures.roomOf(conference).setLayout(name) ? '+OK\n' : '-ERR Invalid layout\n',
  'vid-banner': (conference, [word = '', ...text], engine) => {
    const id = memberNamed(conference, word);
    if (id === undefined) return `-ERR Non-Existant ID ${word.slice(0, 50)}\n`;
    let name = text.join(' ');
    try {
      name = decodeURIComponent(name);
    } catch {
      // A plain text with a percent sign.
    }
    engine.pictures.roomOf(conference).setName(id, name.slice(0, 200));
    return '+OK\n';
  },
  // Not mod_conference's: what a film shows while nobody shows a picture, a line for each (encoded) word.
  'vid-card': (conference, words, engine) => {
    const lines = words.slice(0, 4).map((word) => {
      try {
        return decodeURIComponent(word).slice(0, 200);
      } catch {
        return word.slice(0, 200);
      }
    });
    engine.pictures.roomOf(conference).setCard(lines);
    return '+OK\n';
  },
  'clear-vid-floor': (conference, _rest, engine) => {
    engine.pictures.roomOf(conference).setFloor(undefined, false);
    return '+OK\n';
  },
};
