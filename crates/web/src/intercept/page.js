// The part of interception that needs `this`, `arguments` and DOM events. Rust decides which requests are sent, and
// which responses the app sees.

// The mark of every copy of this library on the page: on a request that it handles, and on a function that it installs.
const MARK = Symbol.for('supertokens-leptos');
// The header that turns off interception (`off`) or the retry (`once`) for one request. It never reaches the server.
const MODE_HEADER = 'supertokens-interception';

const absoluteUrl = url => {
  try {
    return new URL(url, document.baseURI).href;
  } catch {
    return '';
  }
};

// Wraps a function or a setter. The returned function removes the wrapper.
function wrap(target, name, makeWrapper, slot = 'value') {
  const descriptor = () => Object.getOwnPropertyDescriptor(target, name);
  const layer = { on: true, before: descriptor() };
  const wrapper = makeWrapper(layer.before ? layer.before[slot] : target[name], layer);
  wrapper[MARK] = layer;
  const inherited = { configurable: true, enumerable: true, writable: true };
  Object.defineProperty(target, name, { ...(layer.before ?? inherited), [slot]: wrapper });
  return () => {
    layer.on = false;
    // A wrapper that other code installed on top stays and calls this one, which then passes all calls through.
    for (let top; (top = descriptor()?.[slot]?.[MARK]) && !top.on; ) {
      if (top.before) Object.defineProperty(target, name, top.before);
      else delete target[name];
    }
  };
}

// The interface of an object. `instanceof` fails for objects of other windows.
const kindOf = value => Object.prototype.toString.call(value).slice(8, -1);

export function interceptFetch(isApiUrl, sendWithSession) {
  return wrap(window, 'fetch', (original, layer) => function fetch(input) {
    const init = arguments[1];
    const isRequest = kindOf(input) === 'Request';
    const url = isRequest ? input.url : absoluteUrl(input);
    if (!layer.on || input?.[MARK] || init?.[MARK] || !isApiUrl(url)) return original.apply(this, arguments);
    return new Promise((resolve, reject) => {
      const body = init?.body ?? null;
      const isStream = body ? kindOf(body) === 'ReadableStream' : isRequest && hasStream(input);
      const setsCredentials = init?.credentials !== undefined || (isRequest && input.credentials !== 'same-origin');
      const request = (!isRequest && snapshot(url, init, body)) || new Request(isRequest ? input : url, init);
      const { headers, signal } = request;
      const mode = headers.get(MODE_HEADER);
      headers.delete(MODE_HEADER);
      // In Firefox a clone of a request loses `keepalive`.
      request[MARK] = { keepalive: init?.keepalive ?? (isRequest && input.keepalive) };
      if (mode === 'off') {
        const result = request.init ? sendInit(original, request, [...headers].flat()) : original.call(window, request);
        return resolve(result);
      }
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => reject(signal.reason);
      signal?.addEventListener('abort', abort);
      const removeListener = () => signal?.removeEventListener('abort', abort);
      sendWithSession(request, setsCredentials, isStream, mode !== 'once').then(resolve, reject).then(removeListener);
    });
  });
}

// Copies the arguments of a call, since the app may change them afterwards. `undefined` if only the browser can read
// them: then a `Request` is sent, whose body mocks of `fetch` and developer tools can't read.
function snapshot(url, init, body) {
  const prototype = init ? Object.getPrototypeOf(init) : null;
  const copy = copyBody(body);
  if (copy === undefined || (prototype && Object.getPrototypeOf(prototype))) return;
  const headers = new Headers(init?.headers);
  const { method = 'GET', credentials, signal } = init ?? {};
  // Mocks may expect the headers in the form that the app passed: a plain object or a `Headers`.
  const isRecord = !init?.headers?.[Symbol.iterator];
  const ownHeaders = isRecord ? Object.entries(init?.headers ?? {}) : [...headers];
  const sent = { ...init, method: `${method}` };
  if (body !== null) sent.body = copy;
  return { url, method: sent.method, headers, credentials, signal, ownHeaders, isRecord, init: sent };
}

