import { expect, test } from "vitest";
import { providerOf, readSettings } from "./settings.ts";

const ARGS = ["--database", "file:x.db", "--port", "8080", "--edge", "http://127.0.0.1:9"];
const ENVIRONMENT = {
  REGULARS_CENTRAL_TOKEN: "central-token",
  REGULARS_CONSOLE_PASSWORD: "password of the tests",
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
  const oidc = { REGULARS_OIDC_ISSUER: "https://id.example", REGULARS_OIDC_CLIENT_ID: "console", REGULARS_CONSOLE_ORIGIN: "https://c.example" }; // prettier-ignore
  const wrongOidc: [object, string][] = [
    [{ REGULARS_OIDC_ISSUER: "http://id.example" }, "REGULARS_OIDC_ISSUER"], // in clear over the network
    [{ REGULARS_OIDC_CLIENT_ID: undefined }, "REGULARS_OIDC_CLIENT_ID"],
    [{ REGULARS_CONSOLE_ORIGIN: undefined }, "REGULARS_CONSOLE_ORIGIN"],
    [{ REGULARS_CONSOLE_ORIGIN: "https://c.example/console" }, "REGULARS_CONSOLE_ORIGIN"],
    [{ REGULARS_OIDC_ROLES: "operations" }, "REGULARS_OIDC_ROLES"],
    [{ REGULARS_OIDC_ROLES: '{"HQ":"emperor"}' }, "REGULARS_OIDC_ROLES"],
  ];
  for (const [environment, name] of wrongOidc) {
    expect(() => readSettings(ARGS, { ...ENVIRONMENT, ...oidc, ...environment })).toThrow(
      new Error(`The environment variable ${name} is missing or not valid.`),
    );
  }
  expect(() => readSettings([], ENVIRONMENT)).toThrow("The argument --database is missing");
  expect(() => readSettings(["--wrong"], ENVIRONMENT)).toThrow("Unknown option '--wrong'");
});

test("an identity provider is what the settings say of it, with its roles by its own words", () => {
  expect(providerOf(readSettings(ARGS, ENVIRONMENT))).toBeNull();
  const settings = readSettings(ARGS, {
    ...ENVIRONMENT,
    REGULARS_OIDC_ISSUER: "http://127.0.0.1:4000",
    REGULARS_OIDC_CLIENT_ID: "console",
    REGULARS_CONSOLE_ORIGIN: "http://127.0.0.1:8080",
    REGULARS_OIDC_ROLES: '{"HQ":"operations"}',
  });
  expect(providerOf(settings)).toEqual({
    issuer: "http://127.0.0.1:4000",
    clientId: "console",
    clientSecret: undefined,
    origin: "http://127.0.0.1:8080",
    roleClaim: "role",
    roles: { HQ: "operations" },
    scope: "openid profile",
  });
});
