/** The edge: its objects as production builds them, the calls between them, and the routes of tills and centre. */
import { contentDigestOf } from "@regulars/shared/content-digest";
import { identityKeysOf } from "@regulars/shared/identity/key";
import { type Problem, PROBLEMS, problemOf } from "@regulars/shared/problem";
import { lookupSchema } from "@regulars/shared/protocol/lookup";
import { publishSchema } from "@regulars/shared/protocol/publish";
import { pullSchema } from "@regulars/shared/protocol/pull";
import { pushSchema } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { compareProfilesSchema, mendSchema } from "@regulars/shared/compare/messages";
import { createCentral } from "../../edge/src/central.ts";
import { compareProfiles, mendProfiles } from "../../edge/src/compare/compare.ts";
import { createDirectory } from "../../edge/src/directory/directory.ts";
import { createShardedDirectory } from "../../edge/src/directory/sharded.ts";
import type { Env } from "../../edge/src/environment.ts";
import { createInbox, type InboxMachine } from "../../edge/src/inbox/inbox.ts";
import { createProfileShard } from "../../edge/src/profile/shard.ts";
import { createShardedProfiles } from "../../edge/src/profile/sharded.ts";
import { applyDecisions } from "../../edge/src/publish/apply-decisions.ts";
import { readBody } from "../../edge/src/read-body.ts";
import { inWordsOf } from "../../edge/src/inbox/words.ts";
import { findProfile } from "../../edge/src/serve/read-profile.ts";
import { createStores } from "../../edge/src/stores.ts";
import { sweep } from "../../edge/src/sweep/sweep.ts";
import { wholeEdge } from "../../edge/src/whole-edge.ts";
import { createObject, type ObjectHost, ObjectReset } from "./durable-object.ts";
import { type Answer, arrivedRequest, type Request, type Server } from "./network.ts";
import { IDENTITY, TOKEN, type WorldParts } from "./parts.ts";
import type { Process } from "./process.ts";

export const SHARDS = { profile: 2, directory: 2 };

/** Less than in a shop, where a minute is nothing. */
const QUIET_NOTICE_MS = 900;

export interface EdgeDeps extends WorldParts {
  readonly stores: readonly string[];
  readonly centre: Server;
  /** Tills of the store should pull. */
  readonly poke: (store: string) => void;
}

type Directory = ReturnType<typeof createDirectory>;
type ProfileShard = ReturnType<typeof createProfileShard>;
type Host = ObjectHost<InboxMachine> | ObjectHost<Directory> | ObjectHost<ProfileShard>;

export interface Edge {
  readonly serve: Server;
  readonly inboxes: ReadonlyMap<string, ObjectHost<InboxMachine>>;
  readonly directories: readonly ObjectHost<Directory>[];
  readonly profiles: readonly ObjectHost<ProfileShard>[];
  readonly env: Env;
  /** Of calls between objects, this share fails, before or after it took effect. */
  setInnerFailures(share: number): void;
  /** Its disk is gone: all objects begin with nothing. */
  lose(downMs: number): void;
  wasLost(): boolean;
}

