# The direction of dependence: each room may include itself and the rooms before it. Foreign libraries are named in the
# rooms that wrap them, and in no header. Usage: cmake -DSOURCE_DIR=… -P layering_test.cmake
set(rooms pep rpmenv prescriptions resolver/index resolver/solve resolver/pipeline resolver/learn resolver/lock plugin)

# library @ what its includes begin with @ where it may be included (a regular expression on the path)
set(foreign
    "libsolv@<solv/@^rpmenv/"
    "sqlite@<sqlite3@^rpmenv/"
    "libelf@<(libelf|gelf)@^rpmenv/"
    "librpm@<rpm/@^rpmenv/"
    "yaml-cpp@<yaml-cpp/@^(prescriptions|plugin)/"
    "curl@<curl/@^resolver/index/"
    "libarchive@<archive@^(rpmenv|resolver/index)/"
    "nlohmann@<nlohmann/@^(rpmenv|resolver/index|resolver/lock|plugin)/"
    "simdjson@<simdjson@^resolver/index/"
    "CLI11@<CLI/@^plugin/"
    "spdlog@<spdlog/@^plugin/")

set(faults "")
set(checked 0)
set(allowed "")
foreach(room IN LISTS rooms)
  list(APPEND allowed ${room})
  file(GLOB_RECURSE files RELATIVE ${SOURCE_DIR} ${SOURCE_DIR}/${room}/*.h ${SOURCE_DIR}/${room}/*.cc)
  list(SORT files)
  foreach(file IN LISTS files)
    math(EXPR checked "${checked} + 1")
    file(STRINGS ${SOURCE_DIR}/${file} includes REGEX "^ *# *include")
    foreach(include IN LISTS includes)
      if(NOT include MATCHES "([<\"])([^>\"]+)[>\"]")
        continue()
      endif()
      set(quote "${CMAKE_MATCH_1}")
      set(name "${CMAKE_MATCH_2}")
      if(name MATCHES "^(pep|rpmenv|prescriptions|resolver|plugin|s2i|tests)/" OR (quote STREQUAL "\"" AND NOT name MATCHES "/"))
        string(FIND "${name}" "/" slash REVERSE)
        string(SUBSTRING "${name}" 0 ${slash} folder)
        set(found FALSE)
        foreach(other IN LISTS allowed)
          if("${folder}/" MATCHES "^${other}/" AND NOT slash EQUAL -1)
            set(found TRUE)
          endif()
        endforeach()
        if(NOT found)
          list(APPEND faults "${file} may not include ${name}")
        endif()
        continue()
      endif()
      foreach(row IN LISTS foreign)
        string(REPLACE "@" ";" row "${row}")
        list(POP_FRONT row library begin place)
        if("<${name}" MATCHES "${begin}")
          if(NOT file MATCHES "${place}")
            list(APPEND faults "${file} may not include ${library}")
          elseif(file MATCHES "[.]h$" AND NOT file MATCHES "^rpmenv/solv_")
            list(APPEND faults "${file} is a header and includes ${library}")
          endif()
        endif()
      endforeach()
    endforeach()
  endforeach()
endforeach()

list(JOIN faults "\n  " text)
if(faults)
  message(FATAL_ERROR "The layers are broken (CONTRIBUTING.md has the drawing):\n  ${text}")
endif()
message(STATUS "${checked} files keep the layers")
