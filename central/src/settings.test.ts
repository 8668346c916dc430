import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

const ARGS = ["--database", "file:x.db", "--port", "8080", "--edge", "http://127.0.0.1:9"];
const ENVIRONMENT = {
  REGULARS_CENTRAL_TOKEN: "central-token",
  REGULARS_CONSOLE_PASSWORD: "password",
  REGULARS_PEPPER: "pepper",
};

test("what is not said has a careful default: this machine only", () => {
  expect(readSettings(ARGS, ENVIRONMENT)).toMatchObject({
    "--host": "127.0.0.1",
    "--port": 8080,
    "--country": "GB",
    "--log-level": "info",
  });
});

test("SEC2 a setting that is missing or wrong is named in one sentence, without its value", () => {
  const wrong: [string[], object, string][] = [
    [["--edge", "secret"], {}, "The argument --edge is missing or not valid."],
    [["--port", "70000"], {}, "The argument --port is missing or not valid."],
    [["--country", "uk"], {}, "The argument --country is missing or not valid."],
    [["--log-level", "loud"], {}, "The argument --log-level is missing or not valid."],
    [
      [],
      { REGULARS_PEPPER: "" },
      "The environment variable REGULARS_PEPPER is missing or not valid.",
    ],
    [
      [],
      { REGULARS_CENTRAL_TOKEN: undefined },
      "The environment variable REGULARS_CENTRAL_TOKEN is missing or not valid.",
    ],
  ];
  for (const [args, environment, sentence] of wrong) {
    expect(() => readSettings([...ARGS, ...args], { ...ENVIRONMENT, ...environment })).toThrow(
      new Error(sentence),
    );
  }
  expect(() => readSettings([], ENVIRONMENT)).toThrow("The argument --database is missing");
  expect(() => readSettings(["--wrong"], ENVIRONMENT)).toThrow("Unknown option '--wrong'");
});