export function createEdge(deps: EdgeDeps): Edge {
  const { timeline, randomOf, diskOf, onError, alarmsAreSure } = deps;
  const random = randomOf("edge");
  let innerFailures = 0;
  let losses = 0;
  const hosts = new Map<string, Host>();

  /** A call from one object, or from the Worker, to another: values are copied, and it may fail on both ways. */
  async function call(caller: Process | null, name: string, method: string, args: unknown[]) {
    if (caller && !caller.isHeard()) return new Promise(() => undefined);
    const fails = random.chance(innerFailures) ? random.pick(["before", "after"]) : null;
    const before = losses;
    if (random.chance(0.3)) await pause(random.int(1, deps.innerPauseMs));
    // What was on its way inside an edge goes with it.
    if (losses > before) throw new ObjectReset("the edge is another one");
    if (fails === "before") throw new ObjectReset("the call was lost");
    const host = hosts.get(name);
    if (!host) throw new Error(`there is no object ${name}`);
    const copied = structuredClone(args);
    const value: unknown = await host.call((object) => {
      const run = Reflect.get(object, method) as (...given: unknown[]) => unknown;
      return run(...copied);
    });
    if (fails === "after") throw new ObjectReset("the answer was lost");
    return structuredClone(value);
  }
  const pause = (ms: number): Promise<void> => new Promise((done) => void timeline.after(ms, done));

  const namespaceOf = (caller: Process | null, kind: string) => ({
    idFromName: (name: string) => `${kind}/${name}`,
    get: (name: string) =>
      new Proxy(
        {},
        {
          get:
            (_, method) =>
            (...args: unknown[]) =>
              call(caller, name, String(method), args),
        },
      ),
  });

  function envOf(caller: Process | null): Env {
    const centralUrl = caller ? deps.addressOf(caller, "edge>centre", deps.centre) : "http://none/";
    const env = {
      INBOX: namespaceOf(caller, "inbox"),
      DIRECTORY: namespaceOf(caller, "directory"),
      PROFILE: namespaceOf(caller, "profile"),
      // No connector is let in, and so there is no shop for the sweep to look after.
      REGISTRY: { idFromName: (name: string) => name, get: () => ({ accounts: async () => [] }) },
      REGION: "r",
      PROFILE_SHARDS: String(SHARDS.profile),
      DIRECTORY_SHARDS: String(SHARDS.directory),
      COUNTRY: IDENTITY.country,
      CENTRAL_URL: centralUrl,
      REGULARS_PEPPER: IDENTITY.pepper,
      REGULARS_CENTRAL_TOKEN: TOKEN,
      REGULARS_EDGE_SECRET: TOKEN,
    };
    return env as unknown as Env;
  }

  function objectOf<Object extends { open(): Promise<void>; alarm?(): Promise<void> }>(
    name: string,
    kind: "inbox" | "directory" | "profile",
    build: Parameters<typeof createObject<Object>>[1]["build"],
  ): ObjectHost<Object> {
    const host = createObject<Object>(deps, { name, disk: diskOf(kind, name, 0), build });
    hosts.set(name, host as unknown as Host);
    return host;
  }

  const inboxes = new Map(
    deps.stores.map((store) => {
      const name = `inbox/${store}`;
      let feeds = 0;
      const host = objectOf<InboxMachine>(name, "inbox", (process, storage, background) => {
        const env = envOf(process);
        return createInbox({
          ...background,
          storage,
          directory: createShardedDirectory(env),
          profiles: createShardedProfiles(env),
          central: createCentral(env),
          // No shop of connectors is simulated: no sale names an order of one.
          intakes: { taken: () => Promise.resolve() },
          newGeneration: () => `${store}-${feeds++}`,
          onNews: () => process.isHeard() && deps.poke(store),
          onError: (_round, error) => onError(name, error),
        });
      });
      return [store, host] as const;
    }),
  );
  const profiles = Array.from({ length: SHARDS.profile }, (_, at) => {
    const name = `profile/r/${at}`;
    return objectOf<ProfileShard>(name, "profile", (process, storage, background) => {
      const env = envOf(process);
      return createProfileShard({
        ...background,
        storage,
        policy: DEFAULT_POLICY,
        quietNoticeMs: QUIET_NOTICE_MS,
        stores: createStores(env),
        central: createCentral(env),
        onChanged: () => undefined,
        onError: (_round, error) => onError(name, error),
      });
    });
  });
  const directories = Array.from({ length: SHARDS.directory }, (_, at) =>
    objectOf<Directory>(`directory/${at}`, "directory", (_process, storage) =>
      createDirectory(storage),
    ),
  );

  const env = envOf(null);
  if (!alarmsAreSure) {
    const again = (): void => {
      timeline.after(60_000, () => {
        sweep(env).catch((error: unknown) => onError("sweep", error));
        again();
      });
    };
    again();
  }

  return {
    serve: (request) => serve(deps, env, request).catch((error: unknown) => failed(deps, error)),
    inboxes,
    directories,
    profiles,
    env,
    setInnerFailures(share) {
      innerFailures = share;
    },
    lose(downMs) {
      losses += 1;
      for (const object of [...inboxes.values(), ...profiles, ...directories]) {
        object.crash({ downMs, power: false });
        object.disk.database.restore(new Map());
      }
    },
    wasLost: () => losses > 0,
  };
}

function failed({ onError }: EdgeDeps, error: unknown): Answer {
  onError("worker", error);
  return { status: 500, body: "", digest: null };
}

async function serve(deps: EdgeDeps, env: Env, request: Request): Promise<Answer> {
  const arrived = arrivedRequest(request);
  switch (request.path) {
    case "/v1/push": {
      const push = await readBody(arrived, pushSchema);
      if (!push.ok) return refused(push.reason);
      const answer = await env.INBOX.get(env.INBOX.idFromName(push.value.store)).push(push.value);
      deps.onPush(push.value, answer?.outcome ?? "overloaded");
      return answer
        ? answered(JSON.stringify(answer))
        : { ...refused(problemOf("overloaded")), retryAfterS: 1 };
    }
    case "/v1/pull": {
      const pull = await readBody(arrived, pullSchema);
      if (!pull.ok) return refused(pull.reason);
      return answered(await env.INBOX.get(env.INBOX.idFromName(pull.value.store)).pull(pull.value));
    }
    case "/v1/customers/lookup": {
      const body = await readBody(arrived, lookupSchema);
      if (!body.ok) return refused(body.reason);
      const { store, protocol = 1, ...given } = body.value;
      const { keys } = identityKeysOf(given, IDENTITY);
      const found = await findProfile(env, keys, store);
      return found
        ? answered(`{"profile":${inWordsOf(protocol, found.json)}}`)
        : refused(problemOf("unknown_customer"));
    }
    case "/v1/publish": {
      const body = await readBody(arrived, publishSchema);
      if (!body.ok) return refused(body.reason);
      deps.onPublish(body.value.decisions);
      await applyDecisions(wholeEdge(env), body.value.decisions);
      return answered(JSON.stringify({ ...THIS_VERSION, applied: body.value.decisions.length }));
    }
    case "/v1/sweep":
      // Nobody asks for it here but a centre that has just started.
      return answered(JSON.stringify(await sweep(env, true)));
    case "/v1/compare/profiles": {
      const body = await readBody(arrived, compareProfilesSchema);
      if (!body.ok) return refused(body.reason);
      return answered(JSON.stringify(await compareProfiles(env, body.value)));
    }
    case "/v1/compare/mend": {
      const body = await readBody(arrived, mendSchema);
      if (!body.ok) return refused(body.reason);
      return answered(JSON.stringify(await mendProfiles(env, body.value)));
    }
    default:
      return refused(problemOf("not_found"));
  }
}

const refused = ({ reason }: Problem): Answer => ({
  status: PROBLEMS[reason].status,
  body: "",
  digest: null,
});

export const answered = async (body: string): Promise<Answer> => ({
  status: 200,
  body,
  digest: contentDigestOf(body),
});
