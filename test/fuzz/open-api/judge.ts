/** Whether an answer is one that the document promises: its status is named there, and its body has the form. */
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ApiDocument, Operation } from "./document.ts";

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Null where it is; else what is wrong, in words. */
export function createJudge(document: ApiDocument) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  ajv.addSchema(document, "api");
  return (operation: Operation, { status, type, text }: Answer): string | null => {
    if (status >= 500) return `answered ${status}`;
    const name = [String(status), `${String(status)[0]}XX`, "default"].find(
      (each) => each in operation.responses,
    );
    const response = name === undefined ? undefined : operation.responses[name];
    if (name === undefined || !response) return `answered ${status}, which is not documented`;
    const content = response.content ?? {};
    const media = type.split(";")[0]?.trim() ?? "";
    if (Object.keys(content).length === 0) return text === "" ? null : `${status} has a body`;
    const described = content[media];
    if (!described) return `${status} came as ${media || "nothing"}, which is not documented`;
    if (!described.schema || !media.includes("json")) return null;
    const { path, method } = operation;
    const at = pointer("paths", path, method, "responses", name, "content", media, "schema");
    const validate = ajv.getSchema(`api#/${at}`);
    if (!validate) return `the schema of ${status} cannot be read`;
    if (validate(JSON.parse(text))) return null;
    const [error] = validate.errors ?? [];
    return `${status} breaks its schema at ${error?.instancePath || "(root)"}: ${error?.message}`;
  };
}

const pointer = (...steps: readonly string[]): string =>
  steps
    .map((step) => encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1")))
    .join("/");
