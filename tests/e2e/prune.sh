#!/bin/sh
# Fixture's end: removes the layers that builds left in our store; base images stay.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
need_containers
store rmi --prune >/dev/null 2>&1 || true
