// What needs `this`, `arguments` and events. Rust decides what goes out, and what is shown.

// Tells every copy of this library on the page that a call is taken care of.
const OURS = Symbol.for('supertokens-leptos');
// A request's own choice: `off`, or `once`. It never leaves the page.
const CHOICE = 'supertokens-interception';

const address = url => {
  try {
    return new URL(url, document.baseURI).href;
  } catch {
    return '';
  }
};

// Puts a function, or a setter, in the place of another; the answer takes it out.
function cover(target, name, make, slot = 'value') {
  const now = () => Object.getOwnPropertyDescriptor(target, name);
  const layer = { on: true, before: now() };
  const made = make(layer.before ? layer.before[slot] : target[name], layer);
  made[OURS] = layer;
  const added = { configurable: true, enumerable: true, writable: true };
  Object.defineProperty(target, name, { ...(layer.before ?? added), [slot]: made });
  return () => {
    layer.on = false;
    // What somebody else has put over it stays, and is called through.
    for (let top; (top = now()?.[slot]?.[OURS]) && !top.on; ) {
      if (top.before) Object.defineProperty(target, name, top.before);
      else delete target[name];
    }
  };
}

// What an object is, in whichever window it was made.
const kindOf = value => Object.prototype.toString.call(value).slice(8, -1);

export function interceptFetch(isOurs, run) {
  return cover(window, 'fetch', (original, layer) => function fetch(input) {
    const init = arguments[1];
    const isRequest = kindOf(input) === 'Request';
    const url = isRequest ? input.url : address(input);
    if (!layer.on || input?.[OURS] || init?.[OURS] || !isOurs(url)) return original.apply(this, arguments);
    return new Promise((resolve, reject) => {
      const body = init?.body ?? null;
      const isStream = body ? kindOf(body) === 'ReadableStream' : isRequest && hasStream(input);
      const hasChosen = init?.credentials !== undefined || (isRequest && input.credentials !== 'same-origin');
      const request = (!isRequest && snapshot(url, init, body)) || new Request(isRequest ? input : url, init);
      const { headers, signal } = request;
      const choice = headers.get(CHOICE);
      headers.delete(CHOICE);
      // A copy of Firefox's loses it.
      request[OURS] = { keepalive: init?.keepalive ?? (isRequest && input.keepalive) };
      if (choice === 'off') {
        return resolve(request.init ? sendInit(original, request, [...headers].flat()) : original.call(window, request));
      }
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => reject(signal.reason);
      signal?.addEventListener('abort', abort);
      const done = () => signal?.removeEventListener('abort', abort);
      run(request, hasChosen, isStream, choice !== 'once').then(resolve, reject).then(done);
    });
  });
}

// The arguments of a call as they are now. Mocks of `fetch` and developer tools can read the body of these, but not that
// of a `Request`, which remains for what only the browser can read.
function snapshot(url, init, body) {
  const prototype = init ? Object.getPrototypeOf(init) : null;
  const copy = copyOf(body);
  if (copy === undefined || (prototype && Object.getPrototypeOf(prototype))) return;
  const headers = new Headers(init?.headers);
  const { method = 'GET', credentials, signal } = init ?? {};
  // They stay an object, or a `Headers`, to which a mock may look.
  const isRecord = !init?.headers?.[Symbol.iterator];
  const own = isRecord ? Object.entries(init?.headers ?? {}) : [...headers];
  const sent = { ...init, method: `${method}` };
  if (body !== null) sent.body = copy;
  return { url, method: sent.method, headers, credentials, signal, own, isRecord, init: sent };
}

// A body that can be sent more than once, as it is now; `undefined` for what only the browser can read.
function copyOf(body) {
  if (body === null || typeof body === 'string') return body;
  if (ArrayBuffer.isView(body)) {
    const { buffer, byteOffset, byteLength } = body;
    return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength));
  }
  switch (kindOf(body)) {
    // Nothing can change these.
    case 'Blob':
    case 'File':
    case 'ReadableStream':
      return body;
    case 'ArrayBuffer':
      return body.slice(0);
    case 'URLSearchParams':
      return new URLSearchParams(body);
    case 'FormData': {
      const copy = new FormData();
      for (const [name, value] of body) copy.append(name, value);
      return copy;
    }
  }
}

