// Apps download this file as it is, so its comments are in browser.rs.
const MARK = Symbol.for('supertokens-leptos');
const COVER = { visibility: 'hidden', opacity: '0' };
const MAX_TIMER_MS = 2 ** 31 - 1;
const MAX_NAVIGATIONS = 20;
const PROBE_WAIT_MS = 1000;
const PROBE_REUSE_MS = 30000;

const attempt = call => {
  try {
    return call();
  } catch {}
};

const text = read => {
  const value = attempt(read);
  return typeof value === 'string' ? value : undefined;
};

const kindOf = value => Object.prototype.toString.call(value).slice(8, -1);

export const isA = (value, kind) => !!attempt(() => kindOf(value) === kind);
export const errorName = error => text(() => error.name);

export function readStored(document, storage, keys, last) {
  const texts = [attempt(() => document.cookie)];
  for (const key of keys) texts.push(attempt(() => storage.getItem(key)));
  return last && texts.every((text, index) => text === last[index]) ? undefined : texts;
}

export function writeCookies(document, cookies) {
  for (const cookie of cookies.split('\n')) if (cookie) attempt(() => { document.cookie = cookie; });
  return text(() => document.cookie);
}

const call = (window, fetch, ...args) => {
  try {
    return Promise.resolve((fetch ?? window.fetch).apply(window, args));
  } catch (error) {
    return Promise.reject(error);
  }
};

const request = (url, init) => Object.assign(new Request(url, init), { [MARK]: true });

const sendsStreams = () => {
  const init = { method: 'POST', body: new ReadableStream(), duplex: 'half' };
  return !new Request('/', init).headers.has('content-type');
};

export function send(window, fetch, { signal }, url, head, body, isStream, isKeepalive, mayFail) {
  const [method, credentials, ...lines] = head.split('\n');
  const headers = [];
  for (let i = 0; i < lines.length; i += 2) headers.push([lines[i], lines[i + 1]]);
  const init = { method, headers: Object.fromEntries(headers), signal, [MARK]: true };
  if (credentials) init.credentials = credentials;
  if (isKeepalive) init.keepalive = true;
  if (!mayFail) return call(window, fetch, url, init);
  const built = attempt(() => {
    if (isStream) init.duplex = 'half';
    if (isStream ? !sendsStreams() : kindOf(body) === 'ReadableStream') return;
    return request(url, { ...init, body });
  });
  return built && call(window, fetch, built);
}

export function probe(window, fetch, url, probes) {
  const now = Date.now();
  const age = now - probes[url]?.at;
  if (age >= 0 && age < PROBE_REUSE_MS) return probes[url].isReachable.then(is => is && 2);
  const isReachable = new Promise(resolve => {
    const abort = new AbortController();
    setTimeout(() => {
      resolve(0);
      abort.abort();
    }, PROBE_WAIT_MS);
    const init = { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal: abort.signal, [MARK]: true };
    call(window, fetch, url, init).then(() => resolve(1), () => resolve(0));
  });
  probes[url] = { at: now, isReachable };
  return isReachable;
}

export const statusOf = response => attempt(() => response.status | 0) ?? 0;
export const urlOf = response => text(() => response.url);
export const header = (response, name) => text(() => response.headers.get(name));

export function headersOf(response, names) {
  const values = names.map(name => header(response, name));
  return values.some(value => value !== undefined) ? values : undefined;
}

export async function readBody(response) {
  const body = await response.arrayBuffer();
  if (kindOf(body) !== 'ArrayBuffer') throw undefined;
  return new Uint8Array(body);
}

export async function peek(response, limit, { signal }) {
  const copy = response.clone();
  if (copy.body === undefined) {
    const bytes = await readBody(copy);
    if (bytes.length > limit) throw undefined;
    return bytes;
  }
  const reader = copy.body?.getReader();
  const cancel = () => attempt(() => reader?.cancel().catch(() => {}));
  signal.onabort = cancel;
  const bytes = new Uint8Array(limit);
  let length = 0;
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!ArrayBuffer.isView(value)) throw undefined;
      bytes.set(value, length);
      length += value.length;
    }
    return bytes.slice(0, length);
  } finally {
    cancel();
  }
}

export const lock = (locks, name, { signal }) => new Promise((granted, refused) => {
  const hold = () => signal.aborted || new Promise(release => {
    signal.onabort = release;
    granted();
  });
  locks.request(name, { signal }, hold).then(refused, refused);
});

const queues = {};

export function pageLock(name, { signal }) {
  const before = queues[name];
  const released = new Promise(resolve => { signal.onabort = resolve; });
  queues[name] = Promise.all([before, released]).then(() => {});
  return Promise.resolve(before);
}

export const writtenAt = entry => attempt(() => {
  const { timeRefreshed, timeAcquired } = JSON.parse(entry);
  return [timeRefreshed, timeAcquired].find(Number.isFinite);
}) ?? 0;

export const sleep = (ms, { signal }) => new Promise(resolve => {
  let id;
  const start = rest => {
    const next = () => rest > MAX_TIMER_MS ? start(rest - MAX_TIMER_MS) : resolve();
    id = attempt(() => setTimeout(next, Math.min(rest, MAX_TIMER_MS)));
  };
  start(ms);
  signal.onabort = () => {
    clearTimeout(id);
    resolve();
  };
});

export function repeat(ms, call, { signal }) {
  const id = attempt(() => setInterval(call, ms));
  signal.onabort = () => clearInterval(id);
}

export function listen(window, names, call, { signal }) {
  names.split(' ').forEach((name, index) => {
    const listener = event => {
      if (event.target === window || event.target === window.document) call(index, !!event.persisted);
    };
    window.addEventListener(name, listener, { capture: true, signal });
  });
}

export const openChannel = (name, call, { signal }) => attempt(() => {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => call(typeof data === 'string' ? data : '');
  signal.onabort = () => channel.close();
  return channel;
});

export function navigations(key, now) {
  const stored = text(() => sessionStorage.getItem(key)) ?? '';
  const times = stored.split(' ').map(Number).filter(time => time > 0);
  if (now) attempt(() => sessionStorage.setItem(key, [...times, now].slice(-MAX_NAVIGATIONS).join(' ')));
  return times;
}

const covered = { count: 0 };

export function cover(count) {
  const style = attempt(() => document.documentElement.style);
  if (count > 0 && !style?.setProperty) return false;
  covered.count += count;
  for (const [name, hidden] of Object.entries(COVER)) {
    if (count > 0) {
      covered[name] ??= [style.getPropertyValue(name), style.getPropertyPriority(name)];
      style.setProperty(name, hidden, 'important');
    } else if (!covered.count && covered[name]) {
      style?.setProperty(name, ...covered[name]);
      delete covered[name];
    }
  }
  return true;
}
