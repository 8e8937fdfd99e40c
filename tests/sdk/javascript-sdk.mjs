// Prints a script for a page: supertokens-website, the JavaScript SDK, as `window.supertokens`.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const { outputFiles } = await build({
  stdin: {
    contents: 'window.supertokens = require("supertokens-website").default;',
    resolveDir: dirname(fileURLToPath(import.meta.url)),
  },
  bundle: true,
  format: "iife",
  write: false,
});
process.stdout.write(outputFiles[0].text);
