/** Keys of the console: `data-key="a"` on a button or link is pressed by that key, on a field is gone to, unless somebody is typing. */
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof Element && event.target.closest("input, textarea, select")) return;
  const key = CSS.escape(event.key.toLowerCase());
  const named = document.querySelector(`[data-key="${key}"]`);
  if (!(named instanceof HTMLElement)) return;
  event.preventDefault();
  if (named.matches("input, textarea, select")) named.focus();
  else named.click();
});
