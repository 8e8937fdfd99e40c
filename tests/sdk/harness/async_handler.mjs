// Express 4 does not handle a rejected promise.
export const asyncHandler = (handler) => (request, response, next) => handler(request, response).catch(next);
