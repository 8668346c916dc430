/** Compares in the same time wherever two tokens differ, and on this thread: a digest from another one is waited for. */
import { hash as digestOf, timingSafeEqual } from "node:crypto";

export function isTokenOf(token: string): (given: string) => boolean {
  const digest = digestOf("sha256", token, "buffer");
  return (given) => timingSafeEqual(digestOf("sha256", given, "buffer"), digest);
}
