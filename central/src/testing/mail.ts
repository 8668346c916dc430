/** A real SMTP server for tests: it can refuse, be slow, hang up, ask for a sign-in, and be taken away and brought back. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface Mail {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly to: readonly string[];
  readonly isEncrypted: boolean;
}

export type MailTrouble = "none" | "refuse" | "later" | "hang_up" | "silent" | "hang_up_after";

export interface MailServer {
  readonly port: number;
  readonly mails: readonly Mail[];
  trouble: MailTrouble;
  close(): Promise<void>;
}

export async function openMailServer({
  port = 0,
  mails = [],
  ...options
}: SMTPServerOptions & {
  readonly port?: number;
  readonly mails?: Mail[];
} = {}): Promise<MailServer> {
  const state: { trouble: MailTrouble } = { trouble: "none" };
  const server = new SMTPServer({
    authOptional: true,
    ...(options.cert === undefined ? { disabledCommands: ["STARTTLS"] } : {}),
    ...options,
    onConnect(_session, answer) {
      if (state.trouble === "silent") return; // and never again
      answer(null);
    },
    onData(stream, session, answer) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { trouble } = state;
        if (trouble === "refuse") return answer(problem(554, "no"));
        if (trouble === "later") return answer(problem(451, "later"));
        if (trouble === "hang_up") return hangUp();
        mails.push(read(Buffer.concat(chunks).toString(), session));
        if (trouble === "hang_up_after") return hangUp();
        answer(null);
      });
    },
  });
  const hangUp = (): void => {
    // oxlint-disable-next-line no-underscore-dangle -- its only name
    for (const connection of server.connections) connection._socket.destroy();
  };
  server.on("error", () => undefined); // connections that a test has broken
  server.listen(port, "127.0.0.1");
  await once(server.server, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const address = server.server.address() as AddressInfo;
  return {
    port: address.port,
    mails,
    get trouble() {
      return state.trouble;
    },
    set trouble(trouble) {
      state.trouble = trouble;
    },
    close: () =>
      new Promise((done) => {
        hangUp();
        server.close(() => done());
      }),
  };
}

const problem = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode });

function read(
  raw: string,
  session: { secure: boolean; envelope: { rcptTo: { address: string }[] } },
): Mail {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const headers = head.replaceAll(/\r\n[ \t]+/g, " ");
  const header = (name: string): string =>
    new RegExp(`^${name}: (.*)$`, "im").exec(headers)?.[1] ?? "";
  const body = rest.join("\r\n\r\n");
  return {
    id: header("Message-ID"),
    subject: header("Subject"),
    text: header("Content-Transfer-Encoding") === "quoted-printable" ? unquoted(body) : body,
    to: session.envelope.rcptTo.map(({ address }) => address),
    isEncrypted: session.secure,
  };
}

const unquoted = (text: string): string =>
  Buffer.from(
    text
      .replaceAll(/=\r\n/g, "")
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
        String.fromCodePoint(Number.parseInt(hex, 16)),
      ),
    "latin1",
  ).toString();
