# What the end-to-end scripts stand on: where things are, how a script skips or fails, an index on loopback, an image
# store of our own. Sourced; knows nothing of what is tested.
#
# From CTest: SESHAT_SOURCE_DIR, SESHAT_STATIC_PROGRAM (the static executable), SESHAT_LOOPBACK_INDEX (tests/support).
# SESHAT_E2E_CACHE keeps base images from one run to the next (build/e2e-cache).
# shellcheck shell=sh

: "${SESHAT_SOURCE_DIR:?is set by CTest}" "${SESHAT_STATIC_PROGRAM:?is set by CTest}"
cache=${SESHAT_E2E_CACHE:-$SESHAT_SOURCE_DIR/build/e2e-cache}
here=$SESHAT_SOURCE_DIR/tests/e2e

skip() {
  echo "skipped: $*"
  exit 77
}

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

need_root() { [ "$(id -u)" = 0 ] || skip "needs root (chroot, containers), runs as uid $(id -u)"; }

need_commands() {
  for command in "$@"; do
    command -v "$command" >/dev/null 2>&1 || skip "needs $command, which is not installed (tools/packages.txt)"
  done
}

need_program() {
  [ -x "$SESHAT_STATIC_PROGRAM" ] ||
    skip "needs the static executable $SESHAT_STATIC_PROGRAM: run tools/static/build.sh"
}

# A directory that goes when the script ends, and with it the index.
make_work() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/seshat-e2e.XXXXXX")
  index_pid=
  trap 'clean_up' EXIT
  trap 'exit 1' INT TERM
}

clean_up() {
  [ -z "$index_pid" ] || kill "$index_pid" 2>/dev/null || true
  # Only what this script made; a root below it holds no mounts.
  rm -rf "$work"
}

wheel() { python3 "$here/make_wheel.py" "$work/wheels" "$@"; }

# Serves $work/wheels, with the words of index_options; sets index_port and index_url.
start_index() {
  # shellcheck disable=SC2086
  "$SESHAT_LOOPBACK_INDEX" "$work/wheels" --port-file "$work/port" ${index_options:-} >"$work/index.log" 2>&1 &
  index_pid=$!
  waited=0
  while [ ! -s "$work/port" ]; do
    kill -0 "$index_pid" 2>/dev/null || fail "the index did not start: $(cat "$work/index.log")"
    waited=$((waited + 1))
    [ "$waited" -lt 100 ] || fail "the index did not start within 10 s"
    sleep 0.1
  done
  index_port=$(cat "$work/port")
  # shellcheck disable=SC2034  # for the scripts that source this
  index_url=http://127.0.0.1:$index_port/simple/
}

# The index puts into $work/index.log what it was asked, one request a line.
say_what_was_asked() {
  kill -USR1 "$index_pid"
  waited=0
  until grep -q '^asked$' "$work/index.log"; do
    waited=$((waited + 1))
    [ "$waited" -lt 100 ] || fail "the index does not say what it was asked"
    sleep 0.1
  done
}

# The wheels that all builds are made from. Those with well-known names are stand-ins with the names and versions that
# shipped prescriptions speak of.
make_wheels() {
  mkdir -p "$work/wheels"
  wheel greeter 2.0 'wording>=1.1' 'harbour; python_version >= "3"'
  wheel greeter 1.0
  wheel wording 1.0
  wheel wording 1.1
  wheel harbour 0.3
  wheel pillow 8.2.0
  wheel pillow 8.3.0
  wheel pillow 8.3.1
  wheel numpy 1.21.0
  wheel gitpython 3.1.30
}

# buildah with a store of its own, so that the machine's images are neither used nor changed.
store() { buildah --root "$cache/storage" --runroot "$cache/run" --storage-driver overlay "$@"; }

need_containers() {
  need_root
  need_commands buildah runc mmdebstrap python3
  mkdir -p "$cache"
  if [ ! -e "$cache/containers-work" ]; then
    container=$(store from scratch 2>/dev/null) || skip "buildah cannot make a container with overlay storage in $cache"
    store mount "$container" >/dev/null 2>&1 || skip "buildah cannot mount a container with overlay storage in $cache"
    store commit -q "$container" localhost/seshat-e2e/probe >/dev/null 2>&1 ||
      skip "buildah cannot make an image in $cache (in a bare chroot, / has to be a mount point)"
    store rm "$container" >/dev/null
    : >"$cache/containers-work"
  fi
}

have_image() { store images -q "$1" 2>/dev/null | grep -q .; }

# import_image NAME TAR|DIRECTORY
import_image() {
  container=$(store from scratch)
  store add -q "$container" "$2" / >/dev/null
  store config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
  store commit -q "$container" "$1" >/dev/null
  store rm "$container" >/dev/null
}
