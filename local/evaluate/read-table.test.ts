import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CommandFailure } from "../command.ts";
import { readTable, type Table } from "./read-table.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "table-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function tableOf(bytes: string | Buffer): Promise<Table> {
  const path = join(folder, "people.csv");
  await writeFile(path, bytes);
  return readTable(path);
}

async function failureOf(bytes: string | Buffer): Promise<string> {
  const failure: unknown = await tableOf(bytes).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CommandFailure);
  const { message } = failure as Error;
  expect(message).not.toContain("\n");
  expect(message.length).toBeLessThan(200);
  return message;
}

describe("a table", () => {
  test.each([",", ";", "\t", "|"])("parted by %j, empty fields and all", async (sign) => {
    const lines = [
      ["id", "name", "city"],
      ["1", "", "Leeds"],
      ["", "Anna", ""],
      ["2", "", ""],
    ];
    const { columns, rows } = await tableOf(lines.map((line) => line.join(sign)).join("\n"));
    expect([columns, ...rows]).toEqual(lines);
  });

  test("with a mark of its byte order, lines of Windows, quotes, and spaces around", async () => {
    const { columns, rows } = await tableOf(
      '\ufeffid , name\r\n1, "Lee, ""Bob""\nJr" \r\n\r\n2,x\r\n',
    );
    expect(columns).toEqual(["id", "name"]);
    expect(rows).toEqual([
      ["1", 'Lee, "Bob"\nJr'],
      ["2", "x"],
    ]);
  });

  test("packed", async () => {
    expect((await tableOf(gzipSync("id,name\n1,Anna\n"))).rows).toEqual([["1", "Anna"]]);
  });

  test("what files write where they know nothing is nothing", async () => {
    const { rows } = await tableOf("id,a,b,c,d\n1,NULL,n/a,-,\\N\n");
    expect(rows).toEqual([["1", "", "", "", ""]]);
  });

  test("of a header alone has no rows", async () => {
    expect(await tableOf("id,name\n")).toEqual({
      name: "people.csv",
      columns: ["id", "name"],
      rows: [],
    });
  });
});

describe("SEC2 what is wrong with a file is told in one sentence, with its line and without a value", () => {
  test("no line at all", async () => {
    expect(await failureOf("")).toBe("people.csv has no line that names its columns.");
    expect(await failureOf(",,\n1,2,3")).toBe("people.csv has no line that names its columns.");
  });

  test("two columns of one name", async () => {
    expect(await failureOf("id,name,name\n1,a,b")).toContain('two columns of one name: "name"');
  });

  test("bytes that are no UTF-8", async () => {
    const bytes = Buffer.concat([
      Buffer.from("id,name\n1,Anna\n2,M"),
      Buffer.from([0xfc]),
      Buffer.from("ller\n"),
    ]);
    expect(await failureOf(bytes)).toBe("people.csv, line 3: the text is not UTF-8.");
  });

  test("a sign that is cut at the end of the file", async () => {
    expect(await failureOf(Buffer.from("id,name\n1,Ann\u00e9").subarray(0, -1))).toContain(
      "line 2",
    );
  });

  test("a field of 10 MB", async () => {
    const said = await failureOf(`id,name\n1,Anna\n2,${"x".repeat(10 * 1024 * 1024)}\n`);
    expect(said).toBe("people.csv, line 3: the record is larger than 256 KiB.");
  });

  test("a quote that is not closed", async () => {
    expect(await failureOf('id,name\n1,"Anna Secret\n2,x\n')).toMatch(
      /^people\.csv, line \d: a quotation mark is not closed\.$/,
    );
  });

  test("a quote that is not closed in a large file", async () => {
    const said = await failureOf(`id,name\n1,"Anna\n${"2,someone\n".repeat(40_000)}`);
    expect(said).toMatch(/^people\.csv, line \d+: the record is larger than 256 KiB\.$/);
  });

  test("a line with more fields, or fewer, than the first", async () => {
    expect(await failureOf("id,name\n1,Anna\n2,Secret,x\n")).toBe(
      "people.csv, line 3: the number of fields is not that of the first line.",
    );
    expect(await failureOf("id,name\n1\n")).toContain("line 2");
  });

  test("a quote within a field", async () => {
    expect(await failureOf('id,name\n1,Anna "Secret" x\n2,"a" b\n')).not.toContain("Secret");
  });

  test("a file that is not there, or is a folder, or is packed and cut", async () => {
    await expect(readTable(join(folder, "none.csv"))).rejects.toThrow(
      "The file none.csv does not exist.",
    );
    await expect(readTable(folder)).rejects.toThrow("cannot be read (EISDIR)");
    expect(await failureOf(gzipSync("id,name\n1,Anna\n").subarray(0, 20))).toContain(
      "cannot be read",
    );
  });
});
