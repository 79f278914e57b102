/** Connections: cuts the byte stream into messages and answers each in the order in which it came. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Engine } from '../commands/call.js';
import { answer, refusal } from '../commands/dispatch.js';
import { CommandError } from '../errors.js';
import { LARGEST_MESSAGE, OP_MSG, readMessage, replyHead } from './messages.js';

/** A server that is not listening yet; `close` ends its connections too. */
export function wireServer(engine: Engine): { server: Server; close: () => Promise<void> } {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, engine, ++connections);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { server, close };
}

function serve(socket: Socket, engine: Engine, connectionId: number): void {
  let parts: Buffer[] = [];
  let size = 0;
  let queue = Promise.resolve();
  socket.on('error', () => socket.destroy());
  socket.on('data', (data: Buffer) => {
    parts.push(data);
    size += data.length;
    for (;;) {
      if (size < 16) return;
      const wanted = lengthOf(parts);
      if (wanted < 16 || wanted > LARGEST_MESSAGE) {
        socket.destroy();
        return;
      }
      if (size < wanted) return;
      const bytes = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
      const message = bytes.subarray(0, wanted);
      parts = bytes.length > wanted ? [bytes.subarray(wanted)] : [];
      size = bytes.length - wanted;
      queue = queue.then(() => respond(socket, message, engine, connectionId));
    }
  });
}

function lengthOf(parts: Buffer[]): number {
  const [first] = parts;
  if (first && first.length >= 4) return first.readInt32LE(0);
  return Buffer.concat(parts).readInt32LE(0);
}

async function respond(socket: Socket, message: Buffer, engine: Engine, connectionId: number): Promise<void> {
  let address = { id: message.readInt32LE(4), opcode: OP_MSG };
  let body: Uint8Array;
  try {
    const request = readMessage(message);
    address = request;
    body = await answer(request, engine, connectionId);
    if (request.silent) return;
  } catch (error) {
    body = refusal(error);
    if (error instanceof CommandError && error.code === 5739101) socket.destroySoon();
  }
  if (socket.destroyed) return;
  socket.cork();
  socket.write(replyHead(address, body.length));
  socket.write(body);
  socket.uncork();
}
