/** Text of the reference page: escaped, with code set as code. */
import type { html } from "hono/html";

export type Html = ReturnType<typeof html>;

export const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/** Escaped, then code between backticks set as code. */
export const inlineCode = (text: string): string =>
  escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>");

export const breakable = (path: string): string =>
  escaped(path)
    .replaceAll("/", "/<wbr />")
    .replace(/\{\w+\}/g, (name) => `<span class="param">${name}</span>`);

/** JSON with its names and values told apart; HTML. */
export const jsonText = (value: unknown): string =>
  escaped(JSON.stringify(value, null, 2)).replace(
    /(&quot;(?:[^&\\]|\\.|&(?!quot;))*&quot;)(:?)|\b(true|false|null)\b|(-?\b\d+(?:\.\d+)?\b)/g,
    (all, text?: string, colon?: string, word?: string, number?: string) => {
      if (text !== undefined) {
        return colon === ":" ? `<span class="k">${text}</span>:` : `<span class="s">${text}</span>`;
      }
      return word !== undefined || number !== undefined ? `<span class="n">${all}</span>` : all;
    },
  );
