import { type Asked, addressOf, type Operation, refusalOf } from './http.ts';

/* Files that go to the API or come from it. */

/** Sends one file as `multipart/form-data`. @throws Refusal */
export async function sendFile<O extends Operation>(
  operation: O,
  asked: Partial<Asked<O>>,
  file: File,
): Promise<unknown> {
  const body = new FormData();
  body.append('file', file, file.name);
  const response = await fetch(addressOf(operation, asked), {
    method: 'POST',
    headers: { 'Accept-Language': document.documentElement.lang },
    body,
  });
  if (!response.ok) throw await refusalOf(response);
  return await response.json();
}

/** Has a document made by the API, and gives it to the browser to keep. @throws Refusal */
export async function takeDocument<O extends Operation>(
  operation: O,
  asked: { body: unknown },
  name: string,
): Promise<void> {
  const response = await fetch(addressOf(operation), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': document.documentElement.lang },
    body: JSON.stringify(asked.body),
  });
  if (!response.ok) throw await refusalOf(response);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
