// The server of y-websocket as its own program starts it, on a free port; with a file named, every document opens as that.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setPersistence, setupWSConnection } from '@y/websocket-server/utils';
import WebSocket from 'ws';
import { applyUpdate } from 'yjs';

const [storedFile] = process.argv.slice(2);
if (storedFile) {
  const stored = readFileSync(storedFile);
  setPersistence({
    bindState: (_name, document) => applyUpdate(document, stored),
    writeState: async () => {},
  });
}
const webSockets = new WebSocket.Server({ noServer: true });
webSockets.on('connection', setupWSConnection);
const server = createServer((_request, response) => response.end('okay'));
server.on('upgrade', (request, socket, head) => {
  webSockets.handleUpgrade(request, socket, head, (webSocket) =>
    webSockets.emit('connection', webSocket, request),
  );
});
server.listen(0, '127.0.0.1', () => console.log(`ready at http://127.0.0.1:${server.address().port}`));
