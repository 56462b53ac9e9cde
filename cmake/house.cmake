# What every target of ours is compiled with, and how a room is made.
add_library(house INTERFACE)
target_compile_options(house INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                       -Wnon-virtual-dtor -Wold-style-cast
                                       # A designated initialiser leaves the other members at their defaults.
                                       -Wno-missing-field-initializers
                                       # g++ 12 sees ghosts in std::optional and std::string when it optimises.
                                       $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-restrict>)
target_include_directories(house INTERFACE ${PROJECT_SOURCE_DIR})

# room(NAME SOURCES a.cc … USES room … FOREIGN target …)
# One folder, one namespace, one static library. FOREIGN libraries stay private: no foreign header in a
# public header. SMALL: the static executable is to be small, and no resolve spends time here.
function(room name)
  cmake_parse_arguments(ROOM "SMALL" "" "SOURCES;USES;FOREIGN" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(${name} PUBLIC house ${ROOM_USES} PRIVATE ${ROOM_FOREIGN})
  if(ROOM_SMALL AND SESHAT_STATIC)
    target_compile_options(${name} PRIVATE -Os)
  endif()
endfunction()

# room_tests(NAME SOURCES a_test.cc … USES room … [LABEL unit])
# One test program per room; gtest_discover_tests makes each TEST a CTest of its own.
function(room_tests name)
  cmake_parse_arguments(TESTS "" "LABEL" "SOURCES;USES" ${ARGN})
  if(NOT TESTS_LABEL)
    set(TESTS_LABEL unit)
  endif()
  add_executable(${name} ${TESTS_SOURCES})
  target_link_libraries(${name} PRIVATE house ${TESTS_USES} GTest::gtest_main GTest::gmock)
  target_compile_definitions(${name} PRIVATE SESHAT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(TARGET seshat)
    target_compile_definitions(${name} PRIVATE SESHAT_PROGRAM="$<TARGET_FILE:seshat>")
  endif()
  gtest_discover_tests(${name} PROPERTIES LABELS ${TESTS_LABEL} TIMEOUT 300 DISCOVERY_TIMEOUT 60)
endfunction()
