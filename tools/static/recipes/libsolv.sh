# libsolv with what an image's RPMs and rpm-md repositories need. No librpm: a header blob is read by libsolv's own
# reader (ENABLE_RPMPKG). The XML of rpm-md is read by expat, 170 kB, linked only once the program asks for it.
# MULTI_SEMANTICS and DEBIAN as in Debian's shared library, so that both builds of the program mean the same.
# shellcheck shell=sh
build_library() {
  cmake_install "$1" "$2" -DLIB=lib -DENABLE_STATIC=1 -DDISABLE_SHARED=1 \
    -DENABLE_RPMPKG=1 -DENABLE_RPMDB=0 -DENABLE_RPMMD=1 -DENABLE_COMPLEX_DEPS=1 -DMULTI_SEMANTICS=1 -DDEBIAN=1 \
    -DENABLE_LZMA_COMPRESSION=1 -DENABLE_BZIP2_COMPRESSION=1 -DENABLE_ZSTD_COMPRESSION=1
}
