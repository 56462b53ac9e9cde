#!/bin/sh
# An image with musl, from outside of it: decided and downloaded for it, with every outcome of build_matrix_test.sh.
# Debian packs musl and no Python for it, so the image's interpreter is an ELF file that only says what it is, and what
# would have to run it (the other ways of building) is left out.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
# shellcheck source=tools/static/sources.sh
. "$SESHAT_SOURCE_DIR/tools/static/sources.sh"
need_program
need_commands gcc apt-get dpkg-deb python3
make_work
make_wheels
root=$work/root
mkdir -p "$root/usr/bin" "$root/usr/lib/python3.11/site-packages" "$root/etc" "$cache/debs-musl"
if ! ls "$cache/debs-musl"/*.deb >/dev/null 2>&1; then
  { private_lists "$cache/apt" deb && (cd "$cache/debs-musl" && private_apt "$cache/apt" download musl busybox-static); } \
    >"$work/apt.log" 2>&1 || skip "apt-get cannot download musl: $(tail -n 1 "$work/apt.log")"
fi
for deb in "$cache/debs-musl"/musl_*.deb; do dpkg-deb -x "$deb" "$root"; done
printf 'ID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME="A stand-in of Alpine"\n' >"$root/etc/os-release"
echo 'int _start(void) { return 0; }' >"$work/python.c"
gcc -nostdlib -nostartfiles -o "$root/usr/bin/python3.11" "$work/python.c" -pie -fPIE \
  -Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1 2>"$work/gcc.log" || skip "gcc cannot link it: $(cat "$work/gcc.log")"
ln -s python3.11 "$root/usr/bin/python3"

echo 'int nobody_has_this(void) { return 1; }' >"$work/library.c"
echo 'int nobody_has_this(void); int needs(void) { return nobody_has_this(); }' >"$work/module.c"
gcc -shared -nostdlib -fPIC -Wl,-soname,libnobody.so.7 -o "$work/libnobody.so" "$work/library.c"
gcc -shared -nostdlib -fPIC -o "$work/module.so" "$work/module.c" -L"$work" -lnobody
wheel needy 1.0 --tag=py3-none-musllinux_1_1_x86_64 "--file=needy/native.abi3.so=$work/module.so"
wheel native 1.0 --tag=py3-none-musllinux_1_1_x86_64
wheel native 2.0 --tag=py3-none-manylinux2014_x86_64
start_index

# outcome NAME CODE LAST-LINE-PATTERN REQUIREMENT…
outcome() {
  name=$1 code=$2 pattern=$3
  shift 3
  rm -rf "$work/app" "$work/decided" "$work/fetched"
  mkdir "$work/app"
  printf '%s\n' "$@" >"$work/app/requirements.txt"
  status=0
  SESHAT_INDEX_URL=$url "$SESHAT_STATIC_PROGRAM" build-hook --root "$root" --directory "$work/app" \
    --output-directory "$work/decided" --wheelhouse "$work/fetched" >"$work/log" 2>&1 || status=$?
  last=$(grep -E '^seshat: ' "$work/log" | tail -n 1)
  printf '%-16s exit code %2s, last line: %s\n' "$name" "$status" "$last"
  [ "$status" = "$code" ] || fail "$name: it ended with $status, not $code: $(cat "$work/log")"
  printf '%s\n' "$last" | grep -qE "$pattern" || fail "$name: the last line does not say /$pattern/: $(cat "$work/log")"
}

before=$(find "$root" | sort | cksum)
url=$index_url
outcome accepted 0 'locked and fetched' greeter native
[ -e "$work/fetched/native-1.0-py3-none-musllinux_1_1_x86_64.whl" ] || fail "not the wheel for musl: $(ls "$work/fetched")"
outcome not_acceptable 8 'not acceptable' pillow==8.3.0 numpy
outcome no_solution 4 'no solution' native==2.0
outcome missing_library 11 'needy needs libnobody' needy
url=http://127.0.0.1:1/simple/
outcome index_down 9 'index unavailable' greeter
[ "$before" = "$(find "$root" | sort | cksum)" ] || fail "something was written into the image"
