// Hocuspocus as it comes: no extension but the one that hands a document its stored state, when a file of it is named.
import { readFileSync } from 'node:fs';
import { Server } from '@hocuspocus/server';

const [storedFile] = process.argv.slice(2);
const stored = storedFile && readFileSync(storedFile);
const server = new Server({
  address: '127.0.0.1',
  port: 0,
  quiet: true,
  ...(stored && { onLoadDocument: async () => stored }),
});
await server.listen();
console.log(`ready at http://127.0.0.1:${server.address.port}`);
