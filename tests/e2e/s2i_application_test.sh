#!/bin/sh
# An application of examples/s2i, without a container: s2i_application_test.sh NAME. Assembled by s2i/bin/assemble into a
# virtual environment of this machine, as a builder image without scripts of its own has it; started by s2i/bin/run; asked
# over HTTP. Its packages are stand-ins with the shape of the real ones. Then again, incrementally,
# with what s2i/bin/save-artifacts kept, of which one file is damaged.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
name=$1
need_program
need_commands python3
make_work
mkdir -p "$work/wheels"
shape=$here/stand_ins
wheel stand-in-server 1.0 "--file=stand_in_server/__init__.py=$shape/server.py"
wheel flask 3.0 stand-in-server "--file=flask/__init__.py=$shape/flask.py"
wheel gunicorn 22.0 stand-in-server "--file=gunicorn/__init__.py=$shape/gunicorn.py" --script=gunicorn=gunicorn:run
wheel uwsgi 2.0.26 stand-in-server "--file=uwsgi/__init__.py=$shape/uwsgi.py" --script=uwsgi=uwsgi:run
wheel django 5.0 stand-in-server "--file=django/http.py=$shape/django/http.py" "--file=django/urls.py=$shape/django/urls.py" \
  "--file=django/core/management.py=$shape/django/management.py"
start_index

system_python=/usr/bin/python3
[ -x "$system_python" ] || system_python=$(command -v python3)
environment() {
  rm -rf "$work/root"
  mkdir -p "$work/root/src"
  "$system_python" -m venv --without-pip "$work/root"
}
# The builder image's variables, and nothing else.
in_image() {
  env -i HOME="$work/root/src" APP_ROOT="$work/root" PATH="$work/root/bin:/usr/local/bin:/usr/bin:/bin" TMPDIR="${TMPDIR:-/tmp}" \
    STI_SCRIPTS_PATH=/nowhere SESHAT_S2I_SOURCE="$work/src" SESHAT_S2I_ARTIFACTS="$work/artifacts" SESHAT_INDEX_URL="$index_url" \
    SESHAT_PROGRAM="$SESHAT_STATIC_PROGRAM" SESHAT_INCREMENTAL=1 PORT="${port:-0}" "$@"
}
assemble() {
  environment
  in_image "$SESHAT_SOURCE_DIR/s2i/bin/assemble" >"$work/log" 2>&1 || fail "assemble ended with $?: $(cat "$work/log")"
  tail -n 1 "$work/log"
}
# Starts it and asks it.
answers() {
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  in_image "$SESHAT_SOURCE_DIR/s2i/bin/run" >"$work/run.log" 2>&1 &
  running=$!
  "$here/ask.py" "http://127.0.0.1:$port/" >"$work/answer" || fail "no answer: $(cat "$work/run.log")"
  wait "$running" || fail "the application ended with $?: $(cat "$work/run.log")"
  [ "$(cat "$work/answer")" = "hello from $name" ] || fail "it answered $(cat "$work/answer")"
}

cp -R "$SESHAT_SOURCE_DIR/examples/s2i/$name" "$work/src"
# The example names an index that is none.
[ "$name" != pipfile ] || sed -i "s|https://pypi.example/simple|${index_url%/}|" "$work/src/Pipfile"
chmod -R a-w "$work/src"  # a source tree may be read-only
assemble
answers
mkdir "$work/artifacts"
in_image "$SESHAT_SOURCE_DIR/s2i/bin/save-artifacts" >"$work/artifacts.tar" 2>"$work/save.log"
tar -C "$work/artifacts" -xf "$work/artifacts.tar"
[ -n "$(find "$work/artifacts" -type f)" ] || fail "nothing was kept: $(cat "$work/save.log")"
# What is kept is taken, and not taken on trust: one file is damaged.
damaged=$(find "$work/artifacts" -type f -size +100c | sort | head -n 1)
printf 'damaged' | dd of="$damaged" bs=1 seek=50 conv=notrunc 2>/dev/null
assemble
answers
say_what_was_asked
twice=$(grep -E '^GET /files/.*\.whl ' "$work/index.log" | sort | uniq -d)
echo "$name: $(printf '%s' "$twice" | grep -c . || true) of $(grep -cE '^GET /files/.*\.whl ' "$work/index.log") files asked for twice"
chmod -R u+w "$work/src"
