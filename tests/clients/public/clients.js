// Each client as `call(url, { method, body, headers, timeout, signal, up })`, which gives `{ status, text }`, or throws a
// `Failure` whose kind the client has told in a way of its own: `abort`, `timeout` or `network`.

import * as app from '/app.js';

class Failure extends Error {
  constructor(kind, error) {
    super(`${kind}: ${error?.name} ${error?.message ?? error}`);
    this.kind = kind;
  }
}

// By the names that the browser gives its errors.
const KINDS = { AbortError: 'abort', TimeoutError: 'timeout', TypeError: 'network' };
const failed = error => {
  throw new Failure(KINDS[error?.name] ?? 'other', error);
};

const byFetch = send => async (url, { timeout, signal, up, ...init } = {}) => {
  init.signal = timeout ? AbortSignal.timeout(timeout) : signal;
  const answer = await send(url, init).catch(failed);
  return { status: answer.status, text: await answer.text() };
};

const xhr = (url, { method = 'GET', body, headers = {}, timeout, signal, up } = {}) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    for (const [type, kind] of [['abort', 'abort'], ['timeout', 'timeout'], ['error', 'network']]) {
      request['on' + type] = event => reject(new Failure(kind, { name: event.constructor.name, message: event.type }));
    }
    if (up) request.upload.onprogress = event => up(event.loaded, event.total);
    request.open(method, url);
    for (const name of Object.keys(headers)) request.setRequestHeader(name, headers[name]);
    if (timeout) request.timeout = timeout;
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });

const axios = async (url, { method, body, headers, timeout, signal, up } = {}) => {
  // Asked for late: without npm it is not there.
  const { default: axios } = await import('/axios.js');
  const kind = error => {
    if (axios.isCancel(error)) return 'abort';
    return { ECONNABORTED: 'timeout', ETIMEDOUT: 'timeout', ERR_NETWORK: 'network' }[error.code] ?? 'other';
  };
  const answer = await axios({
    url, method, headers, timeout, signal, data: body, responseType: 'text',
    transformResponse: text => text, validateStatus: () => true,
    onUploadProgress: up && (event => up(event.loaded, event.total)),
  }).catch(error => {
    throw new Failure(kind(error), error);
  });
  return { status: answer.status, text: answer.data };
};

// A script of WebDriver's would import modules of its own in Firefox.
window.app = app;
window.loadSecond = async () => {
  const second = await import('/second/app.js');
  await second.default({ module_or_path: '/second/app_bg.wasm' });
  return second;
};

window.clients = {
  axios,
  xhr,
  fetch: byFetch((url, init) => fetch(url, init)),
  request: byFetch((url, init) => fetch(new Request(url, init))),
  gloo_net: (url, init = {}) => app.callByGlooNet(url, init).catch(failed),
  reqwest: (url, init = {}) => app.callByReqwest(url, init).catch(failed),
};

// `{ status, text }`, or `{ kind, said }` of an error.
window.call = (client, url, init) =>
  clients[client](url, init).catch(({ kind = 'other', message }) => ({ kind, said: message }));
