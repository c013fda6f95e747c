import { readFileSync } from 'node:fs';

/** The table of pages is the browser's code, with types of its own: here its paths are enough. */
const table = readFileSync('api/console/app/pages/pages.ts', 'utf8');
const paths = [...table.matchAll(/^\s*(?:\{ )?path: '([^']+)'/gm)].map(([, path]) => path ?? '');

/** The address of every page of the console, its names filled in from what is there. */
export function pagePaths(there: {
  session: string;
  planned: string;
  case: string;
  recording: string;
  phone: string;
}): string[] {
  return paths.map((path) => {
    const id = path.startsWith('/recordings')
      ? there.recording
      : path.startsWith('/cases')
        ? there.case
        : path.endsWith('/edit')
          ? there.planned
          : there.session;
    return path.replace(':id', id).replace(':scope', 'device').replace(':of', there.phone);
  });
}
