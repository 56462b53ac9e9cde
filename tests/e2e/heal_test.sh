#!/bin/sh
# A wheel whose module needs libGL.so.1, in a build from the RPM image that lacks it: the build stops with the line to
# paste; what the line names is installed from the same repository, and the same build passes.
set -eu
# shellcheck source=tests/e2e/ground.sh
. "$SESHAT_SOURCE_DIR/tests/e2e/ground.sh"
need_containers
need_program
need_commands rpmbuild rpm createrepo_c cc
base=localhost/seshat-e2e/rpm
have_image "$base" || skip "needs the image $base (its fixture was skipped)"
healed=localhost/seshat-e2e/healed image=localhost/seshat-e2e/opencv
make_work
context=$work/context
mkdir -p "$context/repo" "$work/gl/usr/lib" "$work/wheel/cv2" "$work/wheel/opencv_like-1.0.dist-info"
cp "$SESHAT_STATIC_PROGRAM" "$context/seshat"

# Nothing but what the loader reads of them: a library, and a module that needs it.
echo 'int gl_of_the_test(void) { return 7; }' >"$work/gl.c"
cc -shared -fPIC -nostdlib -Wl,-soname,libGL.so.1 -o "$work/gl/usr/lib/libGL.so.1" "$work/gl.c"
echo 'int gl_of_the_test(void); int cv2_of_the_test(void) { return gl_of_the_test(); }' >"$work/cv2.c"
cc -shared -fPIC -nostdlib -o "$work/wheel/cv2/cv2.abi3.so" "$work/cv2.c" "$work/gl/usr/lib/libGL.so.1"
printf 'import ctypes, os\nctypes.CDLL(os.path.join(os.path.dirname(__file__), "cv2.abi3.so"))\nprint("imported")\n' \
  >"$work/wheel/cv2/__init__.py"
printf 'Metadata-Version: 2.1\nName: opencv-like\nVersion: 1.0\n' >"$work/wheel/opencv_like-1.0.dist-info/METADATA"
printf 'cv2/__init__.py,,\ncv2/cv2.abi3.so,,\nopencv_like-1.0.dist-info/METADATA,,\n' \
  >"$work/wheel/opencv_like-1.0.dist-info/RECORD"
(cd "$work/wheel" && python3 -m zipfile -c "$context/opencv_like-1.0-cp311-abi3-linux_x86_64.whl" ./*)

# The repository has two packages, of which the one pulls in the other.
pack() { # NAME REQUIRES FILE
  cat >"$work/$1.spec" <<SPEC
Name: $1
Version: 23.1
Release: 1.el9
Summary: Stand-in of the end-to-end tests
License: None
Requires: $2
AutoReq: no
%description
Stand-in of the end-to-end tests.
%install
mkdir -p %{buildroot}$(dirname "$3")
cp "$work/gl$3" %{buildroot}$3
%files
$3
SPEC
  rpmbuild -bb --quiet --define "_topdir $work/rpmbuild" --define '_binary_payload w1.gzdio' \
    --define '__os_install_post %{nil}' --define 'debug_package %{nil}' --define '_build_id_links none' \
    "$work/$1.spec" >"$work/$1.log" 2>&1 || fail "rpmbuild of $1: $(tail -n 5 "$work/$1.log")"
}
mkdir -p "$work/gl/usr/share/glvnd"
echo vendor >"$work/gl/usr/share/glvnd/vendor"
pack libglvnd filesystem /usr/share/glvnd/vendor
pack mesa-libGL libglvnd /usr/lib/libGL.so.1
find "$work/rpmbuild/RPMS" -name '*.rpm' -exec cp {} "$context/repo/" \;
createrepo_c -q "$context/repo" >"$work/createrepo.log" 2>&1 || fail "createrepo_c: $(cat "$work/createrepo.log")"
# shellcheck disable=SC2016  # $basearch is the repository's
printf '[own]\nname=Own\nbaseurl=file:///opt/repo/$basearch\nenabled=1\n' >"$context/own.repo"

# An image with an installer that is configured for the repository, as a base image of a distribution is. The installer
# is never run: its name is what the line begins with.
cat >"$context/Containerfile" <<'C'
ARG BASE
FROM ${BASE}
COPY own.repo /etc/yum.repos.d/own.repo
COPY repo /opt/repo/x86_64
COPY seshat /usr/bin/dnf
COPY seshat opencv_like-1.0-cp311-abi3-linux_x86_64.whl /wheels/
RUN ["/wheels/seshat", "verify", "--wheels", "/wheels", "--no-cache"]
RUN python3 -m zipfile -e /wheels/opencv_like-1.0-cp311-abi3-linux_x86_64.whl /usr/lib/python3/dist-packages
RUN ["/wheels/seshat", "verify", "--no-cache"]
RUN python3 -c 'import cv2'
C
build() {
  store bud --force-rm --no-cache --isolation oci --runtime runc --network none --build-arg "BASE=$1" -t "$image" "$context" \
    >"$work/log" 2>&1
}

status=0
build "$base" || status=$?
[ "$status" = 11 ] || fail "the build ended with $status, not 11: $(cat "$work/log")"
! have_image "$image" || fail "the build stopped, but there is an image $image"
line=$(grep -E '^ *dnf install -y ' "$work/log" | sed 's/ *#.*//; s/^ *//' | tail -n 1)
echo "stopped with: $line"
[ "$line" = 'dnf install -y mesa-libGL' ] || fail "the line to paste is \"$line\": $(cat "$work/log")"

# What the line would do, with the machine's rpm: the package and what the summary counts beside it.
container=$(store from "$base")
root=$(store mount "$container")
rpm --root "$root" --dbpath /var/lib/rpm --force-debian -i "$context"/repo/*.rpm 2>"$work/rpm.log" ||
  fail "rpm cannot install what the line names: $(cat "$work/rpm.log")"
store commit -q "$container" "$healed" >/dev/null
store rm "$container" >/dev/null
build "$healed" || fail "the healed image does not pass: $(cat "$work/log")"
grep -q '^imported' "$work/log" || fail "the module is not imported: $(cat "$work/log")"
store rmi -f "$image" "$healed" >/dev/null
echo "healed"
