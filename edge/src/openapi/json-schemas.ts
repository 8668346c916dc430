/** Schemas in the words of JSON Schema 2020-12, as OpenAPI 3.1 has it. What has a name is written once, and referred to. */
import { z } from "zod";

type Json = Readonly<Record<string, unknown>>;
type Direction = "input" | "output";

export interface JsonSchemas {
  readonly named: Readonly<Record<string, Json>>;
  of(schema: z.ZodType, io: Direction): Json;
}

export function createJsonSchemas(schemas: Readonly<Record<string, z.ZodType>>): JsonSchemas {
  const names = new Map<z.core.$ZodType, string>(
    Object.entries(schemas).map(([name, schema]) => [schema, name]),
  );
  const written = (schema: z.ZodType, io: Direction): Json => {
    const metadata = new Names(names, schema);
    const {
      $schema: _dialect,
      $defs: _named,
      ...rest
    } = z.toJSONSchema(schema, {
      io,
      unrepresentable: "any",
      metadata,
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same, with its references led elsewhere
    return JSON.parse(JSON.stringify(rest).replaceAll('"#/$defs/', `"${SCHEMAS}`)) as Json;
  };
  return {
    named: Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [name, written(schema, "output")]),
    ),
    of(schema, io) {
      const name = names.get(schema);
      return name === undefined ? written(schema, io) : { $ref: `${SCHEMAS}${name}` };
    },
  };
}

const SCHEMAS = "#/components/schemas/";

type Meta = Record<string, unknown>;

/** What is said of schemas, and the names of all but the one that is being written. */
class Names extends z.core.$ZodRegistry<Meta> {
  readonly #names: ReadonlyMap<z.core.$ZodType, string>;
  readonly #root: z.core.$ZodType;

  constructor(names: ReadonlyMap<z.core.$ZodType, string>, root: z.core.$ZodType) {
    super();
    this.#names = names;
    this.#root = root;
  }

  override get(schema: z.core.$ZodType): Meta | undefined {
    const id = schema === this.#root ? undefined : this.#names.get(schema);
    const said = z.globalRegistry.get(schema);
    return id === undefined ? said : { ...said, id };
  }
}
