import type { Socket } from 'node:net';

/** For `clientError` of an HTTP server: what is not HTTP gets HTTP's own answer, and the connection ends. */
export function refuseBroken(error: NodeJS.ErrnoException, socket: Socket | { writable: boolean }): void {
  const stream = socket as Socket;
  // Nothing can be said to who never finished the handshake: it would be held for as long as it likes.
  if (!stream.writable || error.code === 'ECONNRESET' || error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') {
    stream.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  stream.destroySoon();
}
