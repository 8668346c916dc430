/** @jsxImportSource hono/jsx */
// Sending a processor's file, looking at it, and taking it in.
import type { Storage } from "@regulars/shared/storage/port";
import { zodErrorToProblem } from "@regulars/shared/problem";
import { type Context, Hono } from "hono";
import type { HtmlEscapedString } from "hono/utils/html";
import { permit } from "../../access/permit.ts";
import { Refused } from "../../problem-answer.ts";
import { NotAForm, readFileForm } from "../../reconcile/settlement/multipart.ts";
import { Unreadable } from "../../reconcile/settlement/read-csv.ts";
import { fileRefusalWords } from "../../reconcile/settlement/refusal.ts";
import { readStoreZones } from "../../reconcile/settlement/stores.ts";
import { SameFile, type Upload, type Uploads } from "../../reconcile/settlement/uploads.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { limitedForm } from "../exceptions/form.ts";
import { readNames } from "../exceptions/people.ts";
import { draftOfForm } from "./mapping-form.ts";
import type { UploadRefusal } from "./settlement-page.tsx";
import { UploadPage } from "./upload-page.tsx";
import { UploadState } from "./upload-state.tsx";

export interface UploadRoutesDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly uploads: Uploads;
  /** The page that the file was sent from, with why it cannot be used. */
  readonly drawRefused: (
    c: Context<ConsoleEnv>,
    refusal: UploadRefusal,
  ) => Promise<HtmlEscapedString>;
}

/** Looked through while the browser waits; a larger one while it shows how far it is. */
const SMALL_BYTES = 512 * 1024;

export function uploadRoutes({
  storage,
  nowMs,
  uploads,
  drawRefused,
}: UploadRoutesDeps): Hono<ConsoleEnv> {
  const routes = new Hono<ConsoleEnv>();
  const own = (c: Context<ConsoleEnv>): Upload => {
    const upload = uploads.get(c.req.param("id") ?? "", c.get("person").id);
    if (!upload) throw new Refused("unknown_settlement");
    return upload;
  };

  async function propsOf(c: Context<ConsoleEnv>, upload: Upload, formError: string | null) {
    return {
      page: pageOf(c),
      upload,
      zones: await readStoreZones(storage),
      names: await readNames(storage, [upload.remembered?.by ?? null]),
      today: new Date(nowMs()).toISOString().slice(0, 10),
      formError,
    };
  }

  routes.post("/settlement/files", permit("settlement.import"), async (c) => {
    const by = c.get("person").id;
    try {
      const form = await readFileForm(c.req.header("content-type") ?? "", bodyOf(c));
      const upload = await uploads.add({ by, name: form.name, chunks: form.chunks });
      await soon(upload, uploads.map(upload.id, by, upload.draft));
      return goTo(c, pathOf(upload));
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      if (pageOf(c).isPart) return c.html(<p class="error">{refusal.words}</p>, 200);
      return c.html(await drawRefused(c, refusal), refusal.file === null ? 422 : 409);
    }
  });

  routes.get("/settlement/uploads/:id", permit("settlement.import"), async (c) =>
    c.html(<UploadPage {...await propsOf(c, own(c), null)} />),
  );

  routes.get("/settlement/uploads/:id/state", permit("settlement.import"), async (c) => {
    const upload = own(c);
    const isUnderWay = upload.state.is === "reading" || upload.state.is === "importing";
    // What is done changes the page around it as well.
    if (!isUnderWay) return goTo(c, pathOf(upload));
    return c.html(<UploadState page={pageOf(c)} upload={upload} />);
  });

  routes.post(
    "/settlement/uploads/:id/mapping",
    permit("settlement.import"),
    limitedForm(),
    async (c) => {
      const upload = own(c);
      const { shape } = upload.draft;
      const draft = draftOfForm(await c.req.parseBody(), { shape, header: upload.sample.header });
      if (!draft.success) {
        const fields = zodErrorToProblem(draft.error).errors?.map(
          ({ field, reason }) => `${field} ${reason}`,
        );
        const words = `The form was not used: ${fields?.join(", ") ?? "something in it cannot be read"}.`;
        return c.html(<UploadPage {...await propsOf(c, upload, words)} />, 422);
      }
      await soon(upload, uploads.map(upload.id, upload.by, draft.data));
      return c.redirect(pathOf(upload), 303);
    },
  );

  routes.post(
    "/settlement/uploads/:id/take",
    permit("settlement.import"),
    limitedForm(),
    async (c) => {
      const upload = own(c);
      await soon(upload, uploads.take(upload.id, upload.by));
      return c.redirect(pathOf(upload), 303);
    },
  );

  routes.post(
    "/settlement/uploads/:id/drop",
    permit("settlement.import"),
    limitedForm(),
    async (c) => {
      const upload = own(c);
      await uploads.drop(upload.id, upload.by);
      return c.redirect("/settlement", 303);
    },
  );

  return routes;
}

const pathOf = ({ id }: Upload): string => `/settlement/uploads/${id}`;

async function soon(upload: Upload, work: Promise<void>): Promise<void> {
  if (upload.bytes <= SMALL_BYTES) await work;
}

/** htmx follows a redirect by itself and would draw the page into a part of this one. */
function goTo(c: Context<ConsoleEnv>, path: string): Response {
  return pageOf(c).isPart ? c.body(null, 200, { "hx-redirect": path }) : c.redirect(path, 303);
}

function bodyOf(c: Context): AsyncIterable<Uint8Array> {
  const { body } = c.req.raw;
  if (!body) throw new NotAForm("no body");
  return body;
}

function refusalOf(error: unknown): UploadRefusal | null {
  if (error instanceof SameFile) {
    return { words: fileRefusalWords(error.refusal), file: error.refusal.file ?? null };
  }
  if (error instanceof Unreadable) return { words: fileRefusalWords(error.refusal), file: null };
  return error instanceof NotAForm
    ? { words: "No file came. Choose one, and send it again.", file: null }
    : null;
}
