// Loads the contender that the URL names, and runs the commands of the driver or of another tab.

import { cookies, decode, encode, save, write } from "./session.js";

const api = location.origin;
const asked = new URLSearchParams(location.search);
const mode = asked.get("mode") ?? "cookie";
const realFetch = window.fetch.bind(window);
let contender = {}, memory = null;

/** Responds at once, so that only the contender's own work is measured. */
const stub = () => Promise.resolve(new Response("[]", { headers: { "content-type": "application/json" } }));

async function start() {
  const name = asked.get("contender");
  if (!name) return {};
  const authorization = cookies()["st-access-token"];
  const module = await import("/contenders/" + name + ".js");
  memory = (await module.load?.()) ?? null;
  if (asked.has("stub")) window.fetch = stub;
  const before = performance.now();
  contender = await module.make(api, mode, authorization && "Bearer " + authorization);
  const init = performance.now() - before;
  if (contender.exists) await contender.exists(1);
  return { init, known: performance.now() };
}

async function timed(method, ...args) {
  const before = performance.now();
  const good = await contender[method](...args);
  return { ms: performance.now() - before, good };
}

const commands = {
  started: () => started,
  timed,
  hidden: () => document.visibilityState === "hidden",
  wasm: () => memory?.buffer.byteLength ?? 0,

  async signIn() {
    const fields = [{ id: "email", value: "user@example.com" }, { id: "password", value: "Passw0rd!" }];
    const headers = { "content-type": "application/json", "st-auth-mode": mode };
    const response = await realFetch("/auth/signin", { method: "POST", headers, body: JSON.stringify({ formFields: fields }) });
    save(response);
    return (await response.json()).status;
  },

  /** Lets the front token say that the access token has expired. */
  age() {
    const front = decode(cookies().sFrontToken);
    write("sFrontToken", encode({ ...front, ate: Date.now() - 1000 }));
    return document.cookie.length;
  },

  /** Makes the payload as large as one cookie takes; false makes it small again. */
  grow(bytes) {
    const front = decode(cookies().sFrontToken);
    const { filler, ...up } = front.up;
    const missing = bytes - JSON.stringify({ ...up, filler: "" }).length;
    // Like a real payload, this has many short claims instead of one long text.
    const claims = Array.from({ length: Math.max(0, Math.floor(missing / 12)) }, (_, n) => "claim:" + String(n).padStart(3, "0"));
    write("sFrontToken", encode({ ...front, up: missing > 0 ? { ...up, filler: claims } : up }));
    return JSON.stringify(decode(cookies().sFrontToken).up).length;
  },

  /** Has other tabs do it, all at once; the time until the last of them is done. */
  ask(tabs, method, ...args) {
    const id = Math.random(), left = new Set(tabs);
    return new Promise((resolve, reject) => {
      const before = performance.now();
      let good = 0;
      const receive = ({ data }) => {
        if (data.responseTo !== id) return;
        if (data.error) reject(new Error(data.error));
        good += data.good ?? 0;
        left.delete(data.from);
        if (left.size === 0) {
          channel.removeEventListener("message", receive);
          resolve({ ms: performance.now() - before, good });
        }
      };
      channel.addEventListener("message", receive);
      channel.postMessage({ id, tabs, method, args });
    });
  },
};

const channel = new BroadcastChannel("bench");
channel.addEventListener("message", async ({ data }) => {
  const from = asked.get("tab");
  if (!data.tabs?.includes(from)) return;
  try {
    const result = await (commands[data.method] ?? ((...args) => timed(data.method, ...args).then(({ good }) => good)))(...data.args);
    channel.postMessage({ responseTo: data.id, from, good: Number(result) });
  } catch (error) {
    channel.postMessage({ responseTo: data.id, from, error: String(error) });
  }
});

const started = start();
window.bench = async (command, ...args) => commands[command](...args);
