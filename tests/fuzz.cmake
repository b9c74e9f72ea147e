# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Each fuzz target runs its seeds once; ./run fuzz looks for more.
get_property(targets GLOBAL PROPERTY TRUSTX_FUZZ_TARGETS)
foreach(name IN LISTS targets)
	add_test(NAME fuzz-${name} COMMAND fuzz-${name} ${CMAKE_SOURCE_DIR}/fuzz/seeds/${name})
	trustx_test_properties(fuzz-${name} fuzz)
endforeach()

# Calls of the product go through wrap/inject.c, which lets one after the other fail.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS wrap/functions.h)
file(READ wrap/functions.h text)
string(REGEX MATCHALL "X\\([A-Za-z0-9_]+\\)" wrapped "${text}")
list(TRANSFORM wrapped REPLACE "X\\((.*)\\)" "\\1")
list(REMOVE_ITEM wrapped X)
list(APPEND wrapped malloc calloc realloc strdup strndup open fcntl close read pread write pwrite
	fsync fdatasync fstat ftruncate fchmod lseek rename unlink mkdir mkstemp flock vsnprintf)
list(TRANSFORM wrapped PREPEND -Wl,--wrap=)

# trustx_inject(NAME LIBS...) builds wrap/test-NAME.c.
function(trustx_inject name)
	add_executable(test-${name} wrap/test-${name}.c wrap/inject.c)
	target_include_directories(test-${name} PRIVATE . unit wrap)
	target_compile_definitions(test-${name} PRIVATE _GNU_SOURCE)
	target_link_libraries(test-${name} PRIVATE ${ARGN})
	target_link_options(test-${name} PRIVATE ${wrapped})
	add_test(NAME ${name} COMMAND test-${name})
	trustx_test_properties(${name} fuzz)
endfunction()

trustx_inject(inject flow sim)
trustx_inject(inject-cloud cloud PkgConfig::JANSSON PkgConfig::CURL)

# The programs as functions: whatever main.c is part of, with main under another name.
get_target_property(libraries trustx-tool LINK_LIBRARIES)
get_target_property(sources trustx-tool SOURCES)
list(APPEND sources optiga_generate_csr.c optiga_upload_crt.c compat.c)
list(TRANSFORM sources PREPEND ${CMAKE_SOURCE_DIR}/tool/)
trustx_inject(inject-tool ${libraries})
# Thousands of runs, each of them with the sanitizers' own work.
set_tests_properties(inject-tool PROPERTIES TIMEOUT 900)
target_sources(test-inject-tool PRIVATE ${sources})
foreach(file main optiga_generate_csr optiga_upload_crt)
	string(REPLACE main trustx program ${file})
	set_source_files_properties(${CMAKE_SOURCE_DIR}/tool/${file}.c PROPERTIES
		COMPILE_DEFINITIONS main=${program}_main
		COMPILE_OPTIONS "-include;${CMAKE_CURRENT_SOURCE_DIR}/wrap/programs.h")
endforeach()
