import { describe, expect, test } from "vitest";
import { CommandFailure } from "../command.ts";
import {
  type EvaluatedRecord,
  idsOf,
  readRecords,
  type RecordsRequest,
  ROW_NUMBER,
} from "./read-records.ts";
import type { Table } from "./read-table.ts";

const table = (columns: string, ...rows: readonly string[]): Table => ({
  name: "people.csv",
  columns: columns.split(","),
  rows: rows.map((row) => row.split(",")),
});

const told: string[] = [];
const request = (some: Partial<RecordsRequest> = {}): RecordsRequest => ({
  id: "id",
  hidden: [],
  mapping: undefined,
  country: "GB",
  today: "2026-11-25",
  tell: (sentence) => told.push(sentence),
  ...some,
});
const read = (
  tables: readonly Table[],
  some?: Partial<RecordsRequest>,
): Promise<EvaluatedRecord[]> => readRecords(tables, request(some));

async function failureOf(
  tables: readonly Table[],
  some?: Partial<RecordsRequest>,
): Promise<string> {
  const failure: unknown = await read(tables, some).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CommandFailure);
  const { message } = failure as Error;
  expect(message).not.toMatch(/\n|secret/);
  return message;
}

describe("ids of records", () => {
  test("stand in a column, or are the numbers of the rows", () => {
    const people = table("id,email", "a,x", "b,y");
    expect(idsOf([people], "id")).toEqual([["a", "b"]]);
    expect(idsOf([people], ROW_NUMBER)).toEqual([["1", "2"]]);
  });

  test("of two files that know the same ones have the file's number before them", () => {
    const people = table("id,email", "a,x", "b,y");
    expect(idsOf([people, table("id", "b", "c")], "id")).toEqual([
      ["1/a", "1/b"],
      ["2/b", "2/c"],
    ]);
    expect(idsOf([people, table("id", "c")], "id")).toEqual([["a", "b"], ["c"]]);
    expect(idsOf([people, people], ROW_NUMBER)).toEqual([
      ["1/1", "1/2"],
      ["2/1", "2/2"],
    ]);
  });

  test("SEC2 in no column are told with the columns that there are", async () => {
    expect(await failureOf([table("key,email", "secret,secret")])).toBe(
      'people.csv has no column "id"; it has: key, email.',
    );
  });

  test("SEC2 that are empty or there twice are told with their record, without their value", async () => {
    expect(await failureOf([table("id,email", "a,x", ",secret")])).toBe(
      'people.csv, record 2: the column "id" is empty.',
    );
    expect(await failureOf([table("id,email", "secret,x", "b,y", "secret,z")])).toBe(
      'people.csv, record 3: the id in "id" was there before.',
    );
  });
});

describe("records of a file", () => {
  test("say what their columns say, and name the values they are known by", async () => {
    const [record] = await read([
      table(
        "id,first_name,surname,email,phone,loyalty_card",
        "a,Anna,Lee,Anna@Example.com,07700 900123,12345670",
      ),
    ]);
    expect(record).toMatchObject({
      id: "a",
      source: "1",
      features: {
        given: ["anna"],
        family: ["lee"],
        email: "anna@example.com",
        phone: "+447700900123",
      },
      values: { loyalty: "12345670", email: "anna@example.com", phone: "+447700900123" },
    });
    expect(told.join(" ")).not.toContain("Anna");
  });

  test("are not read from id and truth, even if their names promise something", async () => {
    const [record] = await read([table("email,phone,surname", "a@x.com,07700900123,Lee")], {
      id: "email",
      hidden: ["phone"],
    });
    expect(record?.features).toMatchObject({ email: "", phone: "", family: ["lee"] });
    expect(record?.values).toEqual({ loyalty: null, email: null, phone: null });
  });

  test("of two files come from two sources, each with its own columns", async () => {
    const records = await read([table("id,surname", "a,Lee"), table("id,Nachname", "a,Lee")]);
    expect(records.map(({ id, source }) => [id, source])).toEqual([
      ["1/a", "1"],
      ["2/a", "2"],
    ]);
    expect(records[1]?.features.family).toEqual(["lee"]);
  });

  test("dates are read as the whole column writes them", async () => {
    const [first] = await read([table("id,dob", "a,04/05/1980", "b,05/25/1980")]);
    expect(first?.features.birth).toBe("1980-04-05");
  });

  test("a file without a column that tells people apart is told so", async () => {
    expect(await failureOf([table("id,city,colour", "a,Leeds,red")])).toContain(
      "no column by which people could be told apart",
    );
  });

  test("a header alone gives no records", async () => {
    expect(await read([table("id,email")])).toEqual([]);
  });
});
