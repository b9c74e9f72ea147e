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
list(APPEND wrapped malloc calloc realloc strdup strndup open close read write pwrite fsync
	ftruncate fchmod lseek rename unlink mkdir mkstemp flock)
list(TRANSFORM wrapped PREPEND -Wl,--wrap=)
add_executable(test-inject wrap/test-inject.c wrap/inject.c)
target_include_directories(test-inject PRIVATE . unit)
target_compile_definitions(test-inject PRIVATE _GNU_SOURCE)
target_link_libraries(test-inject PRIVATE flow sim)
target_link_options(test-inject PRIVATE ${wrapped})
add_test(NAME inject COMMAND test-inject)
trustx_test_properties(inject fuzz)
