#!/bin/sh
# README.md is true: it names every package of tools/packages.txt and no other, every exit code of plugin/exit_code.h,
# every preset it speaks of exists, and .ci/run finds the test command in it.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
cd "$SESHAT_SOURCE_DIR"

setup=$(sed -n '/^## Set-up/,/^## /p' README.md)
awk '!/^#/ && NF { print $1 }' tools/packages.txt | while read -r package; do
  printf '%s\n' "$setup" | grep -qE "(^|[ ,:])$package([,;. ]|\$)" || fail "README.md, Set-up, does not name the package $package"
done

sed -nE 's/^ *k[A-Za-z]+ = ([0-9]+),.*/\1/p' plugin/exit_code.h | while read -r code; do
  grep -q "^| $code | " README.md || fail "README.md has no exit code $code (plugin/exit_code.h)"
done

grep -oE -- '--preset [a-z]+' README.md CONTRIBUTING.md | awk '{ print $2 }' | sort -u | while read -r preset; do
  grep -qE "\"name\": \"$preset\"" CMakePresets.json || fail "there is no preset $preset"
done

[ "$(grep -cE '^    tools/setup\.sh && cmake --workflow ' README.md)" = 1 ] || fail 'README.md has no one test command'
