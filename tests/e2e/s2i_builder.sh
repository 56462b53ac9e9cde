# A Source-to-Image builder image as upstream's Python images are, and builds with it as OpenShift makes them: a
# Containerfile that is generated, run by Buildah. Sourced after ground.sh.
# shellcheck shell=sh
: "${work:?}" "${here:?}"

# make_upstream BASE: user 1001, a virtual environment in /opt/app-root, scripts that move the sources and run pip.
make_upstream() {
  upstream=localhost/seshat-e2e/upstream-$1:$(cksum <"$here/s2i_builder.sh" | cut -d' ' -f1)
  have_image "$upstream" && return
  mkdir -p "$work/upstream"
  cat >"$work/upstream/assemble" <<'SCRIPT'
#!/bin/sh
set -e
if [ -n "$ENABLE_PIPENV" ] && [ -n "$ENABLE_MICROPIPENV" ]; then echo 'two tools' >&2; exit 3; fi
mkdir -p "$HOME"
cp -R /tmp/src/. "$HOME/"
cd "$HOME"
if [ -e requirements.txt ]; then python3 -m pip install --no-cache-dir --disable-pip-version-check --no-compile -r requirements.txt; fi
if [ -e setup.py ] && [ -z "$DISABLE_SETUP_PY_PROCESSING" ]; then python3 -m pip install --no-cache-dir --no-deps --no-build-isolation .; fi
chgrp -R 0 "$HOME"
chmod -R g=u "$HOME"
SCRIPT
  cat >"$work/upstream/run" <<'SCRIPT'
#!/bin/sh
cd "$HOME"
exec python3 "${APP_FILE:-app.py}"
SCRIPT
  chmod +x "$work/upstream/assemble" "$work/upstream/run"
  cat >"$work/upstream/Containerfile" <<SCRIPT
FROM localhost/seshat-e2e/$1
ENV STI_SCRIPTS_PATH=/usr/libexec/s2i APP_ROOT=/opt/app-root HOME=/opt/app-root/src \
    PATH=/opt/app-root/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN python3 -m venv /opt/app-root && mkdir -p /opt/app-root/src && chown -R 1001:0 /opt/app-root && \
    chmod -R g=u /opt/app-root
COPY assemble run /usr/libexec/s2i/
USER 1001
SCRIPT
  store bud -q --no-cache --force-rm --isolation oci --runtime runc --network none -t "$upstream" "$work/upstream" >"$work/upstream.log" 2>&1 ||
    fail "the stand-in of upstream's builder: $(cat "$work/upstream.log")"
}

# make_builder BASE: upstream's and Seshat, by our own Containerfile. Sets builder.
make_builder() {
  make_upstream "$1"
  mkdir -p "$work/builder"
  cp "$SESHAT_STATIC_PROGRAM" "$work/builder/seshat"
  cp -R "$SESHAT_SOURCE_DIR/s2i/bin" "$work/builder/bin"
  builder=localhost/seshat-e2e/s2i-$1
  store bud -q --no-cache --force-rm --isolation oci --runtime runc --build-arg "BASE=$upstream" \
    -f "$SESHAT_SOURCE_DIR/s2i/Containerfile.builder" -t "$builder" "$work/builder" >"$work/builder.log" 2>&1 ||
    fail "the builder image: $(cat "$work/builder.log")"
}

# s2i_build BASE APPLICATION IMAGE [VARIABLE=VALUE…]: as OpenShift does, from the builder that make_builder made.
s2i_build() {
  application=$2 result=$3
  shift 3
  rm -rf "$work/upload"
  mkdir -p "$work/upload"
  cp -R "$application" "$work/upload/src"
  [ ! -d "$work/artifacts" ] || cp -R "$work/artifacts" "$work/upload/artifacts"
  {
    echo "FROM $builder"
    for variable in "$@"; do echo "ENV $variable"; done
    echo 'USER root'
    echo 'COPY src /tmp/src'
    [ ! -d "$work/artifacts" ] || echo 'COPY artifacts /tmp/artifacts'
    echo 'RUN chown -R 1001:0 /tmp/src'
    echo 'USER 1001'
    echo 'RUN /usr/libexec/seshat-s2i/assemble'
    echo 'CMD /usr/libexec/seshat-s2i/run'
  } >"$work/upload/Containerfile"
  store bud --no-cache --force-rm --isolation oci --runtime runc --network host -t "$result" "$work/upload"
}