// A request does not say what its body was made of, but one of a stream can't be made `no-cors`.
export function hasStream(request) {
  // A look at `body` is none: WebKit makes a stream of it.
  if (request.bodyUsed || request.method === 'GET' || request.method === 'HEAD') return false;
  const copy = request.clone();
  try {
    new Request(copy, { method: 'POST', mode: 'no-cors' });
    return false;
  } catch {
    copy.body?.cancel();
    return true;
  }
}

// Says why a request failed: on what its caller gets, and to the page.
export function explain({ url, signal }, target, code, message, status) {
  // The caller has a reason of its own.
  if (signal?.aborted) return;
  try {
    target.supertokensSessionError = { code, message };
  } catch {
    // It is frozen, or no object.
  }
  const { origin, pathname } = new URL(url);
  const detail = { code, message, status, url: origin + pathname };
  window.dispatchEvent(new CustomEvent('supertokens-session-error', { detail }));
}

// The app's own headers with others added, in the place of those of the same name.
function merged(own, added) {
  const pairs = [];
  for (let i = 0; i < added.length; i += 2) pairs.push([added[i], added[i + 1]]);
  const replaced = ['authorization', CHOICE, ...pairs.map(([name]) => name)];
  return own.filter(([name]) => !replaced.includes(name.toLowerCase())).concat(pairs);
}

function sendInit(fetch, { url, own, isRecord, init }, added, isIncluded) {
  const headers = merged(own, added);
  const sent = { ...init, headers: isRecord ? Object.fromEntries(headers) : new Headers(headers), [OURS]: true };
  if (isIncluded) sent.credentials = 'include';
  return fetch.call(window, url, sent);
}

// Sends a request, or a copy of it, with these headers in place of its own.
export function send(fetch, request, isCopied, isIncluded, headers) {
  if (request.init) return sendInit(fetch, request, headers, isIncluded);
  const { method, referrer, referrerPolicy } = request;
  const keepalive = request[OURS]?.keepalive ?? request.keepalive;
  const credentials = isIncluded ? 'include' : request.credentials;
  // A change makes a copy, which takes the body with it.
  const hasCopy = request.credentials !== credentials && (method === 'GET' || method === 'HEAD');
  let sent = isCopied && !hasCopy ? request.clone() : request;
  if (sent.credentials !== credentials || sent.keepalive !== keepalive) {
    // To change one thing takes the referrer away.
    sent = new Request(sent, { credentials, referrer, referrerPolicy, keepalive });
  }
  sent.headers.delete('authorization');
  for (let i = 0; i < headers.length; i += 2) sent.headers.set(headers[i], headers[i + 1]);
  sent[OURS] = true;
  return fetch.call(window, sent);
}

