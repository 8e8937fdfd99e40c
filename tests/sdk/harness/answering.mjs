// Express 4 does not look after a rejected promise.
export const answering = (handler) => (request, response, next) => handler(request, response).catch(next);
