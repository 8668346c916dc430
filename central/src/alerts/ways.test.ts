/** Both ways of telling people, against a real mail server and a real web server, and everything that these can do wrong. */
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../testing/database.ts";
import { type MailServer, openMailServer } from "../testing/mail.ts";
import { createEmail, type EmailSettings } from "./email.ts";
import type { MessageContent } from "./message.ts";
import { type Way, WayFailed } from "./ways.ts";
import { createWebhook } from "./webhook.ts";

const item = {
  alert: 1,
  kind: "store_silent",
  subject: "store-7",
  severity: "serious",
  moment: "opened",
  words: "Store store-7 has sent nothing for more than 1 hour of its trading hours.",
  href: "/sources?store=store-7",
  openedMs: Date.UTC(2026, 10, 21, 12),
  endedMs: null,
} as const;
const content: MessageContent = { isTest: false, items: [item] };
const message = { id: "m-1", content };

let certificate: { key: string; cert: string };
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  const [key, cert] = [join(folder.path, "key.pem"), join(folder.path, "cert.pem")];
  const args =
    "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1";
  execFileSync("openssl", [...args.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
  certificate = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
});
afterAll(() => folder.remove());

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function mailServer(options: Parameters<typeof openMailServer>[0] = {}): Promise<MailServer> {
  const server = await openMailServer(options);
  closers.push(() => server.close());
  return server;
}
const emailTo = (url: string, more: Partial<EmailSettings> = {}): Way =>
  createEmail({
    url,
    from: "alerts@shop.example",
    to: ["ops@shop.example", "night@shop.example"],
    origin: "https://console.shop.example",
    timeoutMs: 400,
    ...more,
  });

async function failureOf(way: Way): Promise<string> {
  try {
    await way.send(message);
    return "sent";
  } catch (error) {
    return error instanceof WayFailed ? error.code : String(error);
  }
}

test("SEC2: an e-mail goes to all addresses, says what is wrong and where to look, and has the id of its message", async () => {
  const server = await mailServer();
  await emailTo(`smtp://127.0.0.1:${server.port}`).send(message);
  expect(server.mails).toMatchObject([
    {
      id: "<m-1@shop.example>",
      subject: expect.stringContaining("store-7") as string,
      to: ["ops@shop.example", "night@shop.example"],
    },
  ]);
  expect(server.mails[0]?.text).toContain(item.words);
  expect(server.mails[0]?.text).toContain("https://console.shop.example/sources?store=store-7");
});

test("an e-mail by TLS, by STARTTLS, and only to a certificate that is trusted", async () => {
  const tls = await mailServer({ secure: true, ...certificate });
  const trusted = { ca: certificate.cert };
  await emailTo(`smtps://localhost:${tls.port}`, trusted).send(message);
  expect(tls.mails).toMatchObject([{ isEncrypted: true }]);
  expect(await failureOf(emailTo(`smtps://localhost:${tls.port}`))).toBe("no_tls");
  const startTls = await mailServer({ ...certificate });
  await emailTo(`smtp://localhost:${startTls.port}`, trusted).send(message);
  expect(startTls.mails).toMatchObject([{ isEncrypted: true }]);
});

test("nothing is told to a server elsewhere that offers no encryption", async () => {
  const server = await mailServer({ disabledCommands: ["STARTTLS"] });
  // 0.0.0.0 leads here, and is no name of this machine.
  expect(await failureOf(emailTo(`smtp://0.0.0.0:${server.port}`))).toBe("no_tls");
  expect(server.mails).toEqual([]);
});

test.each([
  ["refuse", "not_accepted"],
  ["later", "busy"],
  ["hang_up", "broken_off"],
  ["silent", "timed_out"],
] as const)("a mail server that does this: %s, is said to be %s", async (trouble, code) => {
  const server = await mailServer();
  server.trouble = trouble;
  expect(await failureOf(emailTo(`smtp://127.0.0.1:${server.port}`))).toBe(code);
});

test("a mail server that is away, and one that does not know us", async () => {
  const away = await openMailServer();
  await away.close();
  expect(await failureOf(emailTo(`smtp://127.0.0.1:${away.port}`))).toBe("unreachable");
  const strict = await mailServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, answer) =>
      username === "regulars" && password === "s:cret"
        ? answer(null, { user: "regulars" })
        : answer(new Error("no")),
  });
  expect(await failureOf(emailTo(`smtp://regulars:wrong@127.0.0.1:${strict.port}`))).toBe(
    "sign_in_refused",
  );
  expect(await failureOf(emailTo(`smtp://regulars:s%3Acret@127.0.0.1:${strict.port}`))).toBe(
    "sent",
  );
});

const SECRET = "0123456789abcdef";

async function webServer(
  handle: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => handle(request, Buffer.concat(chunks).toString(), response));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}
const hookTo = (url: string): Way =>
  createWebhook({
    url,
    secret: SECRET,
    origin: null,
    nowMs: () => 1_700_000_000_500,
    timeoutMs: 300,
  });

test("a webhook is sent JSON that its signature covers", async () => {
  const got: { headers: IncomingMessage["headers"]; body: string }[] = [];
  const { url } = await webServer(({ headers }, body, response) => {
    got.push({ headers, body });
    response.end("ok");
  });
  await hookTo(url).send(message);
  const [{ headers, body } = { headers: {}, body: "" }] = got;
  const digest = createHmac("sha256", SECRET).update(`1700000000.${body}`).digest("hex");
  expect(headers["regulars-signature"]).toBe(`t=1700000000,v1=${digest}`);
  expect(headers["regulars-message"]).toBe("m-1");
  expect(JSON.parse(body)).toEqual({
    id: "m-1",
    type: "alerts",
    alerts: [
      {
        alert: 1,
        kind: "store_silent",
        subject: "store-7",
        severity: "serious",
        moment: "opened",
        words: item.words,
        openedAt: "2026-11-21T12:00:00.000Z",
        endedAt: null,
        url: null,
      },
    ],
  });
});

test.each([
  [500, "busy"],
  [429, "busy"],
  [403, "sign_in_refused"],
  [404, "not_accepted"],
  [204, "sent"],
] as const)("a webhook that answers %i: %s", async (status, code) => {
  const { url } = await webServer((_request, _body, response) => response.writeHead(status).end());
  expect(await failureOf(hookTo(url))).toBe(code);
});

test("SEC2: a webhook that points elsewhere is not followed there", async () => {
  let elsewhere = 0;
  const other = await webServer((_request, _body, response) => {
    elsewhere += 1;
    response.end();
  });
  const { url } = await webServer((_request, _body, response) =>
    response.writeHead(307, { location: other.url }).end(),
  );
  expect(await failureOf(hookTo(url))).toBe("redirected");
  expect(elsewhere).toBe(0);
});

test("a webhook that is slow, cut off, away, or not to be trusted", async () => {
  const slow = await webServer(() => undefined);
  expect(await failureOf(hookTo(slow.url))).toBe("timed_out");
  const cut = await webServer((request) => request.socket.destroy());
  expect(await failureOf(hookTo(cut.url))).toBe("broken_off");
  const { server, url } = await webServer((_request, _body, response) => response.end());
  server.close();
  await once(server, "close");
  expect(await failureOf(hookTo(url))).toBe("unreachable");
});
