# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Each fuzz target runs its seeds once; ./run fuzz looks for more.
get_property(targets GLOBAL PROPERTY TRUSTX_FUZZ_TARGETS)
foreach(name IN LISTS targets)
	add_test(NAME fuzz-${name} COMMAND fuzz-${name} ${CMAKE_SOURCE_DIR}/fuzz/seeds/${name})
	trustx_test_properties(fuzz-${name} fuzz)
endforeach()
