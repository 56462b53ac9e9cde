#!/bin/sh
# Starts the static executable in a root of another kind: foreign_roots_test.sh older_glibc|musl|no_libc. There it says
# its version, resolves a name from that root's /etc/hosts and locks over HTTP from an index on loopback; a name that
# nobody knows is an index that is unavailable, not a crash.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
# shellcheck source=tools/static/sources.sh
. "$SESHAT_SOURCE_DIR/tools/static/sources.sh"
kind=$1
need_root
need_program
need_commands chroot python3
make_work
make_wheels
root=$work/root
mkdir "$root"

# packages DIRECTORY NAME…: unpacks Debian packages of this machine's release, without installing them.
packages() {
  into=$1
  shift
  need_commands apt-get dpkg-deb
  mkdir -p "$cache/debs-$kind"
  if ! ls "$cache/debs-$kind"/*.deb >/dev/null 2>&1; then
    { private_lists "$cache/apt" deb && (cd "$cache/debs-$kind" && private_apt "$cache/apt" download "$@"); } \
      >"$work/apt.log" 2>&1 || skip "apt-get cannot download $*: $(tail -n 1 "$work/apt.log")"
  fi
  for deb in "$cache/debs-$kind"/*.deb; do dpkg-deb -x "$deb" "$into"; done
}

case $kind in
  older_glibc)
    # Debian 11 (glibc 2.31), with a name service module that a static program of another glibc must not load.
    need_commands mmdebstrap
    tar=$cache/older-glibc-$(cksum <"$0" | cut -d' ' -f1).tar
    mkdir -p "$cache"
    if [ ! -e "$tar" ]; then
      machine_sources deb | sed 's/bookworm/bullseye/g' >"$work/sources.list"
      mmdebstrap --quiet --variant=extract --include=libc6,libnss-myhostname bullseye "$tar.new.tar" \
        "$work/sources.list" >"$work/mmdebstrap.log" 2>&1 ||
        skip "this machine's mirror has no Debian 11 any more: $(grep -m 1 '^[EW]:' "$work/mmdebstrap.log")"
      mv "$tar.new.tar" "$tar"
    fi
    tar -C "$root" --exclude=./dev -xf "$tar"
    mkdir -p "$root/etc" "$root/tmp"
    echo 'hosts: files myhostname dns' >"$root/etc/nsswitch.conf"
    ls "$root"/lib/*/libc-2.31.so >/dev/null || fail "this is no root with glibc 2.31"
    ;;
  musl)
    packages "$root" musl busybox-static
    mkdir -p "$root/etc" "$root/tmp"
    echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
    chroot "$root" /bin/busybox ls /lib/ld-musl-x86_64.so.1 >/dev/null || skip "no musl for this architecture"
    ;;
  no_libc)
    mkdir -p "$root/etc" "$root/tmp"
    ;;
  *) fail "no such kind of root: $kind" ;;
esac
printf '127.0.0.1 localhost\n127.0.0.1 index.test\n' >"$root/etc/hosts"
# A resolver that answers at once with nothing, so that an unknown name is unknown soon.
printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >"$root/etc/resolv.conf"
cp "$SESHAT_STATIC_PROGRAM" "$root/seshat"
start_index

inside() { env -i HOME=/tmp SESHAT_CACHE_DIR=/tmp/cache PATH=/ "$(command -v chroot)" "$root" /seshat "$@"; }
lock() {
  inside advise --with greeter --python-version 3.11 --platform manylinux_2_17_x86_64 \
    --index-url "$1" --output /tmp/requirements.txt >"$work/log" 2>&1
}

inside --version || fail "the program does not start in this root"
lock "http://index.test:$index_port/simple/" || fail "no lock over HTTP: $(cat "$work/log")"
for pin in greeter==2.0 wording==1.1 harbour==0.3; do
  grep -q "^$pin" "$root/tmp/requirements.txt" || fail "$pin is not in the lock: $(cat "$root/tmp/requirements.txt")"
done
status=0
rm "$root/tmp/requirements.txt"
lock "http://unknown.test:$index_port/simple/" || status=$?
[ "$status" = 9 ] || fail "a name that nobody knows: exit code $status, not 9: $(cat "$work/log")"
[ ! -e "$root/tmp/requirements.txt" ] || fail "a lock was written without an index"
echo "locked in a root with $kind"
