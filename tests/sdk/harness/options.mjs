// The flags, each of which an environment variable can set too.
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

export const HELP = `Flags, each with its environment variable:
  --port N                  PORT                  the API (0: a free one)
  --control-port N          CONTROL_PORT          the controls (0: a free one)
  --core-port N             CORE_PORT             the stand-in core (0: a free one)
  --core-url URL            CORE_URL              a real core to use instead of the stand-in
  --anti-csrf MODE          ANTI_CSRF             NONE, VIA_TOKEN or VIA_CUSTOM_HEADER (NONE)
  --access-token-seconds N  ACCESS_TOKEN_SECONDS  lifetime of access tokens, stand-in only (3600)
  --website-domain ORIGIN   WEBSITE_DOMAIN        may be given several times, or separated by commas;
                                                  loopback origins are always allowed
  --cookie-domain D         COOKIE_DOMAIN         as in the SDK; --older-cookie-domain and OLDER_COOKIE_DOMAIN likewise
  --check-database          CHECK_DATABASE=1      ask the core on every call whether the session still exists
  --static-key              STATIC_KEY=1          sign with the static key (current generation only)
  --seed-demo-users         SEED_DEMO_USERS=1     user@example.com and admin@example.com, password Passw0rd!
  --recipes                 RECIPES=1             all sign-in recipes, two tenants, and a stand-in OAuth provider
                                                  (current generation only)
  --stay                    STAY=1                do not end when standard input closes`;

const FLAGS = {
  "port": { type: "string" },
  "control-port": { type: "string" },
  "core-port": { type: "string" },
  "core-url": { type: "string" },
  "anti-csrf": { type: "string" },
  "access-token-seconds": { type: "string" },
  "website-domain": { type: "string", multiple: true },
  "cookie-domain": { type: "string" },
  "older-cookie-domain": { type: "string" },
  "check-database": { type: "boolean" },
  "static-key": { type: "boolean" },
  "seed-demo-users": { type: "boolean" },
  "recipes": { type: "boolean" },
  "stay": { type: "boolean" },
  "help": { type: "boolean" },
};
const MODES = ["NONE", "VIA_TOKEN", "VIA_CUSTOM_HEADER"];

export function readOptions(args = process.argv.slice(2), env = process.env) {
  const flags = parse(args);
  if (flags.help) leave(0, HELP);
  const text = (name) => flags[name] ?? env[name.replaceAll("-", "_").toUpperCase()];
  const isOn = (name) => flags[name] === true || ["1", "true"].includes(text(name));
  const number = (name, otherwise, least) => {
    const value = Number(text(name) ?? otherwise);
    if (!Number.isInteger(value) || value < least) leave(2, `--${name} takes a whole number from ${least} up.`);
    return value;
  };
  const antiCsrf = text("anti-csrf") ?? "NONE";
  if (!MODES.includes(antiCsrf)) leave(2, `--anti-csrf takes ${MODES.join(", ")}.`);
  return {
    port: number("port", 0, 0),
    controlPort: number("control-port", 0, 0),
    corePort: number("core-port", 0, 0),
    coreUrl: text("core-url") || undefined,
    antiCsrf,
    accessTokenSeconds: number("access-token-seconds", 3600, 1),
    websiteDomains: [text("website-domain") ?? []].flat().flatMap((list) => list.split(",")).filter(Boolean),
    cookieDomain: text("cookie-domain") || undefined,
    // An empty value is valid: cookies without a domain.
    olderCookieDomain: text("older-cookie-domain"),
    checkDatabase: isOn("check-database"),
    staticKey: isOn("static-key"),
    seedDemoUsers: isOn("seed-demo-users"),
    recipes: isOn("recipes"),
    stay: isOn("stay"),
  };
}

function parse(args) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    return leave(2, `${error.message}\n\n${HELP}`);
  }
}

function leave(code, text) {
  (code ? console.error : console.log)(text);
  process.exit(code);
}

// The parent process holds the standard input open; when it closes, the server ends.
export function endWithParent({ stay }) {
  const end = () => process.exit(0);
  process.on("SIGTERM", end).on("SIGINT", end);
  if (!stay) process.stdin.on("end", end).on("close", end).on("error", end).resume();
}

export const isProgram = (moduleUrl) => realpathSync(process.argv[1]) === fileURLToPath(moduleUrl);