export function interceptXhr(isOurs, run) {
  const proto = XMLHttpRequest.prototype;
  const jobs = new WeakMap();
  const gated = new WeakSet();
  const native = {};
  let isOn = true;
  const call = (xhr, name, ...args) => native[name].call(xhr, ...args, OURS);
  // None for calls that a layer above has taken.
  const jobOf = (xhr, args) => (args[args.length - 1] === OURS ? undefined : jobs.get(xhr));
  const covers = {
    open(method, url) {
      const { length, [length - 1]: last, [2]: isAsync, [3]: user, [4]: password } = arguments;
      if (last === OURS) return native.open.apply(this, arguments);
      jobs.get(this)?.end();
      jobs.delete(this);
      delete this.supertokensSessionError;
      const target = address(url);
      if (!isOn || (length > 2 && !isAsync) || !isOurs(target)) return native.open.apply(this, arguments);
      const opening = [method, target, true, user, password];
      const made = job(this, call, opening, (...args) => isOn && run(...args));
      beFirst(this);
      jobs.set(this, made).set(this.upload, made);
      try {
        call(this, 'open', ...opening);
      } catch (error) {
        made.end();
        jobs.delete(this);
        throw error;
      }
    },
    setRequestHeader(name, value) {
      const job = jobOf(this, arguments);
      return job ? job.setHeader(name, value) : native.setRequestHeader.apply(this, arguments);
    },
    send() {
      const job = jobOf(this, arguments);
      return job ? job.send(arguments[0]) : native.send.apply(this, arguments);
    },
    abort() {
      const job = jobOf(this, arguments);
      return job ? job.abort() : native.abort.apply(this, arguments);
    },
    addEventListener() {
      beFirst(this);
      return native.addEventListener.apply(this, arguments);
    },
  };
  // Listeners are called in their order: to keep an event from the app's, ours comes before any of them.
  const gate = event => jobs.get(event.currentTarget)?.gate(event);
  const beFirst = target => {
    if (gated.has(target)) return;
    gated.add(target);
    for (const type of EVENTS) native.addEventListener.call(target, type, gate);
  };
  const parent = XMLHttpRequestEventTarget.prototype;
  const undo = Object.keys(covers).map(name =>
    cover(name === 'addEventListener' ? parent : proto, name, original => {
      native[name] = original;
      return covers[name];
    }),
  );
  for (const type of EVENTS) {
    const setter = original => function (handler) {
      beFirst(this);
      original.call(this, handler);
    };
    undo.push(cover(type === 'readystatechange' ? proto : parent, 'on' + type, setter, 'set'));
  }
  return () => {
    isOn = false;
    undo.forEach(one => one());
  };
}

const EVENTS = ['readystatechange', 'loadstart', 'progress', 'abort', 'error', 'timeout', 'load', 'loadend'];
const { get: readyStateOf } = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, 'readyState');

// The steps of one request: nothing was sent; the app has sent it, and it waits; it is on its way; its answer is kept
// back; the app sees what the browser shows.
const [OPEN, WAITING, SENT, HELD, OVER] = [0, 1, 2, 3, 4];
const LONGEST_TIMER = 2 ** 31 - 1;

