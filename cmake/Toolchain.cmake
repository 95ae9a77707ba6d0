# Compiler and linker flags of all our code, on one INTERFACE target.
add_library(veche_flags INTERFACE)
target_compile_options(veche_flags INTERFACE -Wall -Wextra -Wno-unused-parameter
  -Wno-missing-field-initializers -fno-omit-frame-pointer)
target_include_directories(veche_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/protos)

if(VECHE_SANITIZE)
  target_compile_options(veche_flags INTERFACE -fsanitize=${VECHE_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(veche_flags INTERFACE -fsanitize=${VECHE_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # These warnings analyse control flow, which instrumentation changes: g++ 12 raises false alarms.
    # -Wtsan reports fences in Boost.
    foreach(warning maybe-uninitialized array-bounds nonnull restrict stringop-overflow stringop-overread tsan)
      target_compile_options(veche_flags INTERFACE -Wno-error=${warning})
    endforeach()
  endif()
endif()
if(VECHE_SANITIZE MATCHES "thread")
  # protobuf's map fields have two more members where this is defined, and Debian's library is built without it.
  # The other two macros tell tsan_abseil.cc and the standard library about the sanitizer.
  target_compile_options(veche_flags INTERFACE -U__SANITIZE_THREAD__ -DVECHE_TSAN -D_GLIBCXX_TSAN=1)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(veche_flags INTERFACE -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS
    -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE)
  target_link_options(veche_flags INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()

# The sanitizers' presets do not optimise tests, which run once: this halves their compile time.
add_library(veche_test_flags INTERFACE)
separate_arguments(flags UNIX_COMMAND "${VECHE_TEST_FLAGS}")
target_compile_options(veche_test_flags INTERFACE ${flags})
target_link_libraries(veche_test_flags INTERFACE veche_flags)

find_program(VECHE_CCACHE ccache)
if(VECHE_CCACHE)
  # Precompiled headers hit the cache only with this sloppiness.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    # One cache for every checkout: paths under it are made relative, the folder itself is not hashed.
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${VECHE_CCACHE})
endif()
find_program(VECHE_MOLD mold)
if(VECHE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
