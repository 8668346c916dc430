/** The look of the house, for the reference page. */
export const REFERENCE_STYLE = `:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --card: #ffffff; --ink: #1c1b19; --quiet: #68655f; --line: #e4e1db;
  --accent: #1f6f5c; --good: #1f7a4d; --waiting: #a8660a; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141413; --card: #1c1c1b; --ink: #eceae6; --quiet: #a09c94; --line: #32312e;
    --accent: #6fc9b1; --good: #6cc495; --waiting: #e0a558; --bad: #f2887f;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 24px; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%;
}
a { color: var(--accent); text-underline-offset: 3px; }
a:not(:hover) { text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre { font: 0.88em/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
nav {
  position: sticky; top: 0; max-height: 100vh; overflow-y: auto; padding: 28px 20px 40px 28px;
  border-right: 1px solid var(--line); background: var(--card); font-size: 13.5px; line-height: 1.45;
}
nav ul { margin: 0; padding: 0; list-style: none; }
nav > ul > li { margin-top: 22px; }
nav > ul > li > a { color: var(--ink); font-weight: 650; text-decoration: none; }
nav li li { margin-top: 7px; }
nav li li a { color: var(--quiet); text-decoration: none; }
nav li li a:hover { color: var(--accent); }
.brand { display: inline-flex; align-items: center; gap: 10px; color: inherit; font-size: 16px; font-weight: 680; text-decoration: none; }
.dot { width: 12px; height: 12px; border-radius: 50%; background: var(--accent); }
main { min-width: 0; max-width: 860px; padding: 44px 48px 120px; }
h1 { margin: 0 0 8px; font-size: 32px; font-weight: 690; line-height: 1.2; letter-spacing: -0.02em; }
h2 { margin: 64px 0 20px; padding-bottom: 10px; border-bottom: 1px solid var(--line); font-size: 22px; font-weight: 670; letter-spacing: -0.015em; }
h3 { margin: 0; font-size: 17px; font-weight: 650; letter-spacing: -0.01em; }
h4 { margin: 20px 0 8px; color: var(--quiet); font-size: 12px; font-weight: 650; letter-spacing: 0.06em; text-transform: uppercase; }
p { margin: 10px 0; overflow-wrap: anywhere; }
p code, li code, dd code { padding: 1px 5px; border-radius: 5px; background: color-mix(in srgb, var(--ink) 7%, transparent); }
.lead { max-width: 60ch; font-size: 17px; }
.quiet { color: var(--quiet); font-size: 13.5px; }
article, .schema {
  margin: 0 0 20px; padding: 22px 24px; border: 1px solid var(--line); border-radius: 14px; background: var(--card);
}
.schema { padding: 12px 18px; margin-bottom: 10px; }
.route { display: flex; flex-wrap: wrap; align-items: baseline; gap: 10px; margin: 10px 0 14px; }
.route code { padding: 0; background: none; font-size: 14px; overflow-wrap: anywhere; }
.method { min-width: 50px; padding: 2px 8px; border-radius: 6px; color: var(--card); background: var(--accent); font-size: 11.5px; font-weight: 700; letter-spacing: 0.04em; text-align: center; }
.method.post { background: var(--waiting); } .method.delete { background: var(--bad); } .method.put { background: var(--quiet); }
.open { padding: 1px 8px; border: 1px solid var(--line); border-radius: 99px; color: var(--quiet); font-size: 12px; }
dl { margin: 0; } dl > div { padding: 8px 0; border-top: 1px solid var(--line); } dl > div:first-child { border-top: 0; }
dd { margin: 2px 0 0; overflow-wrap: anywhere; } .type { color: var(--quiet); font-size: 13px; }
.answers { margin: 0; padding: 0; list-style: none; }
.answers li { display: grid; grid-template-columns: 48px minmax(0, 1fr); gap: 8px; padding: 7px 0; border-top: 1px solid var(--line); font-size: 14px; }
.answers li:first-child { border-top: 0; }
.status { font-weight: 650; font-variant-numeric: tabular-nums; }
.s1, .s2 { color: var(--good); } .s3 { color: var(--accent); } .s4 { color: var(--waiting); } .s5 { color: var(--bad); }
.body { margin: 4px 0 0; }
summary { cursor: pointer; } pre { max-height: 440px; margin: 10px 0 0; padding: 14px 16px; overflow: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); font-size: 12.5px; }
@media (min-width: 900px) { body { display: grid; grid-template-columns: 272px minmax(0, 1fr); align-items: start; } nav { min-height: 100vh; } }
@media (max-width: 899px) {
  nav { position: static; max-height: none; padding: 14px 20px; border-right: 0; border-bottom: 1px solid var(--line); }
  nav > ul { display: flex; flex-wrap: wrap; gap: 4px 16px; } nav > ul > li { margin-top: 8px; } nav li ul { display: none; }
  main { padding: 28px 20px 80px; } h1 { font-size: 27px; } article { padding: 18px 16px; }
}
`;
