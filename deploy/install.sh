#!/bin/sh
# Puts centre and edge on one box under systemd: users, secrets, units. As root, from a tree in /opt/regulars after `npm ci`:
#
#   sh /opt/regulars/deploy/install.sh
#
# Run again after an upgrade: units are brought up to date, and what is in /etc/regulars is never written over.
# `--root DIR` puts everything below DIR and calls no systemctl, to look at it first.
set -eu
umask 077

root=
if [ "${1:-}" = --root ]; then
  root=${2:?--root needs a folder}
elif [ $# -gt 0 ]; then
  echo "Usage: install.sh [--root DIR]" >&2
  exit 1
elif [ "$(id -u)" -ne 0 ]; then
  echo "install.sh has to be run as root; with --root DIR it shows what it would install." >&2
  exit 1
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if [ ! -x "$here/../node_modules/node/bin/node" ]; then
  echo "There are no packages in this tree: run \"npm ci\" in it first." >&2
  exit 1
fi

etc=$root/etc/regulars
mkdir -p "$etc" "$root/etc/systemd/system" "$root/usr/lib/sysusers.d"
chmod 0700 "$etc"

draw() { od -An -vtx1 -N32 /dev/urandom | tr -d ' \n'; }
# Those that both parts have, once.
if [ ! -e "$etc/centre.env" ] && [ ! -e "$etc/edge.env" ]; then
  pepper=$(draw)
  token=$(draw)
  {
    echo "# Of the centre. Read by systemd alone. What each is, and how it is changed: docs/deploy.md."
    echo "REGULARS_PEPPER=$pepper"
    echo "REGULARS_CENTRAL_TOKEN=$token"
    echo "REGULARS_CONSOLE_PASSWORD=$(draw)"
    echo "REGULARS_CENTRE_OPTIONS=--host=127.0.0.1 --port=8790 --edge=http://127.0.0.1:8787 --country=GB"
    echo "#REGULARS_CONSOLE_ORIGIN=https://console.example.com"
  } > "$etc/centre.env.new"
  {
    echo "# Of the edge. Read by systemd alone. What each is, and how it is changed: docs/deploy.md."
    echo "REGULARS_PEPPER=$pepper"
    echo "REGULARS_CENTRAL_TOKEN=$token"
    echo "REGULARS_EDGE_SECRET=$(draw)"
    echo "REGULARS_EDGE_OPTIONS=--host=127.0.0.1 --port=8787 --central=http://127.0.0.1:8790"
    echo "#IDP_ISSUER=https://id.example.com/"
  } > "$etc/edge.env.new"
  mv "$etc/centre.env.new" "$etc/centre.env"
  mv "$etc/edge.env.new" "$etc/edge.env"
elif [ ! -e "$etc/centre.env" ] || [ ! -e "$etc/edge.env" ]; then
  echo "Only one of $etc/centre.env and $etc/edge.env is there: both have to hold the same pepper and token." >&2
  exit 1
fi

for unit in regulars-centre.service regulars-edge.service regulars-backup@.service regulars-backup@.timer; do
  install -m 0644 "$here/systemd/$unit" "$root/etc/systemd/system/$unit"
done
install -m 0644 "$here/systemd/regulars.conf" "$root/usr/lib/sysusers.d/regulars.conf"

if [ -z "$root" ]; then
  systemd-sysusers regulars.conf
  systemctl daemon-reload
  systemctl enable --now regulars-centre regulars-edge regulars-backup@centre.timer regulars-backup@edge.timer
fi
echo "Installed. Secrets are in $etc: keep a copy of the pepper where no backup of this machine is."
