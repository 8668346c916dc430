import { createRequire } from "node:module";
const require = createRequire("/work/h-customers/package.json");
const { chromium } = require("playwright-core");
const packaged = require("@sparticuz/chromium").default ?? require("@sparticuz/chromium");
import { existsSync } from "node:fs";
const [, , name, path, width = "1280", scheme = "light", js = ""] = process.argv;
const exe = existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : await packaged.executablePath();
const b = await chromium.launch({
  executablePath: exe,
  args: exe.startsWith("/usr") ? ["--no-sandbox"] : packaged.args,
});
const p = await (
  await b.newContext({ viewport: { width: +width, height: 900 }, colorScheme: scheme })
).newPage();
p.on("console", (m) => m.type() === "error" && console.log("console:", m.text()));
await p.goto("http://127.0.0.1:4999" + path);
if (js) await new Function("p", "return (async()=>{" + js + "})()")(p);
await p.screenshot({ path: `/tmp/hc-${name}.png`, fullPage: true });
console.log(p.url());
await b.close();
