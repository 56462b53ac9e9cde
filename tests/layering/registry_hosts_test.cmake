# The index comes from the target's configuration, never from the source: no tracked file names a public registry.
# The names are put together here, so that this file does not hold them either.
set(hosts "py|pi.org" "python|hosted.org" "pypi.py|thon.org" "anaconda|.org" "docker|.io/" "qu|ay.io" "ghcr|.io"
          "registry.access.red|hat.com" "registry.red|hat.io" "npm|js.org" "crates|.io" "ruby|gems.org" "proxy.go|lang.org")
find_program(git NAMES git)
if(NOT git OR NOT EXISTS ${SOURCE_DIR}/.git)
  message("skipped: no git work tree")
  return()
endif()
set(patterns "")
foreach(host IN LISTS hosts)
  string(REPLACE "|" "" host ${host})
  list(APPEND patterns -e ${host})
endforeach()
execute_process(COMMAND ${git} grep --line-number --text --ignore-case --fixed-strings ${patterns} --
                WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE found ERROR_VARIABLE complaint RESULT_VARIABLE code)
if(code EQUAL 0)
  message(FATAL_ERROR "Public registries are named (write pypi.example or registry.example):\n${found}")
elseif(NOT code EQUAL 1)
  message(FATAL_ERROR "git grep failed: ${complaint}")
endif()
message(STATUS "no public registry is named")
