# The foreign libraries of the one static executable, under the names that dependencies.cmake gives the shared ones.
# Those that tools/static builds are found in CMAKE_PREFIX_PATH; the rest are Debian's archives.
if(NOT CMAKE_PREFIX_PATH)
  message(FATAL_ERROR "SESHAT_STATIC needs the libraries that tools/static/build.sh makes; run that instead")
endif()

set(CMAKE_FIND_LIBRARY_SUFFIXES .a)  # for rooms that find a library by themselves
add_compile_options(-fno-pie -ffunction-sections -fdata-sections)
add_link_options(-static -no-pie -Wl,--gc-sections)

# Code in C has no use for what unwinds its frames when something is thrown: nothing of ours that it calls throws. The
# tables are 0.7 MB of the program.
function(without_unwinding file result)
  get_filename_component(leaf ${file} NAME)
  set(lean ${CMAKE_BINARY_DIR}/lean/${leaf})
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/lean)
  execute_process(COMMAND ${CMAKE_OBJCOPY} --remove-section=.eh_frame --remove-section=.rel*.eh_frame ${file} ${lean}.new
                  COMMAND_ERROR_IS_FATAL ANY)
  file(COPY_FILE ${lean}.new ${lean} ONLY_IF_DIFFERENT)
  file(REMOVE ${lean}.new)
  set(${result} ${lean} PARENT_SCOPE)
endfunction()

# archive(TARGET FILE libNAME.a HEADER name.h [CXX] [USES target …]). Looked up anew each time: a new recipe means a new
# place.
function(archive target)
  cmake_parse_arguments(ARCHIVE "CXX" "FILE;HEADER" "USES" ${ARGN})
  string(MAKE_C_IDENTIFIER ${ARCHIVE_FILE} id)
  find_library(STATIC_${id} NAMES ${ARCHIVE_FILE} REQUIRED NO_CACHE)
  set(file ${STATIC_${id}})
  if(NOT ARCHIVE_CXX)
    without_unwinding(${file} file)
  endif()
  add_library(${target} STATIC IMPORTED)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${file})
  target_link_libraries(${target} INTERFACE ${ARCHIVE_USES})
  if(ARCHIVE_HEADER)
    find_path(STATIC_${id}_HEADERS NAMES ${ARCHIVE_HEADER} REQUIRED NO_CACHE)
    target_include_directories(${target} INTERFACE ${STATIC_${id}_HEADERS})
  endif()
endfunction()

archive(static::z FILE libz.a)
archive(static::bz2 FILE libbz2.a)
archive(static::lzma FILE liblzma.a)
archive(OpenSSL::Crypto FILE libcrypto.a)  # before rooms look for it, who would find the shared one
archive(static::ssl FILE libssl.a USES OpenSSL::Crypto)
archive(static::nghttp2 FILE libnghttp2.a)
archive(static::brotlicommon FILE libbrotlicommon.a)
archive(static::brotlidec FILE libbrotlidec.a USES static::brotlicommon)
archive(static::expat FILE libexpat.a)
archive(static::nettle FILE libnettle.a)
archive(static::solv FILE libsolv.a)

archive(PkgConfig::ZSTD FILE libzstd.a HEADER zstd.h)
archive(PkgConfig::SIMDJSON FILE libsimdjson.a HEADER simdjson.h CXX USES Threads::Threads)
archive(yaml-cpp FILE libyaml-cpp.a HEADER yaml-cpp/yaml.h CXX)
archive(CURL::libcurl FILE libcurl.a HEADER curl/curl.h
        USES static::nghttp2 static::ssl static::brotlidec PkgConfig::ZSTD static::z Threads::Threads)
target_compile_definitions(CURL::libcurl INTERFACE CURL_STATICLIB)
archive(PkgConfig::SOLV FILE libsolvext.a HEADER solv/pool.h
        USES static::solv static::expat static::lzma static::bz2 PkgConfig::ZSTD static::z)
# Debian's archive whole, of which only what is named is linked: ask for formats and filters one by one, never for
# all of them (archive_read_support_format_all brings libxml2 and 30 MB of ICU).
archive(LibArchive::LibArchive FILE libarchive.a HEADER archive.h
        USES static::lzma static::bz2 PkgConfig::ZSTD static::nettle static::z)
