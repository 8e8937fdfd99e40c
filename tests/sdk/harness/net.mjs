// Listens on the loopback addresses only.
import { createServer } from "node:http";

// Browsers and older Node try ::1 first for "localhost", others 127.0.0.1.
export async function listen(server, port) {
  await bind(server, port, "127.0.0.1");
  const taken = server.address().port;
  const twin = createServer((request, response) => server.emit("request", request, response));
  // Without IPv6 the first one is enough.
  const hasTwin = await bind(twin, taken, "::1").then(() => true, () => false);
  const close = () => {
    for (const each of hasTwin ? [server, twin] : [server]) {
      each.closeAllConnections?.();
      each.close();
    }
  };
  return { url: `http://localhost:${taken}`, port: taken, close };
}

function bind(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
