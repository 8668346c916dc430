/// <reference types="node" />
// Loaded before an entry and in plain JavaScript: an older Node cannot read the TypeScript that would say this.
if (Number(process.versions.node.split(".")[0]) < 24) {
  process.stderr.write(
    'A part is missing (Node 24): run "npm ci", which brings it, and try again.\n',
  );
  process.exit(1);
}
