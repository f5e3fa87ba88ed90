/**
 * Times the outgoing requests of `fetch`, undici, `http` and `https` in the process that loads it (see preload.cjs),
 * and appends them to the file in WATCHKEEPER_METRICS. `http` and `https` from Node 18.6 on, where they got their
 * channels. HTTP/2 by `node:http2` is not timed.
 *
 * A module must behave the same with and without it. So it only listens, on diagnostics channels and with listeners
 * that change nothing (`errorMonitor` does not count as handling an error, `end` and `close` start no flow), keeps
 * nothing open and nothing alive between two requests, and never throws. What a module could still see: the variable
 * NODE_OPTIONS itself (it stays, so that Node grandchildren are timed too), and one listener more on the `exit` of
 * the process and on the `end` and `close` of an http response.
 *
 * What is measured: from the start of a request to the last byte of its response. A response that the module never
 * reads to its end, or whose rest it gives up (`AbortError`, `body.cancel()`, `response.destroy()`), counts to its
 * headers; it is written when that is known, at the latest when the process exits. A request that has no answer yet
 * when the process exits is not counted. Each hop of a redirect is a request. `"error":true`: no full answer
 * (refused, reset, timed out, aborted before the headers), or an HTTP status of 500 and above; a 4xx is an answer.
 *
 * Each request is one line, appended at once with one write, so that a signal loses none that had ended and the
 * processes and worker threads of a tree can share the file.
 */
'use strict';

const { errorMonitor } = require('node:events');
const channels = require('node:diagnostics_channel');
const { appendRequest, endpointOf } = require('./request-line.cjs');
// Taken at the start: a module may put fake timers in its place.
const hrtime = process.hrtime;

/** What is known of each request that has begun; weak, so that no request lives longer than without us. */
const records = new WeakMap();
/** Records that have headers but no end yet; they hold no request. The oldest are written early past this many. */
const unread = new Set();
const MAX_UNREAD = 10_000;

function nowSeconds() {
  const [seconds, nanoseconds] = hrtime();
  return seconds + nanoseconds / 1e9;
}

function begin(request) {
  // CONNECT opens a tunnel; the request that goes through it is counted by itself.
  if (records.has(request) || request.method === 'CONNECT') return;
  const endpoint = endpointOf(request.method || 'GET', String(request.path));
  records.set(request, { endpoint, startedAt: nowSeconds(), headersAt: null, failed: false, done: false });
}

function answered(request, status) {
  const record = records.get(request);
  // An informational answer (1xx) comes before the real one.
  if (record === undefined || record.done || status < 200) return;
  record.headersAt = nowSeconds();
  record.failed = status >= 500;
  unread.add(record);
  if (unread.size > MAX_UNREAD) finishUnread(unread.values().next().value);
}

function finish(record, endedAt, failed) {
  if (record === undefined || record.done) return;
  record.done = true;
  unread.delete(record);
  appendRequest(record.endpoint, endedAt - record.startedAt, failed);
}

function finishUnread(record) {
  finish(record, record.headersAt, record.failed);
}

function ended(request) {
  const record = records.get(request);
  if (record !== undefined) finish(record, nowSeconds(), record.failed);
}

/** A request that failed, unless it has its headers and the module itself did not want the rest. */
function broken(request, error) {
  const record = records.get(request);
  if (record === undefined) return;
  if (record.headersAt !== null && isGivenUp(error)) finishUnread(record);
  else finish(record, nowSeconds(), true);
}

/** `fetch` gives a text, not an error, for a response that was never read and then collected as garbage. */
function isGivenUp(error) {
  return error === null || typeof error !== 'object' || error.name === 'AbortError';
}

/** Nothing of ours may reach the module, so a failure (a full disk, a file that is gone) loses the figure only. */
function quietly(action) {
  return (...args) => {
    try {
      action(...args);
    } catch {
      // nothing: see above
    }
  };
}

// Kept, because some versions of Node 18 drop a channel that nobody holds, with its subscribers.
const held = [];

function on(name, action) {
  const channel = channels.channel(name);
  held.push(channel);
  channel.subscribe(quietly(action));
}

/** The built-in `fetch` and every undici from npm publish under the same names. */
function watchUndici() {
  on('undici:request:create', ({ request }) => begin(request));
  on('undici:request:headers', ({ request, response }) => answered(request, response.statusCode));
  on('undici:request:trailers', ({ request }) => ended(request));
  on('undici:request:error', ({ request, error }) => broken(request, error));
}

function watchHttp() {
  const begun = ({ request }) => {
    if (records.has(request)) return;
    begin(request);
    request.on(
      errorMonitor,
      quietly(error => broken(request, error)),
    );
  };
  on('http.client.request.created', begun); // newer Node; the next one comes once the request has been handed over
  on('http.client.request.start', begun);
  on('http.client.response.finish', ({ request, response }) => {
    answered(request, response.statusCode); // published with the headers, whatever its name says
    response.on(
      'end',
      quietly(() => ended(request)),
    );
    // Closed without an end: `errored` is set where the connection broke, not where the module called `destroy()`.
    const cause = () => (request.errored ? request.errored : response.errored);
    response.on(
      'close',
      quietly(() => broken(request, cause() || null)),
    );
  });
}

watchUndici();
watchHttp();
process.on(
  'exit',
  quietly(() => unread.forEach(quietly(finishUnread))),
);
