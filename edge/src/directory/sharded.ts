/** All shards of the directory as one: splits a question by shard, asks them at once, joins the answers. */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import type { Env } from "../environment.ts";
import { directoryShardOf, directoryStub } from "../stubs.ts";
import type { Binding } from "./directory.ts";
import type { DirectoryPort } from "./port.ts";

/** Names the shard that has the policy. */
const POLICY = "policy";

export function createShardedDirectory(env: Env): DirectoryPort {
  const split = <Part>(parts: readonly Part[], keyOf: (part: Part) => IdentityKey) => [
    ...Map.groupBy(parts, (part) => directoryShardOf(env, keyOf(part))),
  ];
  return {
    async lookup(keys) {
      const answers = split([...new Set(keys)], (key) => key).map(([shard, part]) =>
        directoryStub(env, shard).lookup(part),
      );
      return joined(await Promise.all(answers));
    },
    async bind(wanted) {
      const answers = split(wanted, ({ key }) => key).map(([shard, part]) =>
        directoryStub(env, shard).bind(part),
      );
      return joined(await Promise.all(answers));
    },
    async reassign(wanted, from) {
      const answers = split(wanted, ({ key }) => key).map(([shard, part]) =>
        directoryStub(env, shard).reassign(part, from),
      );
      return joined(await Promise.all(answers));
    },
    policy: () => directoryStub(env, directoryShardOf(env, POLICY)).policy(),
    setPolicy: (policy) => directoryStub(env, directoryShardOf(env, POLICY)).setPolicy(policy),
    claimEpoch: (claim) =>
      directoryStub(env, directoryShardOf(env, claim.source)).claimEpoch(claim),
    async assign(decided) {
      const answers = split(decided, ({ key }) => key).map(([shard, part]) =>
        directoryStub(env, shard).assign(part),
      );
      await Promise.all(answers);
    },
  };
}

function joined(answers: readonly (readonly Binding[])[]): Map<IdentityKey, CustomerId> {
  return new Map(answers.flat().map(({ key, customer }) => [key, customer]));
}
