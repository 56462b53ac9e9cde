#!/bin/sh
# Fixture: makes the static executable that the other end-to-end tests run.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
need_commands apt-get cmake ninja gcc
"$SESHAT_SOURCE_DIR/tools/static/build.sh" "$(dirname "$SESHAT_STATIC_PROGRAM")"
