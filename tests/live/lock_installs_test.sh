#!/bin/sh
# Against the index that this machine's pip asks by itself: what is locked is what pip installs, hash by hash, and the
# second run asks nothing.
set -eu
seshat=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work"
fail() { echo "FAILED: $1" >&2; exit 1; }

python3 -m venv venv || { echo "skipped: python3 has no venv"; exit 77; }
printf '%s\n' flask 'requests[socks]' 'numpy; python_version >= "3.9"' >requirements.in
export SESHAT_CACHE_DIR="$work/store"
"$seshat" advise requirements.in -o lock.txt -o pylock.toml
venv/bin/pip install -q --no-deps --require-hashes -r lock.txt
venv/bin/pip check
venv/bin/python -c 'import flask, numpy, requests, socks'

cp lock.txt first.txt
"$seshat" advise requirements.in -o lock.txt --upgrade --offline -q
cmp first.txt lock.txt || fail "the lock of an offline run is another one"
"$seshat" advise requirements.in -o lock.txt -o pylock.toml --check

"$seshat" fetch pylock.toml -d wheelhouse
python3 -m venv other
"$seshat" install pylock.toml --find-links wheelhouse --python "$work/other/bin/python3" ||
  fail "the lock cannot be installed from its wheelhouse"
other/bin/python -c 'import flask, numpy, requests, socks'
echo "passed"
