#!/bin/sh
# Makes two RPM-based images, with and without git: the base image's Python and what it needs, packed into RPMs and
# installed by rpm into an empty root, so that the interpreter runs and rpm's database says who owns it.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
need_containers
need_commands rpmbuild rpm
exec 8>"$cache/rpm.lock"
flock 8
[ -e "$cache/debian.tar" ] || skip "needs the Debian base image"
made=$cache/rpm-$(cksum <"$0" | cut -d' ' -f1)
[ -e "$made" ] && have_image localhost/seshat-e2e/rpm && have_image localhost/seshat-e2e/rpm-git && exit 0

make_work
mkdir "$work/debian" "$work/stage"
tar -C "$work/debian" -xf "$cache/debian.tar" --exclude=./dev

# The files of Debian packages, as the package manager lists them; directories come with the files in them.
stage() {
  name=$1
  shift
  mkdir -p "$work/stage/$name"
  for package in "$@"; do
    for list in "$work/debian/var/lib/dpkg/info/$package.list" "$work/debian/var/lib/dpkg/info/$package:"*.list; do
      [ -e "$list" ] || continue
      sed -e 's|^/bin/|/usr/bin/|' -e 's|^/lib/|/usr/lib/|' -e 's|^/lib64/|/usr/lib64/|' -e 's|^/sbin/|/usr/sbin/|' "$list" |
        while read -r path; do
          if [ -f "$work/debian$path" ] || [ -L "$work/debian$path" ]; then echo ".$path"; fi
        done >"$work/files"
      tar -C "$work/debian" -cf - --no-recursion -T "$work/files" | tar -C "$work/stage/$name" -xf -
    done
  done
}

# pack NAME VERSION RELEASE: the staged files of NAME become one RPM.
pack() {
  (cd "$work/stage/$1" && find . -mindepth 1 ! -type d | sed 's|^\.|"|; s|$|"|' | sort) >"$work/$1.files"
  cat >"$work/$1.spec" <<SPEC
Name: $1
Version: $2
Release: $3
Summary: Stand-in of the end-to-end tests
License: None
AutoReqProv: no
%description
Stand-in of the end-to-end tests.
%install
mkdir -p %{buildroot}
cp -a "$work/stage/$1/." %{buildroot}/
%files -f $work/$1.files
SPEC
  rpmbuild -bb --quiet --define "_topdir $work/rpmbuild" --define '_binary_payload w1.gzdio' \
    --define '__os_install_post %{nil}' --define 'debug_package %{nil}' --define '_build_id_links none' \
    "$work/$1.spec" >"$work/$1.log" 2>&1 || fail "rpmbuild of $1: $(tail -n 5 "$work/$1.log")"
}

filesystem=$work/stage/filesystem
mkdir -p "$filesystem/etc"
for directory in bin lib lib64 sbin; do ln -s "usr/$directory" "$filesystem/$directory"; done
cat >"$filesystem/etc/os-release" <<'OS'
NAME="Example Linux"
ID=examplelinux
ID_LIKE="rhel fedora"
VERSION_ID=9.4
PRETTY_NAME="Example Linux 9.4"
OS
echo 'root:x:0:0:root:/root:/bin/sh' >"$filesystem/etc/passwd"
echo 'hosts: files dns myhostname' >"$filesystem/etc/nsswitch.conf"
stage glibc libc6 libgcc-s1 libcrypt1
stage coreutils coreutils dash libselinux1 libpcre2-8-0 libacl1 libattr1 libgmp10
stage python3 python3 python3-minimal python3.11 python3.11-minimal libpython3-stdlib libpython3.11-minimal \
  libpython3.11-stdlib libexpat1 zlib1g libffi8 libssl3 libbz2-1.0 liblzma5 libsqlite3-0 libuuid1 libncursesw6 \
  libtinfo6 libreadline8 libnsl2 libtirpc3 libdb5.3 libstdc++6
stage python3-pip python3-pip python3-pip-whl python3-setuptools python3-setuptools-whl python3-pkg-resources \
  python3-wheel python3-distutils python3-lib2to3 python3.11-venv python3-venv
mkdir -p "$work/stage/git/usr/bin"
printf '#!/bin/sh\necho git version 2.39.5\n' >"$work/stage/git/usr/bin/git"
chmod +x "$work/stage/git/usr/bin/git"

pack filesystem 3.18 6.el9
pack glibc 2.36 9.el9
pack coreutils 9.1 3.el9
pack python3 3.11.2 6.el9
pack python3-pip 23.0.1 1.el9
pack git 2.39.5 1.el9

make_root() {
  name=$1
  shift
  root=$work/root-$name
  mkdir -p "$root/usr/bin" "$root/usr/lib" "$root/usr/lib64" "$root/usr/sbin" "$root/tmp" "$root/root" "$root/proc" \
    "$root/sys" "$root/dev" "$root/var/tmp" "$root/run"
  chmod 1777 "$root/tmp" "$root/var/tmp"
  rpm --root "$root" --dbpath /var/lib/rpm --force-debian --nodeps -i "$@" 2>"$work/rpm.log" ||
    fail "rpm cannot install the stand-ins: $(cat "$work/rpm.log")"
  rpm --root "$root" --dbpath /var/lib/rpm -q python3 >/dev/null || fail "rpm does not know python3 in its own root"
  chroot "$root" /usr/bin/python3 -c 'import ssl, zlib, sqlite3' || fail "the packed interpreter does not run"
  tar -C "$root" -cf "$root.tar" .
  import_image "localhost/seshat-e2e/$name" "$root.tar"
}

rpms=$work/rpmbuild/RPMS/$(rpm --eval '%{_target_cpu}')
common="$rpms/filesystem-*.rpm $rpms/glibc-*.rpm $rpms/coreutils-*.rpm $rpms/python3-3*.rpm $rpms/python3-pip-*.rpm"
# shellcheck disable=SC2086
make_root rpm $common
# shellcheck disable=SC2086
make_root rpm-git $common "$rpms"/git-*.rpm
: >"$made"
