# Every foreign library, found once. All are Debian 12 packages (tools/packages.txt, README.md "Set-up").
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# Header-only in both builds.
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)     # fmt::fmt-header-only
find_package(CLI11 REQUIRED)

if(SESHAT_STATIC)
  include(${CMAKE_CURRENT_LIST_DIR}/static_dependencies.cmake)
else()
  find_package(CURL REQUIRED)
  find_package(yaml-cpp REQUIRED)
  find_package(LibArchive REQUIRED)
  pkg_check_modules(SOLV REQUIRED IMPORTED_TARGET libsolv libsolvext)
  pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET simdjson)
  pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
endif()

find_program(SESHAT_MOLD mold)
if(SESHAT_MOLD)
  add_link_options(-fuse-ld=mold)  # a quarter of the time that ld takes
endif()

if(SESHAT_BUILD_TESTS)
  find_package(GTest REQUIRED)
  pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)  # makes databases that ours has to read
  include(GoogleTest)
endif()
