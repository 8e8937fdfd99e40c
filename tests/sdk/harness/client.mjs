// For the smoke tests: a server as a child process, and a client with its own cookie jar.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export async function startServer(script, ...flags) {
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
  // Only flags count: environment variables of the caller must not.
  const child = spawn(process.execPath, [path, ...flags], { stdio: ["pipe", "pipe", "inherit"], env: { PATH: process.env.PATH } });
  const line = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (data) => {
      text += data;
      if (text.includes("\n")) resolve(text.split("\n")[0]);
    });
    child.once("exit", (code) => reject(new Error(`${script} ended with ${code}`)));
  });
  const [, url, , control] = line.split(" ");
  return {
    url,
    child,
    ended: new Promise((resolve) => child.once("exit", resolve)),
    stop: () => child.stdin.end(),
    async control(method, path, body) {
      const response = await fetch(control + path, { method, body: body && JSON.stringify(body) });
      const json = await response.json();
      if (!response.ok) throw new Error(`${path}: ${json.message}`);
      return json;
    },
  };
}

export class Browser {
  #cookies = new Map();
  antiCsrf;
  access;
  refreshToken;

  // `mode` is the value of st-auth-mode; undefined omits the header, as the older generation does.
  constructor(url, mode = "cookie") {
    this.url = url;
    this.mode = mode;
  }

  cookie(name) {
    return this.#cookies.get(name)?.value;
  }

  setCookie(name, value, path = "/", expires = Infinity) {
    this.#cookies.set(name, { value, path, expires });
  }

  // A copy of the cookies, to use them later.
  copy() {
    const copy = new Browser(this.url, this.mode);
    copy.#cookies = new Map(this.#cookies);
    const { antiCsrf, access, refreshToken } = this;
    return Object.assign(copy, { antiCsrf, access, refreshToken });
  }

  async call(method, path, { body, headers = {}, rid = "anti-csrf", bearer = this.access } = {}) {
    const sent = { origin: "http://localhost:8080", ...headers };
    if (body !== undefined) sent["content-type"] = "application/json";
    if (rid) sent.rid = rid;
    if (this.mode) sent["st-auth-mode"] = this.mode;
    if (this.antiCsrf) sent["anti-csrf"] = this.antiCsrf;
    if (this.mode === "header" && bearer) sent.authorization = `Bearer ${bearer}`;
    const cookies = [...this.#cookies].filter(([, each]) => path.startsWith(each.path) && each.expires > Date.now());
    if (cookies.length) sent.cookie = cookies.map(([name, { value }]) => `${name}=${value}`).join("; ");
    const response = await fetch(this.url + path, {
      method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body),
    });
    this.#store(response);
    const text = await response.text();
    const header = (name) => response.headers.get(name);
    return { status: response.status, header, cookies: response.headers.getSetCookie(), body: text ? JSON.parse(text) : undefined };
  }

  sign(how, email, password = "Passw0rd!") {
    const formFields = [{ id: "email", value: email }, { id: "password", value: password }];
    return this.call("POST", `/auth/sign${how}`, { body: { formFields }, rid: "emailpassword" });
  }

  refresh() {
    return this.call("POST", "/auth/session/refresh", { rid: "session", bearer: this.refreshToken });
  }

  #store(response) {
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split("; ");
      const [name, ...value] = pair.split("=");
      const attribute = (key) => attributes.find((each) => each.startsWith(`${key}=`))?.slice(key.length + 1);
      const expires = Date.parse(attribute("Expires"));
      if (expires <= Date.now()) this.#cookies.delete(name);
      else this.setCookie(name, value.join("="), attribute("Path"), expires);
    }
    const take = (name, current) => {
      const value = response.headers.get(name);
      return value === null ? current : value || undefined;
    };
    this.access = take("st-access-token", this.access);
    this.refreshToken = take("st-refresh-token", this.refreshToken);
    this.antiCsrf = take("anti-csrf", this.antiCsrf);
  }
}

export const frontToken = (response) => JSON.parse(Buffer.from(response.header("front-token"), "base64").toString());

let users = 0;
export const someone = (name = "user") => `${name}@${(users += 1)}.example.com`;
