#!/bin/sh
# The ways in which an image is built, in one base image: build_matrix_test.sh debian|rpm run|inside|outside|s2i. Each
# way with every outcome: exit code, the program's last line, and what is in the image, or that there is none.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
base=$1 way=$2
need_containers
need_program
need_commands gcc
have_image "localhost/seshat-e2e/$base" || skip "needs the image $base (its fixture was skipped)"
make_work
make_wheels
# An extension module that needs a library which no image has.
echo 'int nobody_has_this(void) { return 1; }' >"$work/library.c"
echo 'int nobody_has_this(void); int needs(void) { return nobody_has_this(); }' >"$work/module.c"
gcc -shared -fPIC -Wl,-soname,libnobody.so.7 -o "$work/libnobody.so" "$work/library.c"
gcc -shared -fPIC -o "$work/module.so" "$work/module.c" -L"$work" -lnobody
wheel needy 1.0 --tag=py3-none-manylinux2014_x86_64 "--file=needy/native.abi3.so=$work/module.so"
start_index
context=$work/context
secret=walk-in-the-park-7310
image=localhost/seshat-e2e/matrix-$base-$way
mkdir "$context" "$work/upload"
cp "$SESHAT_STATIC_PROGRAM" "$context/seshat"
# shellcheck source=tests/e2e/s2i_builder.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/s2i_builder.sh"
[ "$way" != s2i ] || make_builder "$base"

# What a user types for this way, with the application in $work/app. Output in $work/log.
build() {
  case $way in
    run)
      rm -rf "$context/app"
      cp -R "$work/app" "$context/app"
      store bud --no-cache --force-rm --isolation oci --runtime runc --network host --build-arg "BASE=localhost/seshat-e2e/$base" \
        --build-arg "SESHAT_INDEX_URL=$url" -f "$SESHAT_SOURCE_DIR/s2i/Containerfile.single-stage" -t "$image" "$context"
      ;;
    inside | outside)
      BUILDAH="buildah --root $cache/storage --runroot $cache/run --storage-driver overlay" \
        SESHAT_PROGRAM=$SESHAT_STATIC_PROGRAM SESHAT_INDEX_URL=$url \
        "$SESHAT_SOURCE_DIR/s2i/buildah.sh" "$way" "localhost/seshat-e2e/$base" "$work/app" "$image"
      ;;
    s2i) s2i_build "$base" "$work/app" "$image" "SESHAT_INDEX_URL=$url" ;;
  esac >"$work/log" 2>&1
}

# outcome NAME CODE LAST-LINE-PATTERN REQUIREMENT…
outcome() {
  name=$1 code=$2 pattern=$3
  shift 3
  rm -rf "$work/app"
  mkdir "$work/app"
  printf '%s\n' "$@" >"$work/app/requirements.txt"
  echo 'import greeter, wording, harbour; print("imported", greeter.__version__, wording.__version__)' >"$work/app/app.py"
  status=0
  build || status=$?
  last=$(grep -E '^seshat: ' "$work/log" | tail -n 1)
  printf '%-16s exit code %2s, last line: %s\n' "$name" "$status" "$last"
  [ "$status" = "$code" ] || fail "$name: the build ended with $status, not $code: $(cat "$work/log")"
  printf '%s\n' "$last" | grep -qE "$pattern" || fail "$name: the last line does not say /$pattern/: $(cat "$work/log")"
  if [ "$code" = 0 ]; then look_into; else ! have_image "$image" || fail "$name: the build stopped, but there is an image"; fi
}

# Of an image that was made: the application runs, as an unknown user of group 0 and without a network; lock and report
# are there; Seshat, wheels, caches and bytecode are not.
look_into() {
  container=$(store from "$image")
  root=$(store mount "$container")
  case $way in
    s2i) place=$root/opt/app-root python=/opt/app-root/bin/python3 start=/opt/app-root/src/app.py report=$place/.seshat ;;
    *) place=$root/opt/app python=/opt/app/venv/bin/python start=/opt/app/src/app.py report=$place/venv/share/seshat ;;
  esac
  said=$(store run --isolation oci --runtime runc --network none --user 1000680000:0 "$container" -- "$python" -B "$start")
  [ "$said" = 'imported 2.0 1.1' ] || fail "the application said: $said"
  [ -s "$report/pylock.toml" ] || fail "there is no lock in the image"
  grep -q '"outcome": "locked"' "$report/report.json" || fail "there is no report in the image"
  left=$(find "$place" "$root/tmp" "$root/root" -name '*.whl' -o -name 'seshat-*' -o -name '.cache' -o -name 'greeter*.pyc')
  [ -z "$left" ] || fail "left behind: $left"
  [ "$way" = s2i ] || [ ! -e "$root/run/seshat" ] || [ ! -s "$root/run/seshat" ] || fail "Seshat is in the image"
  store rm "$container" >/dev/null
  store rmi -f "$image" >/dev/null
}

url=$index_url
outcome accepted 0 '^seshat: done|^seshat: done: locked and fetched' greeter
outcome not_acceptable 8 'not acceptable.*(8\.3\.0|[Nn]um[Pp]y)' pillow==8.3.0 numpy
outcome no_solution 4 'no solution' greeter==2.0 'wording<1.1'
outcome missing_library 11 'needy needs libnobody\.so\.7' needy
url=http://someone:$secret@127.0.0.1:1/simple/
outcome index_down 9 'index unavailable|127\.0\.0\.1' greeter
! grep -q "$secret" "$work/log" || grep -q "SESHAT_INDEX_URL=.*$secret" "$work/log" || fail "the log shows the index's password"
