// Each client as `call(url, { method, body, headers, timeout, signal, up })`. It returns `{ status, text }`, or throws
// a `Failure` of a kind: `abort`, `timeout` or `network`.

import * as app from '/app.js';

class Failure extends Error {
  constructor(kind, error) {
    super(`${kind}: ${error?.name} ${error?.message ?? error}`);
    this.kind = kind;
  }
}

// By the browser's names of its errors.
const KINDS = { AbortError: 'abort', TimeoutError: 'timeout', TypeError: 'network' };
const failed = error => {
  throw new Failure(KINDS[error?.name] ?? 'other', error);
};

const byFetch = send => async (url, { timeout, signal, up, ...init } = {}) => {
  init.signal = timeout ? AbortSignal.timeout(timeout) : signal;
  const response = await send(url, init).catch(failed);
  return { status: response.status, text: await response.text() };
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
  // Imported late: without npm it does not exist.
  const { default: axios } = await import('/axios.js');
  const kind = error => {
    if (axios.isCancel(error)) return 'abort';
    return { ECONNABORTED: 'timeout', ETIMEDOUT: 'timeout', ERR_NETWORK: 'network' }[error.code] ?? 'other';
  };
  const response = await axios({
    url, method, headers, timeout, signal, data: body, responseType: 'text',
    transformResponse: text => text, validateStatus: () => true,
    onUploadProgress: up && (event => up(event.loaded, event.total)),
  }).catch(error => {
    throw new Failure(kind(error), error);
  });
  return { status: response.status, text: response.data };
};

// In Firefox a script of WebDriver would import separate modules.
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

// `{ status, text }`, or `{ kind, message }` of an error.
window.call = (client, url, init) =>
  clients[client](url, init).catch(({ kind = 'other', message }) => ({ kind, message }));