// One request of ours. What the browser shows of attempts that are not the last is kept from the app.
function job(xhr, call, opening, run) {
  const headers = [];
  let step = OPEN, shown, held, lost, body, choice, timer, answer, complete, completed;
  let attempts = 0, isPrompt = false, hasStarted = false, isLost = false, isEnded = false;

  const stop = event => event.stopImmediatePropagation();
  const gate = event => {
    const state = readyStateOf.call(xhr);
    if (!event.isTrusted) return;
    if (isLost && event.currentTarget === xhr) {
      isLost = false;
      answer(event.type);
    }
    // From here on the app may open it anew.
    if (state === 4 && event.currentTarget === xhr) complete?.();
    if (step === OVER) return;
    if (event.currentTarget !== xhr) {
      // Of a second attempt, the app has seen it go up.
      if (attempts > 1 || lost) stop(event);
      if (attempts === 1) lost?.push(event.type);
      return;
    }
    if (step === SENT && event.type === 'readystatechange' && state > 1) {
      // Without headers there is no answer, which the app may see at once. The next event tells why.
      if (state > 2) return over(), void (isLost = true);
      [step, shown, held] = [HELD, 1, []];
      answer('');
    }
    if (step === SENT && (event.type !== 'loadstart' || !hasStarted)) {
      hasStarted = true;
      return;
    }
    if (step === OPEN) return;
    stop(event);
    if (step === HELD) held.push([event, state]);
  };

  const show = state => {
    shown = state;
    Object.defineProperty(xhr, 'readyState', { configurable: true, get: () => shown ?? readyStateOf.call(xhr) });
  };
  const over = () => {
    step = OVER;
    clearTimeout(timer);
    if (shown !== undefined) shown = void delete xhr.readyState;
  };
  const end = () => {
    isEnded = true;
    over();
    answer?.('abort');
    complete?.();
  };
  // A timer takes a longer time for none at all.
  const limit = ms => {
    timer = setTimeout(() => {
      if (ms > LONGEST_TIMER) limit(ms - LONGEST_TIMER);
      else if (step !== SENT || attempts > 1 || !isPrompt) collapse('timeout');
    }, Math.min(ms, LONGEST_TIMER));
  };
  // Ends it as the browser would, between two attempts as well.
  const collapse = type => {
    [step, lost] = [WAITING, []];
    call(xhr, 'abort');
    end();
    show(4);
    xhr.dispatchEvent(new Event('readystatechange'));
    for (const one of lost) xhr.upload.dispatchEvent(new ProgressEvent(one === 'abort' ? type : one));
    for (const one of [type, 'loadend']) if (shown === 4) xhr.dispatchEvent(new ProgressEvent(one));
    if (type === 'abort' && shown === 4) shown = 0;
  };

  return {
    gate,
    end() {
      end();
      delete xhr.readyState;
      shown = undefined;
    },
    setHeader(name, value) {
      if (step !== OPEN && step !== OVER) throw new DOMException('The request is sent.', 'InvalidStateError');
      if (step === OPEN && `${name}`.toLowerCase() === CHOICE) return void (choice = value);
      call(xhr, 'setRequestHeader', name, value);
      headers.push([`${name}`, `${value}`]);
    },
    abort() {
      if (step === WAITING || step === HELD) collapse('abort');
      else call(xhr, 'abort');
      if (isLost) answer('abort');
    },
    send(data) {
      if (step !== OPEN && step !== OVER) throw new DOMException('The request is sent.', 'InvalidStateError');
      if (step === OPEN && choice !== 'off') {
        [step, body] = [WAITING, copyOf(data ?? null) ?? data];
        if (xhr.timeout) limit(xhr.timeout);
        show(1);
        const [method, url] = opening;
        if (run(this, method, url, headers.flat(), xhr.withCredentials, choice !== 'once') !== false) {
          isPrompt = attempts > 0;
          if (!hasStarted && step === WAITING) {
            hasStarted = true;
            xhr.dispatchEvent(new ProgressEvent('loadstart'));
          }
          return;
        }
      }
      if (step !== OVER) over();
      call(xhr, 'send', data);
    },
    // Sends it with these headers. The answer is empty, or the event that came in its place.
    attempt(added, isIncluded) {
      if (step === OVER) return Promise.resolve('abort');
      step = WAITING;
      attempts++;
      call(xhr, 'open', ...opening);
      for (const [name, value] of merged(headers, added)) call(xhr, 'setRequestHeader', name, value);
      if (isIncluded) xhr.withCredentials = true;
      completed = new Promise(resolve => { complete = resolve; });
      return new Promise(resolve => {
        answer = resolve;
        step = SENT;
        call(xhr, 'send', body);
      });
    },
    status: () => xhr.status,
    url: () => xhr.responseURL,
    headers: () => xhr.getAllResponseHeaders(),
    // The body as text, once it is there; none where that is longer than `limit`.
    async text(limit) {
      await completed;
      const { response, responseType } = xhr;
      if (isEnded || responseType === 'document') return '';
      const body = responseType === 'json' ? JSON.stringify(response) : response;
      const size = body?.size ?? body?.byteLength ?? body?.length;
      return size > limit ? undefined : new Response(body).text();
    },
    // Shows the app the answer that was kept back.
    release() {
      while (step === HELD && held.length) {
        const [event, state] = held.shift();
        shown = state;
        // Not its own constructor: WebKit's is one that nobody may call.
        const Kind = 'loaded' in event ? ProgressEvent : Event;
        xhr.dispatchEvent(new Kind(event.type, event));
      }
      if (step === HELD) over();
    },
    explain(...all) {
      if (!isEnded) explain({ url: opening[1] }, xhr, ...all);
    },
    fail(type) {
      if (step !== OVER) collapse(type);
    },
  };
}
