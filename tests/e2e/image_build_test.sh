#!/bin/sh
# One cell of the builds with real Buildah: image_build_test.sh CELL. Each builds s2i/Containerfile.example from a
# base image and an index made here, and says how the build has to end. What must stop, stops with its exit code, one
# clear last line of ours and no image.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
cell=$1
image=localhost/seshat-e2e/app-$cell
need_containers
need_program
make_work
make_wheels
start_index

# The build context, as a user would lay it out.
context=$work/context
mkdir "$context"
cp "$SESHAT_STATIC_PROGRAM" "$context/seshat"
cp "$SESHAT_SOURCE_DIR/s2i/Containerfile.example" "$context/Containerfile"
echo 'print("no application")' >"$context/app.py"

# build BASE ARGUMENT…: what a user types, on our store. Output in $work/log.
build() {
  base=localhost/seshat-e2e/$1
  shift
  have_image "$base" || skip "needs the image $base (its fixture was skipped)"
  store bud --force-rm --isolation oci --runtime runc --layers --build-arg "BASE=$base" \
    --build-arg "SESHAT_INDEX_URL=$index_url" "$@" "$context" >"$work/log" 2>&1
}

# stops BASE CODE PATTERN: the build ends with CODE; the program's last line has PATTERN; no image is left.
stops() {
  status=0
  build "$1" --network host -t "$image" || status=$?
  # Buildah closes with a line of its own ("Error: …", "error building …"); ours is the one before.
  last=$(grep -viE '^(error|time=|.*level=)' "$work/log" | grep . | tail -n 1)
  printf 'exit code %s, last line: %s\n' "$status" "$last"
  [ "$status" = "$2" ] || fail "the build ended with $status, not $2: $(cat "$work/log")"
  printf '%s\n' "$last" | grep -qiE "$3" || fail "the last line does not say /$3/: $(cat "$work/log")"
  ! have_image "$image" || fail "the build stopped, but there is an image $image"
}

# Locks in an image without installing: what the lock stage leaves behind is in $work/lock.
locks() {
  build "$1" --network host --target wheelhouse -t "$image" || fail "the build did not lock: $(cat "$work/log")"
  container=$(store from "$image")
  cp "$(store mount "$container")/app/requirements.txt" "$work/lock"
  store rm "$container" >/dev/null
  store rmi -f "$image" >/dev/null
}

case $cell in
  accepted)
    echo 'greeter' >"$context/requirements.in"
    cat >"$context/app.py" <<'APP'
import greeter, wording, harbour
print("imported", greeter.__version__, wording.__version__, harbour.__version__)
APP
    build debian --network host --target wheelhouse || fail "locking and fetching: $(cat "$work/log")"
    kill "$index_pid" && index_pid=
    build debian --network none -t "$image" || fail "installing without network: $(cat "$work/log")"
    grep -q 'Using cache' "$work/log" || fail "the second build did not take the lock from the first"
    container=$(store from "$image")
    said=$(store run --isolation oci --runtime runc --network none "$container" -- /app/venv/bin/python /app/app.py)
    left=$(store run --isolation oci --runtime runc --network none "$container" -- \
      sh -c 'ls /app /usr/local/bin; ls /sys/class/net')
    store rm "$container" >/dev/null
    store rmi -f "$image" >/dev/null
    [ "$said" = 'imported 2.0 1.1 0.3' ] || fail "the application said: $said"
    case $left in *seshat*) fail "the image that runs still holds seshat: $left" ;; esac
    echo "$said"
    ;;
  not_acceptable)
    printf 'pillow==8.3.0\nnumpy\n' >"$context/requirements.in"
    stops debian 8 'pillow.*8\.3\.0|numpy'
    ;;
  another_version)
    # The same pair, free to choose: another Pillow, no stop.
    printf 'pillow<8.3.1\nnumpy\n' >"$context/requirements.in"
    locks debian
    grep -q '^pillow==8\.2\.0' "$work/lock" || fail "expected pillow 8.2.0: $(cat "$work/lock")"
    ;;
  no_solution)
    printf 'greeter==2.0\nwording<1.1\n' >"$context/requirements.in"
    stops debian 4 'wording|greeter'
    ;;
  index_down)
    echo 'greeter' >"$context/requirements.in"
    kill "$index_pid" && index_pid=
    stops debian 9 "127\.0\.0\.1|index"
    ;;
  rpm_missing)
    echo 'gitpython' >"$context/requirements.in"
    stops rpm 8 'git'
    ;;
  rpm_present)
    echo 'gitpython' >"$context/requirements.in"
    locks rpm-git
    grep -q '^gitpython==3\.1\.30' "$work/lock" || fail "expected gitpython 3.1.30: $(cat "$work/lock")"
    ;;
  *) fail "no such cell: $cell" ;;
esac
