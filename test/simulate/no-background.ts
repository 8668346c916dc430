/** A profile shard for tests that run its rounds themselves. */
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";

/** Its rounds are run by the test; in the background they wait for ever. */
export const NO_BACKGROUND = {
  quietNoticeMs: 0,
  policy: DEFAULT_POLICY,
  onChanged: () => undefined,
  onError: () => undefined,
  stores: { changed: () => new Promise<never>(() => undefined), need: () => Promise.resolve() },
  central: { fragments: () => new Promise<never>(() => undefined) },
  setAlarm: () => Promise.resolve(),
  random: () => 0,
  wait: () => new Promise<never>(() => undefined),
};
