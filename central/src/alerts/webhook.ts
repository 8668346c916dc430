/**
 * A webhook: JSON by POST, signed. `Regulars-Signature: t=SECONDS,v1=HEX`, where HEX is HMAC-SHA-256 over `SECONDS.BODY` with
 * the secret. To https alone, unless it is this machine; nowhere that an answer points to.
 */
import { createHmac } from "node:crypto";
import { LIMITS } from "@regulars/shared/limits";
import { jsonOf } from "./message.ts";
import { type FailureCode, type Way, WayFailed } from "./ways.ts";

export interface WebhookSettings {
  readonly url: string;
  readonly secret: string;
  readonly origin: string | null;
  readonly nowMs: () => number;
  readonly timeoutMs?: number;
}

export const signatureOf = (secret: string, seconds: number, body: string): string =>
  `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;

export function createWebhook(settings: WebhookSettings): Way {
  const { url, secret, origin, nowMs, timeoutMs = LIMITS.alertTimeoutMs } = settings;
  return {
    name: "webhook",
    words: `a webhook at ${new URL(url).host}`,
    async send({ id, content }) {
      const body = jsonOf(id, content, origin);
      const seconds = Math.floor(nowMs() / 1_000);
      let response: Response;
      try {
        response = await fetch(url, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "user-agent": "Regulars",
            "regulars-message": id,
            "regulars-signature": signatureOf(secret, seconds, body),
          },
          body,
          redirect: "manual",
          signal: AbortSignal.timeout(timeoutMs),
        });
      } catch (error) {
        throw new WayFailed(codeOf(error), error);
      }
      await response.body?.cancel().catch(() => undefined); // whatever it says, the number counts
      const failure = failureOf(response.status);
      if (failure) throw new WayFailed(failure);
    },
  };
}

function failureOf(status: number): FailureCode | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return "redirected";
  if (status === 401 || status === 403) return "sign_in_refused";
  if (status === 429 || status >= 500) return "busy";
  return "not_accepted";
}

function codeOf(error: unknown): FailureCode {
  if (!(error instanceof Error)) return "other";
  if (error.name === "TimeoutError") return "timed_out";
  const cause =
    error.cause instanceof Error && "code" in error.cause ? String(error.cause.code) : "";
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT/.test(cause))
    return "unreachable";
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(cause)) return "no_tls";
  return "broken_off";
}
