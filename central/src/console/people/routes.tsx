/** @jsxImportSource hono/jsx */
import { roleSchema } from "@regulars/shared/access/roles";
import { LIMITS } from "@regulars/shared/limits";
import { createSerial } from "@regulars/shared/serial";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { hashPassword } from "../../access/password.ts";
import {
  addPerson,
  changePerson,
  type PersonChange,
  readPeople,
  readPerson,
} from "../../access/people.ts";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { csvResponse } from "../csv.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { type NewPersonErrors, NewPersonPage, PasswordPage } from "./new-person-page.tsx";
import { PeoplePage, peopleFile } from "./people-page.tsx";
import { PersonPage } from "./person-page.tsx";

export interface PeopleDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  /** 256 random bits as base64url. */
  readonly drawSecret: () => string;
}

const FORM_BYTES = 8 * 1024;
const limit = bodyLimit({
  maxSize: FORM_BYTES,
  onError: () => {
    throw new Refused("too_large");
  },
});

const listQuery = z.object({
  after: z.string().max(64).default(""),
  csv: z.literal("people").optional(),
});
const nameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(LIMITS.personNameChars)
  .regex(/^[a-z0-9][a-z0-9._@-]+$/);
const passwordSchema = z
  .string()
  .max(LIMITS.passwordMaxChars)
  .refine((text) => text === "" || text.length >= LIMITS.passwordMinChars)
  .default("");
/** A form without a ticked box has no such field, with one a text, with several a list. */
const rolesSchema = z
  .union([z.array(roleSchema), roleSchema.transform((role) => [role])])
  .default([])
  .transform((roles) => roleSchema.options.filter((role) => roles.includes(role)));
const newForm = z.object({
  name: z.string().max(1_000).default(""),
  password: z.string().max(1_000).default(""),
  role: rolesSchema,
});
const changeForm = z.object({ version: z.coerce.number().int().min(1) });
const rolesForm = changeForm.extend({ role: rolesSchema });
const passwordForm = changeForm.extend({ password: z.string().max(1_000).default("") });

const PASSWORD_ERROR = `must have ${LIMITS.passwordMinChars} to ${LIMITS.passwordMaxChars} characters`;
const ROLES_ERROR = "Tick at least one: without a role nobody can do anything here.";
const DONE: Readonly<Record<string, string>> = {
  roles: "The roles are changed, and every session is ended.",
  disable: "The account is disabled, and every session is ended.",
  enable: "The account is enabled.",
  "sign-out": "Every session is ended.",
};

/** Without those that look alike; 20 of 32 letters are 100 bits, in groups, as people read them out. */
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

function passwordOf(secret: string): string {
  const bytes = [...Buffer.from(secret, "base64url").subarray(0, 20)];
  const drawn = bytes.map((byte) => LETTERS[byte % LETTERS.length]);
  return [0, 5, 10, 15].map((at) => drawn.slice(at, at + 5).join("")).join("-");
}

const bodyOf = async (c: Context): Promise<unknown> => c.req.parseBody({ all: true });

