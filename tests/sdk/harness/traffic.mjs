// Counts and logs requests, and delays or changes responses for tests.
const LOG_LIMIT = 2_000;

export class Traffic {
  constructor() {
    this.reset();
  }

  reset() {
    this.failures = { left: 0, status: 500 };
    this.dropped = { left: 0, names: [] };
    this.delays = new Map();
    this.hidesHeaders = false;
    this.counts = new Map();
    this.log = [];
  }

  // Used before CORS: it sees preflights too, and removes headers from finished responses.
  observe() {
    return (request, response, next) => {
      const [path, query] = request.originalUrl.split("?");
      const route = `${request.method} ${path}`;
      this.counts.set(route, (this.counts.get(route) ?? 0) + 1);
      this.log.push({ method: request.method, path, query: query ?? null, headers: pairs(request.rawHeaders) });
      if (this.log.length > LOG_LIMIT) this.log.shift();

      const { end, writeHead } = response;
      response.writeHead = (...args) => {
        for (const name of this.#toDrop(request)) response.removeHeader(name);
        return writeHead.apply(response, args);
      };
      response.end = (...args) => {
        const delay = this.delays.get(path);
        if (!delay) return end.apply(response, args);
        setTimeout(() => end.apply(response, args), delay);
        return response;
      };
      next();
    };
  }

  // Used after CORS: the page can still read the status of a failing backend.
  interfere() {
    return (request, response, next) => {
      if (!isRefresh(request) || this.failures.left <= 0) return next();
      this.failures.left -= 1;
      if (this.failures.status === 0) return request.socket.destroy();
      response.status(this.failures.status).json({ message: "switched to fail" });
    };
  }

  #toDrop(request) {
    const names = this.hidesHeaders ? ["access-control-expose-headers"] : [];
    if (!isRefresh(request) || this.dropped.left <= 0) return names;
    this.dropped.left -= 1;
    return [...names, ...this.dropped.names];
  }
}

const isRefresh = (request) => request.method === "POST" && request.originalUrl.split("?")[0] === "/auth/session/refresh";

function pairs(raw) {
  const result = [];
  for (let i = 0; i < raw.length; i += 2) result.push([raw[i].toLowerCase(), raw[i + 1]]);
  return result;
}
