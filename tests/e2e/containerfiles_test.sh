#!/bin/sh
# The Containerfiles that ship: containerfiles_test.sh single-stage|multi-stage|cached|rootless|distroless|secret|layers|hook.
# The application is started and answers over HTTP; `secret` builds from an index with a password and searches every
# layer for it; `layers` builds twice and compares the digests of the layers.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
cell=$1
need_containers
need_program
have_image localhost/seshat-e2e/debian || skip "needs the image debian (its fixture was skipped)"
make_work
make_wheels
context=$work/context
image=localhost/seshat-e2e/containerfile-$cell
mkdir -p "$context/app"
cp "$SESHAT_STATIC_PROGRAM" "$context/seshat"
echo greeter >"$context/app/requirements.txt"
cp "$here/answering_app.py" "$context/app/app.py"

# build NAME ARGUMENT…
build() {
  name=$1
  shift
  store bud --no-cache --force-rm --isolation oci --runtime runc --network host --build-arg BASE=localhost/seshat-e2e/debian \
    -f "$SESHAT_SOURCE_DIR/s2i/Containerfile.$name" -t "$image" "$@" "$context" >"$work/log" 2>&1 ||
    fail "the build ended with $?: $(cat "$work/log")"
}

# Starts the image as an unknown user of group 0, and asks it over HTTP.
answers() {
  container=$(store from "$image")
  "$here/answers.sh" "$cache" "$container" "$1" >"$work/answer" 2>&1 || fail "the application: $(cat "$work/answer")"
  grep -q '^greeter 2.0' "$work/answer" || fail "the application answered: $(cat "$work/answer")"
  root=$(store mount "$container")
  left=$(find "$root/opt" "$root/tmp" "$root/root" "$root/var/cache" "$root/usr/local/bin" -name '*.whl' -o -name 'seshat-*' \
    -o -name '.cache' -o -name 'pages.seshat' -o -path '*/local/bin/seshat')
  [ -z "$left" ] || fail "left behind: $left"
  store rm "$container" >/dev/null
  cat "$work/answer"
}

case $cell in
  single-stage | multi-stage | cached | rootless)
    start_index
    build "$cell" --build-arg "SESHAT_INDEX_URL=$index_url"
    answers /opt/app/venv/bin/python
    ;;
  distroless)
    # The base image without shell, pip and package manager: what its Python needs, and no more.
    start_index
    final=localhost/seshat-e2e/distroless
    container=$(store from localhost/seshat-e2e/debian)
    root=$(store mount "$container")
    rm -rf "$root/usr/bin/dash" "$root/usr/bin/sh" "$root/usr/bin/bash" "$root/usr/lib/python3/dist-packages/pip" \
      "$root/usr/bin/apt" "$root/usr/bin/dpkg" "$root/usr/bin/pip" "$root/usr/bin/pip3"
    store commit -q "$container" "$final" >/dev/null
    store rm "$container" >/dev/null
    build distroless --build-arg "FINAL=$final" --build-arg "SESHAT_INDEX_URL=$index_url"
    answers /usr/bin/python3
    store rmi -f "$final" >/dev/null 2>&1 || true
    ;;
  secret)
    secret=walk-in-the-park-7310
    index_options="--user builder:$secret"
    start_index
    printf 'machine 127.0.0.1\nlogin builder\npassword %s\n' "$secret" >"$work/netrc"
    build single-stage --build-arg "SESHAT_INDEX_URL=$index_url" --secret "id=netrc,src=$work/netrc"
    printf '[global]\nindex-url = http://builder:%s@127.0.0.1:%s/simple/\n' "$secret" "$index_port" >"$work/pip.conf"
    build single-stage --secret "id=pip.conf,src=$work/pip.conf"
    answers /opt/app/venv/bin/python
    # Every layer, configuration and history of the image.
    store push -q "$image" "oci:$work/oci" >/dev/null 2>&1 || fail "the image cannot be written out"
    encoded=$(printf 'builder:%s' "$secret" | base64)
    for blob in "$work"/oci/blobs/sha256/*; do
      for text in "$secret" "$encoded"; do
        ! { gzip -dc "$blob" 2>/dev/null || cat "$blob"; } | grep -qaF "$text" || fail "the password is in $blob"
      done
    done
    echo "$(find "$work/oci/blobs/sha256" -type f | wc -l) blobs searched: no secret"
    ;;
  layers)
    start_index
    export SOURCE_DATE_EPOCH=1700000000
    for time in first second; do
      build multi-stage --timestamp 1700000000 --build-arg "SESHAT_INDEX_URL=$index_url"
      container=$(store from "$image")
      root=$(store mount "$container")
      tar -C "$root/opt/app" --sort=name --numeric-owner --format=posix --pax-option=delete=atime,delete=ctime \
        -cf "$work/$time.tar" venv
      store rm "$container" >/dev/null
      store inspect --type image --format '{{range .OCIv1.RootFS.DiffIDs}}{{println .}}{{end}}' "$image" >"$work/$time.layers"
      sleep 1
    done
    cat "$work/first.layers"
    cmp "$work/first.tar" "$work/second.tar" || fail "the installed tree differs"
    cmp "$work/first.layers" "$work/second.layers" || fail "the layers differ"
    ;;
  hook)
    # A Containerfile that knows nothing of us installs what the image cannot load; the hook of the runtime stops it.
    need_commands gcc
    echo 'int nobody_has_this(void) { return 1; }' >"$work/library.c"
    echo 'int nobody_has_this(void); int needs(void) { return nobody_has_this(); }' >"$work/module.c"
    gcc -shared -fPIC -Wl,-soname,libnobody.so.7 -o "$work/libnobody.so" "$work/library.c"
    gcc -shared -fPIC -o "$context/module.so" "$work/module.c" -L"$work" -lnobody
    mkdir "$work/hooks"
    sed "s|/usr/local/bin/seshat|$SESHAT_STATIC_PROGRAM|" "$SESHAT_SOURCE_DIR/s2i/oci-hooks/seshat.json" >"$work/hooks/seshat.json"
    cat >"$context/Containerfile" <<'CONTAINERFILE'
FROM localhost/seshat-e2e/debian
COPY module.so /usr/local/lib/python3.11/dist-packages/needy/native.abi3.so
RUN true
CONTAINERFILE
    hooked() {
      store bud --no-cache --force-rm --isolation "$1" --runtime runc --hooks-dir "$work/hooks" -t "$image" "$context" >"$work/log" 2>&1
    }
    ! hooked oci || fail "the hook did not stop the build: $(cat "$work/log")"
    grep -q 'libnobody' "$work/log" || fail "the log does not say why: $(cat "$work/log")"
    # As s2i/oci-hooks/README.md says: this isolation runs no hooks.
    hooked chroot || fail "a hook where none is expected: $(cat "$work/log")"
    ;;
  *) fail "no such cell: $cell" ;;
esac
store rmi -f "$image" >/dev/null 2>&1 || true
