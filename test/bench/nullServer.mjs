/** The yardstick of the benchmark: the engine's own wire layer, acknowledging every insert and storing nothing. */
import { wireServer } from '../../dist/server/database/embedded/wire/server.js';

const engine = {
  catalog: { ensure: () => ({ indexes: [] }), inDatabase: () => [] },
  records: { insert: () => {} },
  sessions: { once: async (_call, work) => work(), end: async () => {} },
  store: { write: async (work) => work() },
  address: () => '127.0.0.1',
};

const socket = process.argv[2];
const { server } = wireServer(engine);
process.on('disconnect', () => process.exit());
server.listen(socket, () => process.send(`mongodb://${encodeURIComponent(socket)}/?directConnection=true`));
