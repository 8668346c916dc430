/** The look of the house, for the reference page. */
export const REFERENCE_STYLE = `:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --card: #ffffff; --ink: #1c1b19; --quiet: #68655f; --line: #e7e4de; --soft: #f3f1ed;
  --accent: #1f6f5c; --good: #1f7a4d; --waiting: #9a5b06; --bad: #b3261e; --put: #3a5a9b;
  --code: #22211f; --code-ink: #ece9e3; --code-quiet: #a8a49b; --code-line: #3a3835;
  --key: #8fd6c1; --string: #e8c48a; --number: #b9c6f2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141413; --card: #191918; --ink: #eceae6; --quiet: #a09c94; --line: #2e2d2a; --soft: #222220;
    --accent: #6fc9b1; --good: #6cc495; --waiting: #e0a558; --bad: #f2887f; --put: #9db7ee;
    --code: #1e1e1c; --code-line: #34332f;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 24px; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%;
}
a { color: var(--accent); text-underline-offset: 3px; }
a:not(:hover) { text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre { font: 0.88em/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
p { margin: 10px 0; overflow-wrap: anywhere; }
p code, li code, dd code { padding: 1px 5px; border-radius: 5px; background: var(--soft); }
.quiet { color: var(--quiet); font-size: 13px; font-weight: 400; }
.lead { max-width: 64ch; margin: 0 0 8px; color: var(--quiet); font-size: 16.5px; }

nav { background: var(--card); font-size: 13.5px; line-height: 1.4; }
nav ul { margin: 0; padding: 0; list-style: none; }
nav .brand { display: inline-flex; align-items: center; gap: 9px; color: inherit; font-size: 16px; font-weight: 680; text-decoration: none; }
.dot { width: 12px; height: 12px; border-radius: 50%; background: var(--accent); }
nav ul > li > a { text-decoration: none; }
nav .side > ul > li, nav .menu > ul > li { margin-top: 20px; }
nav .side > ul > li > a, nav .menu > ul > li > a { color: var(--ink); font-weight: 650; }
nav li li { margin-top: 2px; }
nav li li a { display: grid; grid-template-columns: 38px minmax(0, 1fr); gap: 8px; padding: 4px 6px; margin: 0 -6px; border-radius: 6px; color: var(--quiet); }
nav li li a:hover { background: var(--soft); color: var(--ink); }
.verb { padding-top: 2px; font: 700 10px/1.5 ui-monospace, Menlo, Consolas, monospace; letter-spacing: 0.03em; }
.verb.get { color: var(--good); } .verb.post { color: var(--waiting); } .verb.put { color: var(--put); } .verb.delete { color: var(--bad); }

main { min-width: 0; padding: 44px 48px 120px; }
header { padding-bottom: 8px; }
h1 { margin: 0 0 8px; font-size: 34px; font-weight: 700; line-height: 1.15; letter-spacing: -0.022em; }
h2 { margin: 72px 0 6px; font-size: 25px; font-weight: 680; line-height: 1.25; letter-spacing: -0.018em; }
h3 { margin: 0; font-size: 18px; font-weight: 650; line-height: 1.35; letter-spacing: -0.01em; }
h3 a { color: inherit; text-decoration: none; } h3 a:hover { text-decoration: underline; }
h4 { margin: 24px 0 4px; font-size: 13.5px; font-weight: 650; }
.begin { max-width: 780px; } .begin h2 { margin-top: 44px; }

article { display: grid; gap: 20px 44px; padding: 40px 0; border-bottom: 1px solid var(--line); }
article:last-child { border-bottom: 0; }
.about, .shown { min-width: 0; }
.route { display: flex; align-items: baseline; gap: 10px; margin: 8px 0 12px; }
.route code { padding: 0; background: none; font-size: 13.5px; overflow-wrap: anywhere; }
.param { color: var(--accent); }
.method { flex: none; padding: 2px 8px; border-radius: 6px; color: var(--card); background: var(--good); font-size: 11px; font-weight: 700; letter-spacing: 0.04em; }
.method.post { background: var(--waiting); } .method.delete { background: var(--bad); } .method.put { background: var(--put); }
.callers { display: flex; flex-wrap: wrap; gap: 6px; margin: 14px 0 0; padding: 0; list-style: none; font-size: 12.5px; line-height: 1.5; }
.callers li { padding: 1px 9px; border: 1px solid var(--line); border-radius: 99px; color: var(--quiet); background: var(--card); }
.callers code { padding: 0; background: none; color: var(--ink); }
.callers .open { border-style: dashed; }

dl { margin: 0; } dd { margin: 2px 0 0; overflow-wrap: anywhere; }
.fields > div { padding: 9px 0; border-top: 1px solid var(--line); font-size: 14px; }
.fields > div:first-child { border-top: 0; }
.fields dt { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 10px; }
.fields dt > code { font-weight: 650; overflow-wrap: anywhere; }
.fields dd { color: var(--quiet); }
.type { min-width: 0; color: var(--quiet); font-size: 13px; overflow-wrap: anywhere; }
.optional { color: var(--quiet); font-size: 12px; font-style: italic; }
.fields .fields, .forms .fields { margin-top: 4px; padding-left: 14px; border-left: 2px solid var(--line); }
.forms details { padding: 6px 0; }
.body { margin: 4px 0; font-size: 14px; }

summary { cursor: pointer; color: var(--accent); font-size: 13px; }
summary:hover { text-decoration: underline; text-underline-offset: 3px; }
summary code { color: var(--accent); }
.answers { margin: 0; padding: 0; list-style: none; }
.answers > li { display: grid; grid-template-columns: 38px minmax(0, 1fr); gap: 8px; padding: 8px 0; border-top: 1px solid var(--line); font-size: 14px; }
.answers > li:first-child { border-top: 0; }
.status { font-weight: 650; font-variant-numeric: tabular-nums; }
.s1, .s2 { color: var(--good); } .s3 { color: var(--accent); } .s4 { color: var(--waiting); } .s5 { color: var(--bad); }
.refusals { margin-top: 4px; } .refusals summary .quiet { margin-left: 6px; }

figure { margin: 0 0 14px; border-radius: 12px; overflow: hidden; background: var(--code); color: var(--code-ink); border: 1px solid var(--code-line); }
figcaption { padding: 7px 16px; border-bottom: 1px solid var(--code-line); color: var(--code-quiet); font-size: 12px; font-weight: 600; }
pre { max-height: 420px; margin: 0; padding: 13px 16px; overflow: auto; font-size: 12.5px; tab-size: 2; }
figure pre code { font-size: inherit; }
.k { color: var(--key); } .s { color: var(--string); } .n { color: var(--number); }
.schema { border-bottom: 1px solid var(--line); padding: 11px 0; max-width: 780px; }
.schema > summary { font-size: 14.5px; }
.schema .raw { margin-top: 10px; } .schema pre { margin-top: 8px; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }

@media (min-width: 960px) {
  body { display: grid; grid-template-columns: 282px minmax(0, 1fr); align-items: start; }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 28px 22px 40px 26px; border-right: 1px solid var(--line); }
  nav .menu { display: none; }
  main { max-width: 1320px; }
}
@media (min-width: 1180px) {
  article { grid-template-columns: minmax(0, 1.08fr) minmax(0, 1fr); align-items: start; }
  .shown { position: sticky; top: 24px; }
  .shown pre { max-height: calc(50vh - 60px); }
}
@media (max-width: 959px) {
  html { scroll-padding-top: 72px; }
  nav { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 16px; padding: 13px 20px; border-bottom: 1px solid var(--line); }
  nav .side { display: none; }
  nav .menu[open] { flex-basis: 100%; max-height: 72vh; overflow-y: auto; }
  nav .menu summary { padding: 4px 0; font-size: 14px; }
  main { padding: 26px 20px 80px; } h1 { font-size: 28px; } h2 { margin-top: 52px; font-size: 22px; }
  article { padding: 30px 0; }
}
`;
