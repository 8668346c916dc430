/** Nested values by dotted names: `company.name`. Lists are left out, for nothing can be asked of a list. */
import { LIMITS } from "../../limits.ts";
import { isObject } from "../read/json.ts";

export type Scalar = string | number | boolean | null;

const NAME_CHARS = 100;
/** Deeper is somebody's whole data model, and no property of an event. */
const DEPTH = 4;

/** The first `limit` values; longer text is cut, for it stays what somebody reads. */
export function flatten(
  value: Readonly<Record<string, unknown>>,
  limit: number,
): Record<string, Scalar> {
  const flat = new Map<string, Scalar>();
  collect(value, "", DEPTH, (name, scalar) => {
    if (flat.size < limit) flat.set(name, scalar);
  });
  return Object.fromEntries(flat);
}

function collect(
  value: Readonly<Record<string, unknown>>,
  prefix: string,
  depth: number,
  add: (name: string, scalar: Scalar) => void,
): void {
  for (const [name, inner] of Object.entries(value)) {
    const path = `${prefix}${name}`;
    if (isObject(inner)) {
      if (depth > 1) collect(inner, `${path}.`, depth - 1, add);
    } else if (name !== "__proto__" && path !== "" && path.length <= NAME_CHARS) {
      const scalar = scalarOf(inner);
      if (scalar !== undefined) add(path, scalar);
    }
  }
}

function scalarOf(value: unknown): Scalar | undefined {
  if (typeof value === "string") return value.slice(0, LIMITS.fieldChars).toWellFormed();
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "boolean" || value === null ? value : undefined;
}
