import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const lookup = (
  address: string,
  _family: unknown,
  done: (error: null, address: string, family: number) => void,
): void => done(null, address, 4);

/** A UDP socket on the loopback that looks up no names. */
export async function socketOf(recvBufferSize: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize, lookup: lookup as never });
  const listening = once(socket, 'listening');
  socket.bind(0, '127.0.0.1');
  await listening;
  return socket;
}
