# simdjson with every implementation for x86-64 (or ARM) in it: the best one is chosen at run time, since the machine
# that runs a build is often older than the one that made the program.
# shellcheck shell=sh
build_library() {
  cmake_install "$1" "$2" -DSIMDJSON_DEVELOPER_MODE=OFF
}
