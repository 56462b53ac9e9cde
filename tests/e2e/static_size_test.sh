#!/bin/sh
# The static executable is what every image can run: at most 12 MB, stripped, no interpreter, no shared library.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
need_program
need_commands readelf
size=$(stat -c %s "$SESHAT_STATIC_PROGRAM")
echo "$size bytes"
[ "$size" -le 12000000 ] || fail "$size bytes, more than 12,000,000"
readelf -hldW "$SESHAT_STATIC_PROGRAM" >"/dev/null" || fail "not an ELF file"
readelf -hW "$SESHAT_STATIC_PROGRAM" | grep -q 'Type: *EXEC' || fail "not an executable at a fixed address"
! readelf -lW "$SESHAT_STATIC_PROGRAM" | grep -q INTERP || fail "asks for a dynamic loader"
! readelf -dW "$SESHAT_STATIC_PROGRAM" | grep -q NEEDED || fail "needs a shared library"
! readelf -SW "$SESHAT_STATIC_PROGRAM" | grep -q '\.symtab' || fail "is not stripped"
"$SESHAT_STATIC_PROGRAM" --version