export function peopleRoutes({ storage, nowMs, drawSecret }: PeopleDeps): Hono<ConsoleEnv> {
  const routes = new Hono<ConsoleEnv>();
  const door = permit("people.manage");
  /** Two admins at once must not take the last role of an admin from each other. */
  const inTurn = createSerial();

  routes.get("/people", door, async (c) => {
    const { after, csv } = parseRequest(listQuery, c.req.query());
    const page = pageOf(c);
    if (csv !== undefined) {
      if (!page.may("export")) throw new Refused("forbidden");
      const everybody = await readPeople(storage, nowMs(), { after: "", limit: LIMITS.peopleFileRows });
      return csvResponse("people", peopleFile(everybody, nowMs()));
    }
    const read = await readPeople(storage, nowMs(), { after, limit: LIMITS.peopleRows + 1 });
    const people = read.slice(0, LIMITS.peopleRows);
    const next = read.length > people.length ? `/people?after=${people.at(-1)?.id ?? ""}` : null;
    return c.html(<PeoplePage page={page} people={people} next={next} nowMs={nowMs()} />);
  });

  routes.get("/people/new", door, (c) =>
    c.html(<NewPersonPage page={pageOf(c)} name="" roles={["read_only"]} errors={{}} />),
  );

  routes.post("/people/new", door, limit, async (c) => {
    const form = parseRequest(newForm, await bodyOf(c));
    const name = nameSchema.safeParse(form.name);
    const password = passwordSchema.safeParse(form.password);
    const errors: NewPersonErrors = {
      ...(name.success ? {} : { name: "Two characters at least; small letters, digits, and . _ - @" }),
      ...(password.success ? {} : { password: `It ${PASSWORD_ERROR}.` }),
      ...(form.role.length > 0 ? {} : { roles: ROLES_ERROR }),
    };
    const page = pageOf(c);
    if (!name.success || !password.success || form.role.length === 0) {
      return c.html(<NewPersonPage page={page} name={form.name} roles={form.role} errors={errors} />, 422);
    }
    const made = password.data === "" ? passwordOf(drawSecret()) : null;
    const hash = await hashPassword(made ?? password.data, drawSecret());
    const id = `p_${drawSecret().replaceAll(/[_-]/g, "0").slice(0, 16)}`;
    const person = { id, name: name.data, hash, roles: form.role, by: page.person.id };
    await inTurn(() => addPerson(storage, nowMs(), person));
    return c.html(<PasswordPage page={page} id={id} name={name.data} password={made} isNew={true} />, 201);
  });

  async function drawPerson(
    c: Context<ConsoleEnv>,
    errors: { roles?: string; password?: string } = {},
  ) {
    const person = await readPerson(storage, c.req.param("id") ?? "", nowMs());
    if (!person) throw new Refused("not_found");
    const createdBy = await nameOf(storage, person.createdBy);
    const done = DONE[c.req.query("done") ?? ""] ?? null;
    const props = { page: pageOf(c), person, createdBy, nowMs: nowMs(), errors, done };
    return c.html(<PersonPage {...props} />, Object.keys(errors).length === 0 ? 200 : 422);
  }

  routes.get("/people/:id", door, (c) => drawPerson(c));

  const change = (c: Context<ConsoleEnv>, version: number, what: PersonChange): Promise<void> => {
    const request = { id: c.req.param("id") ?? "", version, by: c.get("person").id };
    return inTurn(() => changePerson(storage, nowMs(), request, what));
  };

  routes.post("/people/:id/roles", door, limit, async (c) => {
    const { version, role } = parseRequest(rolesForm, await bodyOf(c));
    if (role.length === 0) return drawPerson(c, { roles: ROLES_ERROR });
    await change(c, version, { change: "roles", roles: role });
    return c.redirect(`/people/${c.req.param("id")}?done=roles`, 303);
  });

  for (const [path, what] of [["disable", "disable"], ["enable", "enable"], ["sign-out", "sign_out"]] as const) {
    routes.post(`/people/:id/${path}`, door, limit, async (c) => {
      const { version } = parseRequest(changeForm, await bodyOf(c));
      await change(c, version, { change: what });
      return c.redirect(`/people/${c.req.param("id")}?done=${path}`, 303);
    });
  }

  routes.post("/people/:id/password", door, limit, async (c) => {
    const form = parseRequest(passwordForm, await bodyOf(c));
    const password = passwordSchema.safeParse(form.password);
    if (!password.success) return drawPerson(c, { password: `It ${PASSWORD_ERROR}.` });
    const person = await readPerson(storage, c.req.param("id"), nowMs());
    if (!person) throw new Refused("not_found");
    const made = password.data === "" ? passwordOf(drawSecret()) : null;
    const hash = await hashPassword(made ?? password.data, drawSecret());
    await change(c, form.version, { change: "password", hash });
    const { id, name } = person;
    return c.html(<PasswordPage page={pageOf(c)} id={id} name={name} password={made} isNew={false} />);
  });
  return routes;
} // prettier-ignore

const BY: Readonly<Record<string, string>> = {
  settings: "the settings",
  provider: "their first sign-in",
};

async function nameOf(storage: Storage, id: string): Promise<string> {
  const words = BY[id];
  if (words !== undefined) return words;
  const [row] = await rowsOf(storage, "select name from person where id = ?", [id]);
  return row ? textOf(row, "name") : id;
}
