/** The Chromium of these tests: the machine's own where there is one, else the one that `npm ci` has brought. */
import { existsSync } from "node:fs";
import packaged from "@sparticuz/chromium";

const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Nothing of the console is drawn by WebGL; without it a picture takes a quarter of the time. */
packaged.setGraphicsMode = false;

/** How it is launched. The packaged one is unpacked by whoever asks first. */
export async function findChromium(): Promise<{ executablePath: string; args: string[] }> {
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed !== undefined) return { executablePath: installed, args: ["--no-sandbox"] };
  return { executablePath: await packaged.executablePath(), args: packaged.args };
}

/** Set up before tests run side by side: two that unpacked it at once would find a half of it. */
export default async function unpack(): Promise<void> {
  await findChromium();
}
