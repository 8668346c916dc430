import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readOptions } from "./options.ts";
import { openRunFolder } from "./run-folder.ts";

describe("a replay's folder", () => {
  let base = "";
  let data = "";
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), "regulars-run-"));
    data = join(base, "data");
    await writeFile(join(base, "retail.csv"), "a file");
  });
  afterEach(() => rm(base, { recursive: true }));

  const open = (...more: string[]) => {
    const input = ["--input", join(base, "retail.csv"), "--format", "online-retail"];
    return openRunFolder(readOptions([...input, "--data", data, ...more]));
  };

  test("of an interrupted run is taken up again with what is in it", async () => {
    const first = await open();
    expect(first.isResumed).toBe(false);
    await writeFile(join(data, "journal"), "kept");
    first.claim.release();
    const again = await open("--rate", "20"); // how fast is not what
    expect(again.isResumed).toBe(true);
    expect(await readdir(data)).toContain("journal");
    again.claim.release();
  });

  test("of a finished run starts empty", async () => {
    const first = await open();
    await writeFile(join(data, "journal"), "old");
    first.finish();
    first.claim.release();
    const again = await open();
    expect(again.isResumed).toBe(false);
    expect(await readdir(data)).not.toContain("journal");
    again.claim.release();
  });

  test("of an unfinished run with other options is refused", async () => {
    (await open()).claim.release();
    await expect(open("--limit", "5")).rejects.toThrow("holds an unfinished replay");
  });

  test("that is somebody else's is refused and left alone", async () => {
    await expect(openRunFolder({ ...optionsIn(base), data: base })).rejects.toThrow(
      "is not empty and holds no replay: choose another folder.",
    );
    expect(await readdir(base)).toEqual(["retail.csv"]);
  });
});

const optionsIn = (base: string) =>
  readOptions(["--input", join(base, "retail.csv"), "--format", "online-retail"]);
