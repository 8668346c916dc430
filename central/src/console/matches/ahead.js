/** The next pair is here before the verdict on this one is: shown at once, and replaced by the answer, which alone counts. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target;
  if (!(form instanceof Element) || !form.matches("form.verdict")) return;
  const next = document.querySelector("#ahead .pair");
  if (!(next instanceof HTMLElement)) return;
  document.querySelector("#match > .pair")?.replaceWith(next);
  // Nobody decides about what only seems to be here.
  form.toggleAttribute("inert", true);
  window.scrollTo(0, 0);
});

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, () => {
    if (document.querySelector("form.verdict[inert]")) window.location.reload();
  });
}
