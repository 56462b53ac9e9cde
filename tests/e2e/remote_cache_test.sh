#!/bin/sh
# Many builds at once against one cold cache that they share: remote_cache_test.sh mkcol|condition|directory [BUILDS]. Each
# has a store of its own; some are killed on the way. No lock differs, the index sees each page at most twice; then the
# cache is damaged and the next build is right all the same; then it is gone, and that costs a warning.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
kind=$1 builds=${2:-200}
need_program
need_commands python3
make_work
make_wheels
for number in 1 2 3 4 5 6 7 8 9; do wheel "leaf$number" 1.0 wording; done
index_options='--max-age 600'
start_index
server_pid=
case $kind in
  directory) remote=$work/shared ;;
  *)
    option=
    [ "$kind" = mkcol ] || option=--no-mkcol
    # shellcheck disable=SC2086
    python3 "$here/cache_server.py" "$work/shared" "$work/cache-port" $option &
    server_pid=$!
    trap 'kill "$server_pid" 2>/dev/null || true; clean_up' EXIT
    until [ -s "$work/cache-port" ]; do sleep 0.1; done
    remote=http://127.0.0.1:$(cat "$work/cache-port")/
    ;;
esac
python3 "$here/swarm.py" "$SESHAT_STATIC_PROGRAM" "$index_url" "$remote" "$work/swarm" "$builds" || fail "the swarm"
say_what_was_asked
grep -E '^GET /simple/[a-z0-9-]+/ ' "$work/index.log" | sort | uniq -c | sort -rn >"$work/asked"
echo "pages asked of the index: $(awk '{ all += $1 } END { print all + 0 }' "$work/asked"), at most $(awk 'NR == 1 { print $1 }' "$work/asked") times each"
awk '$1 > 2 { exit 1 }' "$work/asked" || fail "the index was asked more than twice for a page: $(cat "$work/asked")"

lock() {
  "$SESHAT_STATIC_PROGRAM" advise --with greeter --with leaf1 --python-version 3.11 --platform manylinux_2_17_x86_64 \
    --index-url "$index_url" --no-cache --remote-cache "$remote" -o "$work/pylock.toml" >"$work/log" 2>&1 ||
    fail "no lock: $(cat "$work/log")"
  cmp "$work/pylock.toml" "$work/swarm/lock" || fail "another lock than the swarm's"
  rm "$work/pylock.toml"
}
for file in "$work/shared"/page-*; do printf 'x' | dd of="$file" bs=1 seek=200 conv=notrunc 2>/dev/null; done
lock
[ -z "$server_pid" ] || kill "$server_pid"
[ "$kind" != directory ] || { rm -rf "$work/shared" && : >"$work/shared"; }
lock
grep -q '^warning: the cache' "$work/log" || fail "a cache that is gone is not warned of: $(cat "$work/log")"
