// Starts a server around the SDK of either generation, with its core and its controls.
import { createServer } from "node:http";
import { startCore } from "../core.mjs";
import { buildApp } from "./app.mjs";
import { serveControls, serverControls } from "./controls.mjs";
import { Ledger } from "./ledger.mjs";
import { Mailbox } from "./mailbox.mjs";
import { listen } from "./net.mjs";
import { endWithParent, readOptions } from "./options.mjs";
import { startProvider } from "./provider.mjs";
import { Traffic } from "./traffic.mjs";

export async function run(initSdk, { express, cors }) {
  const options = readOptions();
  endWithParent(options);
  try {
    await start(options, initSdk, { express, cors });
  } catch (error) {
    const isTaken = error.code === "EADDRINUSE";
    console.error(isTaken ? `Port ${error.port} is taken. Choose another, or 0 for a free one.` : error);
    process.exit(1);
  }
}

async function start(options, initSdk, { express, cors }) {
  const { accessTokenSeconds, checkDatabase: checksDatabase, corePort } = options;
  const core = options.coreUrl ? undefined : await startCore({ port: corePort, accessTokenSeconds, checksDatabase });
  const coreUrl = options.coreUrl ?? core.url;
  const traffic = new Traffic();
  const ledger = new Ledger();
  const mailbox = new Mailbox();

  const provider = options.recipes ? await startProvider() : undefined;

  const server = createServer();
  const { url } = await listen(server, options.port);
  const ownsCore = core !== undefined;
  const providerUrl = provider?.url;
  const sdk = initSdk({ options, apiDomain: url, connectionURI: coreUrl, ownsCore, ledger, mailbox, providerUrl });
  server.on("request", buildApp({ express, cors, sdk, options, traffic, ledger, mailbox }));
  await sdk.prepare();
  if (options.seedDemoUsers) {
    for (const email of ["user@example.com", "admin@example.com"]) await sdk.signUp(email, "Passw0rd!");
  }

  const { antiCsrf } = options;
  const info = { ...sdk.info, url, core: coreUrl, realCore: core === undefined, antiCsrf, provider: providerUrl };
  const controls = serverControls({ traffic, ledger, core, mailbox, revoke: sdk.revoke, info });
  const control = await serveControls(controls, options.controlPort);
  console.log(`ready ${url} control ${control.url}`);
}
