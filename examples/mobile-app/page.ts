/** The page: no build, no library. What comes from the edge is set as text, never as markup. */

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>My shop</title>
    <link rel="stylesheet" href="/style.css" />
    <script type="module" src="/app.js"></script>
  </head>
  <body>
    <header><p id="fresh" role="status">Connecting…</p><h1 id="name">Hello</h1><p id="card"></p></header>
    <main>
      <section><h2>May we write to you?</h2><ul id="consents"></ul></section>
      <section><h2>What you bought</h2><ol id="purchases"></ol></section>
    </main>
  </body>
</html>`;

const script = `const at = (id) => document.getElementById(id);
const CHANNELS = { email: "By e-mail", sms: "By text message", app: "In the app" };
// Yen have no minor unit, dinars a thousandth.
const money = (minor, currency) => {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
};
const day = (iso) => new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }).format(new Date(iso));

function element(tag, text, kind) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function consentRow(channel, words, state) {
  const row = element("li");
  const label = element("label", words);
  const box = element("input");
  box.type = "checkbox";
  box.setAttribute("role", "switch");
  box.checked = state === "granted";
  box.addEventListener("change", async () => {
    box.disabled = true;
    const body = JSON.stringify({
      purpose: "marketing", channel, state: box.checked ? "granted" : "withdrawn",
    });
    const answer = await fetch("/consent", { method: "POST", body }).catch(() => null);
    box.disabled = false;
    // The stream shows it once it is part of the profile; what was not taken stands as it was.
    if (!answer?.ok) box.checked = !box.checked;
  });
  label.append(box);
  row.append(label);
  return row;
}

function purchaseRow(sale) {
  const row = element("li", "", sale.voided ? "voided" : "");
  const what = element("div");
  what.append(element("strong", sale.items.join(", ") || sale.receipt));
  what.append(element("span", [sale.kind === "return" && "Returned", day(sale.at), sale.channel ?? sale.store].filter(Boolean).join(" · ")));
  row.append(what, element("b", money(sale.totalMinor, sale.currency)));
  return row;
}

function show({ profile, freshness }) {
  at("name").textContent = profile.identity?.givenName ? "Hello, " + profile.identity.givenName : "Hello";
  at("card").textContent = profile.loyalty?.number ? "Card " + profile.loyalty.number : "";
  at("fresh").textContent = freshness?.pending.length ? "Up to date; head office hears of it soon" : "Up to date";
  at("consents").replaceChildren(...Object.entries(CHANNELS).map(([channel, words]) =>
    consentRow(channel, words, profile.consents?.["marketing/" + channel]?.state)));
  const recent = profile.purchases?.recent ?? [];
  at("purchases").replaceChildren(...(recent.length ? recent.map(purchaseRow) : [element("li", "Nothing yet", "quiet")]));
}

const live = new EventSource("/live");
live.onmessage = ({ data }) => show(JSON.parse(data));
live.onerror = () => { at("fresh").textContent = "Connecting…"; };
`;

const style = `:root { color-scheme: light dark; --paper: #fbfaf8; --card: #fff; --ink: #1c1b19; --quiet: #68655f; --line: #e4e1db; --accent: #1f6f5c; }
@media (prefers-color-scheme: dark) { :root { --paper: #141413; --card: #1c1c1b; --ink: #eceae6; --quiet: #a09c94; --line: #32312e; --accent: #6fc9b1; } }
* { box-sizing: border-box; }
body { max-width: 480px; margin: 0 auto; padding: 28px 20px 60px; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 6px 0 0; font-size: 30px; letter-spacing: -0.02em; } h2 { margin: 0 0 6px; font-size: 15px; color: var(--quiet); font-weight: 600; }
header p { margin: 0; color: var(--quiet); font-size: 14px; } #fresh::before { content: "● "; color: var(--accent); }
section { margin-top: 28px; } ul, ol { margin: 0; padding: 4px 18px; list-style: none; border: 1px solid var(--line); border-radius: 16px; background: var(--card); }
li { padding: 13px 0; border-top: 1px solid var(--line); } li:first-child { border-top: 0; }
label, ol li { display: flex; align-items: center; justify-content: space-between; gap: 16px; } ol div { min-width: 0; }
strong { display: block; font-weight: 600; overflow-wrap: anywhere; } span, .quiet { color: var(--quiet); font-size: 14px; } b { font-variant-numeric: tabular-nums; white-space: nowrap; }
.voided { text-decoration: line-through; color: var(--quiet); }
input { appearance: none; flex: none; width: 48px; height: 28px; margin: 0; border-radius: 99px; background: var(--line); transition: background 0.15s; cursor: pointer; }
input::before { content: ""; display: block; width: 22px; height: 22px; margin: 3px; border-radius: 50%; background: var(--card); transition: translate 0.15s; }
input:checked { background: var(--accent); } input:checked::before { translate: 20px 0; } input:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
`;

export const page = { html, script, style } as const;