// Copies a body, since the app may change it afterwards. `undefined` if only the browser can read it.
function copyBody(body) {
  if (body === null || typeof body === 'string') return body;
  if (ArrayBuffer.isView(body)) {
    const { buffer, byteOffset, byteLength } = body;
    return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength));
  }
  switch (kindOf(body)) {
    // No script can change these.
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

// Whether a request's body was created from a stream: the browser refuses to make such a request `no-cors`.
export function hasStream(request) {
  // `request.body` can't be checked first: in WebKit that read turns any body into a stream.
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

// Reports why a request failed: on the object that the caller gets, and with an event of the page.
export function reportFailure({ url, signal }, target, code, message, status) {
  // The caller aborted the request, so the session is not the reason.
  if (signal?.aborted) return;
  try {
    target.supertokensSessionError = { code, message };
  } catch {
    // `target` is frozen, or not an object.
  }
  const { origin, pathname } = new URL(url);
  const detail = { code, message, status, url: origin + pathname };
  window.dispatchEvent(new CustomEvent('supertokens-session-error', { detail }));
}

// The app's headers with others added. An added header replaces the app's header of that name.
function mergeHeaders(ownHeaders, added) {
  const pairs = [];
  for (let i = 0; i < added.length; i += 2) pairs.push([added[i], added[i + 1]]);
  const replaced = ['authorization', MODE_HEADER, ...pairs.map(([name]) => name)];
  return ownHeaders.filter(([name]) => !replaced.includes(name.toLowerCase())).concat(pairs);
}

function sendInit(fetch, { url, ownHeaders, isRecord, init }, added, includesCredentials) {
  const headers = mergeHeaders(ownHeaders, added);
  const sent = { ...init, headers: isRecord ? Object.fromEntries(headers) : new Headers(headers), [MARK]: true };
  if (includesCredentials) sent.credentials = 'include';
  return fetch.call(window, url, sent);
}

// Sends a request with added headers. `sendsCopy`: a retry may follow, so the request's body has to stay unread.
export function send(fetch, request, sendsCopy, includesCredentials, headers) {
  if (request.init) return sendInit(fetch, request, headers, includesCredentials);
  const { method, referrer, referrerPolicy } = request;
  const keepalive = request[MARK]?.keepalive ?? request.keepalive;
  const credentials = includesCredentials ? 'include' : request.credentials;
  // `new Request` below makes a copy too, but it takes the body away from the original. A GET has no body to lose.
  const isCopiedBelow = request.credentials !== credentials && (method === 'GET' || method === 'HEAD');
  let sent = sendsCopy && !isCopiedBelow ? request.clone() : request;
  if (sent.credentials !== credentials || sent.keepalive !== keepalive) {
    // `new Request` with any option resets the referrer.
    sent = new Request(sent, { credentials, referrer, referrerPolicy, keepalive });
  }
  sent.headers.delete('authorization');
  for (let i = 0; i < headers.length; i += 2) sent.headers.set(headers[i], headers[i + 1]);
  sent[MARK] = true;
  return fetch.call(window, sent);
}

export function interceptXhr(isApiUrl, sendWithSession) {
  const proto = XMLHttpRequest.prototype;
  const intercepted = new WeakMap();
  const filtered = new WeakSet();
  const native = {};
  let isOn = true;
  const callNative = (xhr, name, ...args) => native[name].call(xhr, ...args, MARK);
  // `undefined` if another copy of this library, installed on top, handles the call.
  const requestOf = (xhr, args) => (args[args.length - 1] === MARK ? undefined : intercepted.get(xhr));
  const methods = {
    open(method, url) {
      const { length, [length - 1]: last, [2]: isAsync, [3]: user, [4]: password } = arguments;
      if (last === MARK) return native.open.apply(this, arguments);
      intercepted.get(this)?.end();
      intercepted.delete(this);
      delete this.supertokensSessionError;
      const target = absoluteUrl(url);
      if (!isOn || (length > 2 && !isAsync) || !isApiUrl(target)) return native.open.apply(this, arguments);
      const openArguments = [method, target, true, user, password];
      const run = (...args) => isOn && sendWithSession(...args);
      const request = interceptedXhr(this, callNative, openArguments, run);
      installFilter(this);
      intercepted.set(this, request).set(this.upload, request);
      try {
        callNative(this, 'open', ...openArguments);
      } catch (error) {
        request.end();
        intercepted.delete(this);
        throw error;
      }
    },
    setRequestHeader(name, value) {
      const request = requestOf(this, arguments);
      return request ? request.setHeader(name, value) : native.setRequestHeader.apply(this, arguments);
    },
    send() {
      const request = requestOf(this, arguments);
      return request ? request.send(arguments[0]) : native.send.apply(this, arguments);
    },
    abort() {
      const request = requestOf(this, arguments);
      return request ? request.abort() : native.abort.apply(this, arguments);
    },
    addEventListener() {
      installFilter(this);
      return native.addEventListener.apply(this, arguments);
    },
  };
  // The browser calls listeners in the order of their registration. Only the first can hide an event from the app's.
  const filter = event => intercepted.get(event.currentTarget)?.filter(event);
  const installFilter = target => {
    if (filtered.has(target)) return;
    filtered.add(target);
    for (const type of EVENTS) native.addEventListener.call(target, type, filter);
  };
  const parent = XMLHttpRequestEventTarget.prototype;
  const undo = Object.keys(methods).map(name =>
    wrap(name === 'addEventListener' ? parent : proto, name, original => {
      native[name] = original;
      return methods[name];
    }),
  );
  for (const type of EVENTS) {
    const setter = original => function (handler) {
      installFilter(this);
      original.call(this, handler);
    };
    undo.push(wrap(type === 'readystatechange' ? proto : parent, 'on' + type, setter, 'set'));
  }
  return () => {
    isOn = false;
    undo.forEach(remove => remove());
  };
}

const EVENTS = ['readystatechange', 'loadstart', 'progress', 'abort', 'error', 'timeout', 'load', 'loadend'];
const { get: readyStateOf } = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, 'readyState');

// The phases of one request:
// - OPENED: the app has not called `send`.
// - WAITING: the app has called `send`, and no attempt is under way.
// - SENT: an attempt is under way.
// - HELD: the attempt has a response, whose events are hidden from the app until `release`.
// - PASSTHROUGH: the app sees every event of the browser.
const [OPENED, WAITING, SENT, HELD, PASSTHROUGH] = [0, 1, 2, 3, 4];
const MAX_TIMER_MS = 2 ** 31 - 1;

// One `XMLHttpRequest` to the API. The app sees the events of the last attempt only.
function interceptedXhr(xhr, callNative, openArguments, run) {
  const headers = [];
  let phase = OPENED, shownState, heldEvents, abortedUploads, body, mode, timer, settle, complete, completed;
  let attempts = 0, isSentAtOnce = false, hasLoadstart = false, hasFailed = false, isEnded = false;

  const stop = event => event.stopImmediatePropagation();
  const filter = event => {
    const state = readyStateOf.call(xhr);
    if (!event.isTrusted) return;
    if (hasFailed && event.currentTarget === xhr) {
      hasFailed = false;
      settle(event.type);
    }
    // After this event the app may open the object again.
    if (state === 4 && event.currentTarget === xhr) complete?.();
    if (phase === PASSTHROUGH) return;
    if (event.currentTarget !== xhr) {
      // The app saw the upload events of the first attempt, so those of a retry are hidden.
      if (attempts > 1 || abortedUploads) stop(event);
      if (attempts === 1) abortedUploads?.push(event.type);
      return;
    }
    if (phase === SENT && event.type === 'readystatechange' && state > 1) {
      // Without the state 2 (headers) there is no response to hide. The type of the next event is the reason.
      if (state > 2) return passThrough(), void (hasFailed = true);
      [phase, shownState, heldEvents] = [HELD, 1, []];
      settle('');
    }
    if (phase === SENT && (event.type !== 'loadstart' || !hasLoadstart)) {
      hasLoadstart = true;
      return;
    }
    if (phase === OPENED) return;
    stop(event);
    if (phase === HELD) heldEvents.push([event, state]);
  };

  const show = state => {
    shownState = state;
    Object.defineProperty(xhr, 'readyState', { configurable: true, get: () => shownState ?? readyStateOf.call(xhr) });
  };
  const passThrough = () => {
    phase = PASSTHROUGH;
    clearTimeout(timer);
    if (shownState !== undefined) shownState = void delete xhr.readyState;
  };
  const end = () => {
    isEnded = true;
    passThrough();
    settle?.('abort');
    complete?.();
  };
  // `setTimeout` fires at once for a time over `MAX_TIMER_MS`.
  const startTimeout = ms => {
    timer = setTimeout(() => {
      if (ms > MAX_TIMER_MS) startTimeout(ms - MAX_TIMER_MS);
      else if (phase !== SENT || attempts > 1 || !isSentAtOnce) endWith('timeout');
    }, Math.min(ms, MAX_TIMER_MS));
  };
  const checkIsNotSent = () => {
    const isSent = phase !== OPENED && phase !== PASSTHROUGH;
    if (isSent) throw new DOMException('The request is sent.', 'InvalidStateError');
  };
  // Emits the events with which the browser ends a request. It also works between two attempts.
  const endWith = type => {
    [phase, abortedUploads] = [WAITING, []];
    callNative(xhr, 'abort');
    end();
    show(4);
    xhr.dispatchEvent(new Event('readystatechange'));
    for (const name of abortedUploads) xhr.upload.dispatchEvent(new ProgressEvent(name === 'abort' ? type : name));
    // A listener may open the object again; then `shownState` is no longer 4.
    for (const name of [type, 'loadend']) if (shownState === 4) xhr.dispatchEvent(new ProgressEvent(name));
    if (type === 'abort' && shownState === 4) shownState = 0;
  };

  return {
    filter,
    end() {
      end();
      delete xhr.readyState;
      shownState = undefined;
    },
    setHeader(name, value) {
      checkIsNotSent();
      if (phase === OPENED && `${name}`.toLowerCase() === MODE_HEADER) return void (mode = value);
      callNative(xhr, 'setRequestHeader', name, value);
      headers.push([`${name}`, `${value}`]);
    },
    abort() {
      if (phase === WAITING || phase === HELD) endWith('abort');
      else callNative(xhr, 'abort');
      if (hasFailed) settle('abort');
    },
    send(data) {
      checkIsNotSent();
      if (phase === OPENED && mode !== 'off') {
        [phase, body] = [WAITING, copyBody(data ?? null) ?? data];
        if (xhr.timeout) startTimeout(xhr.timeout);
        show(1);
        const [method, url] = openArguments;
        if (run(this, method, url, headers.flat(), xhr.withCredentials, mode !== 'once') !== false) {
          isSentAtOnce = attempts > 0;
          if (!hasLoadstart && phase === WAITING) {
            hasLoadstart = true;
            xhr.dispatchEvent(new ProgressEvent('loadstart'));
          }
          return;
        }
      }
      if (phase !== PASSTHROUGH) passThrough();
      callNative(xhr, 'send', data);
    },
    // Sends the request with added headers. Resolves to an empty text, or to the event that ended the attempt.
    attempt(added, includesCredentials) {
      if (phase === PASSTHROUGH) return Promise.resolve('abort');
      phase = WAITING;
      attempts++;
      callNative(xhr, 'open', ...openArguments);
      for (const [name, value] of mergeHeaders(headers, added)) callNative(xhr, 'setRequestHeader', name, value);
      if (includesCredentials) xhr.withCredentials = true;
      completed = new Promise(resolve => { complete = resolve; });
      return new Promise(resolve => {
        settle = resolve;
        phase = SENT;
        callNative(xhr, 'send', body);
      });
    },
    status: () => xhr.status,
    url: () => xhr.responseURL,
    headers: () => xhr.getAllResponseHeaders(),
    // Resolves to the body as text; `undefined` if the body is longer than `limit`.
    async text(limit) {
      await completed;
      const { response, responseType } = xhr;
      if (isEnded || responseType === 'document') return '';
      const body = responseType === 'json' ? JSON.stringify(response) : response;
      const size = body?.size ?? body?.byteLength ?? body?.length;
      return size > limit ? undefined : new Response(body).text();
    },
    // Emits the held events to the app.
    release() {
      while (phase === HELD && heldEvents.length) {
        const [event, state] = heldEvents.shift();
        shownState = state;
        // `event.constructor` does not work: in WebKit it throws.
        const Kind = 'loaded' in event ? ProgressEvent : Event;
        xhr.dispatchEvent(new Kind(event.type, event));
      }
      if (phase === HELD) passThrough();
    },
    reportFailure(...args) {
      if (!isEnded) reportFailure({ url: openArguments[1] }, xhr, ...args);
    },
    fail(type) {
      if (phase !== PASSTHROUGH) endWith(type);
    },
  };
}
