#!/bin/sh
# Makes the Debian base image of the builds, once: minbase with python3, venv and pip, from the machine's own mirror.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
# shellcheck source=tools/static/sources.sh
. "$SESHAT_SOURCE_DIR/tools/static/sources.sh"
need_containers
exec 8>"$cache/base.lock"
flock 8

release=$(. /etc/os-release && echo "$VERSION_CODENAME")
tar=$cache/debian-$(cksum <"$0" | cut -d' ' -f1).tar
if [ ! -e "$tar" ]; then
  machine_sources deb >"$cache/sources.list"
  mmdebstrap --quiet --variant=minbase --include=python3,python3-venv,python3-pip \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' "$release" "$tar.new.tar" "$cache/sources.list" ||
    skip "mmdebstrap cannot make a Debian $release root from this machine's mirror"
  mv "$tar.new.tar" "$tar"
fi
ln -sf "$(basename "$tar")" "$cache/debian.tar"
have_image localhost/seshat-e2e/debian || import_image localhost/seshat-e2e/debian "$tar"
