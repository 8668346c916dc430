/** E-mail by SMTP. Encrypted, or not at all: a server that offers no TLS is told nothing, unless it is this machine. */
import { LIMITS } from "@regulars/shared/limits";
import { isLoopback } from "./loopback.ts";
import { subjectOf, textOf } from "./message.ts";
import { type FailureCode, type Way, WayFailed } from "./ways.ts";

export interface EmailSettings {
  /** `smtps://user:password@host:465`, or `smtp://` with STARTTLS. */
  readonly url: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Where the console is. */
  readonly origin: string | null;
  /** Certificates that are trusted besides the system's, in PEM. */
  readonly ca?: string;
  readonly timeoutMs?: number;
}

export function createEmail(settings: EmailSettings): Way {
  const { from, to, origin, timeoutMs = LIMITS.alertTimeoutMs } = settings;
  const url = new URL(settings.url);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isTls = url.protocol === "smtps:";
  const isOwn = isLoopback(url.hostname);
  const auth =
    url.username === ""
      ? {}
      : {
          auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
        };
  return {
    name: "email",
    words: `${to.length === 1 ? "one address" : `${to.length} addresses`} by ${url.hostname}`,
    async send({ id, content }) {
      // Only where somebody has to be told: the centre is small.
      const { createTransport } = await import("nodemailer");
      const transport = createTransport({
        host,
        port: url.port === "" ? (isTls ? 465 : 587) : Number(url.port),
        secure: isTls,
        requireTLS: !isTls && !isOwn,
        // The relay of this very machine seldom has a certificate that anybody trusts.
        ignoreTLS: !isTls && isOwn && settings.ca === undefined,
        ...auth,
        tls: { minVersion: "TLSv1.2", ...(settings.ca === undefined ? {} : { ca: settings.ca }) },
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      try {
        await transport.sendMail({
          messageId: `<${id}@${from.slice(from.lastIndexOf("@") + 1).replace(/[<>\s]/g, "")}>`,
          from,
          to: [...to],
          subject: subjectOf(content),
          text: textOf(content, origin),
          headers: { "Auto-Submitted": "auto-generated", "X-Regulars-Message": id },
        });
      } catch (error) {
        throw new WayFailed(codeOf(error), error);
      } finally {
        transport.close();
      }
    },
  };
}

/** By what the mailer says, and by the number that the server answered with. */
function codeOf(error: unknown): FailureCode {
  if (!(error instanceof Error)) return "other";
  const code = "code" in error ? String(error.code) : "";
  const answer = "responseCode" in error ? Number(error.responseCode) : 0;
  if (code === "EAUTH" || code === "ENOAUTH") return "sign_in_refused";
  if (code === "ETLS") return "no_tls";
  if (answer >= 500) return "not_accepted";
  if (answer >= 400) return "busy";
  if (/certificate|TLS|SSL|STARTTLS/i.test(error.message)) return "no_tls";
  if (code === "ETIMEDOUT") return "timed_out";
  if (/ECONNREFUSED|EDNS|ENOTFOUND|EHOSTUNREACH|ENETUNREACH/.test(`${code} ${error.message}`))
    return "unreachable";
  if (/ECONNECTION|ECONNRESET|ESOCKET|EPIPE/.test(code) || /closed/i.test(error.message))
    return "broken_off";
  return "other";
}
