#!/bin/sh
# Makes the one executable that runs in every image: fully static, not position independent, stripped.
#
#   tools/static/build.sh [OUTDIR]     (default: build/static; the program is OUTDIR/seshat)
#
# Libraries that Debian has no lean static archive of are built from Debian's own source packages by recipes/*.sh,
# each once per state of its recipe (build/static-deps/NAME-HASH); the rest are Debian's .a files.
# Nothing outside build/ and OUTDIR is written, and no file of /etc is touched.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=${1:-$root/build/static}
deps=$root/build/static-deps

# shellcheck source=tools/static/sources.sh
. "$here/sources.sh"

say() { printf 'static: %s\n' "$*" >&2; }

# What a built library depends on: its recipe, how recipes are run, the compiler, and Debian's release of the library
# (so that a security update of the package leads to a new build).
recipe_hash() {
  {
    echo "$flags"
    cat "$here/recipes/$1.sh" "$here/sources.sh"
    gcc -dumpfullversion
    dpkg-query -W -f '${Package} ${Version}\n' libcurl4-openssl-dev libsolv-dev libsimdjson-dev libssl-dev \
      libnghttp2-dev libexpat1-dev libzstd-dev 2>/dev/null || true
  } | sha256sum | cut -c1-16
}

# -no-pie stands among the compiler's flags because old projects keep the linker's out of their checks.
flags="-fno-pie -no-pie -ffunction-sections -fdata-sections"

# Configures and installs one CMake project; recipes call it with their options.
cmake_install() {
  source_dir=$1
  prefix=$2
  shift 2
  launcher=$(command -v ccache || true)
  cmake -G Ninja -S "$source_dir" -B "$source_dir/seshat-build" -Wno-dev \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
    -DCMAKE_POSITION_INDEPENDENT_CODE=OFF -DBUILD_SHARED_LIBS=OFF \
    -DCMAKE_C_COMPILER_LAUNCHER="$launcher" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" \
    -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" "$@" &&
    cmake --build "$source_dir/seshat-build" --target install
}

# Builds one library unless this state of its recipe was built before; adds its place to $prefixes.
library() {
  name=$1
  prefix=$deps/$name-$(recipe_hash "$name")
  prefixes=${prefixes:+$prefixes;}$prefix
  [ -e "$prefix/.complete" ] && return 0
  say "building $name (once; log: $prefix.log)"
  work=$deps/work-$name
  rm -rf "$prefix" "$work"
  mkdir -p "$prefix" "$work"
  # shellcheck source=/dev/null  # a recipe defines build_library
  if ! (
    . "$here/recipes/$name.sh" &&
      fetch_source "$name" "$deps/apt" "$work" &&
      build_library "$work/source" "$prefix"
  ) >"$prefix.log" 2>&1; then
    tail -n 30 "$prefix.log" >&2
    say "building $name failed; the whole log is $prefix.log"
    exit 1
  fi
  rm -rf "$work"
  : >"$prefix/.complete"
}

mkdir -p "$deps"
# Two builds at once would tread on each other: the second waits.
exec 9>"$deps/lock"
flock 9
prefixes=
for recipe in "$here"/recipes/*.sh; do
  library "$(basename "$recipe" .sh)"
done

cd "$root"
cmake --preset static -B "$out/tree" -DCMAKE_PREFIX_PATH="$prefixes" >"$out.log" 2>&1 || {
  tail -n 30 "$out.log" >&2
  say "configuring failed; the whole log is $out.log"
  exit 1
}
cmake --build "$out/tree" --target seshat
built=$(find "$out/tree" -type f -name seshat -perm -u+x | head -n 1)
strip -o "$out/seshat.new" "$built"
mv "$out/seshat.new" "$out/seshat"
say "$out/seshat: $(stat -c %s "$out/seshat") bytes"
