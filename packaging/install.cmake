# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# What is installed, and where: component tools (programs, manual, completion, udev rules, documents),
# lib (the shared libtrustx) and dev (all that one builds against).
include(GNUInstallDirs)
set(TRUSTX_UDEVDIR lib/udev/rules.d CACHE STRING "where udev rules go")
set(TRUSTX_BASHDIR ${CMAKE_INSTALL_DATADIR}/bash-completion/completions CACHE STRING
	"where completions of bash go")
set(TRUSTX_ZSHDIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING
	"where completions of zsh go")

# Windows has no place for programs of one project but their own folder.
set(bin ${CMAKE_INSTALL_BINDIR})
set(doc ${CMAKE_INSTALL_DOCDIR})
if(WIN32)
	set(bin .)
	set(doc .)
endif()

install(TARGETS trustx-tool trustx-sim optiga_generate_csr optiga_upload_crt
	RUNTIME DESTINATION ${bin} COMPONENT tools)
install(FILES README.md NEWS LICENSE SECURITY.md DESTINATION ${doc} COMPONENT tools)
install(DIRECTORY doc DESTINATION ${doc} COMPONENT tools FILES_MATCHING
	PATTERN *.md PATTERN *.svg PATTERN *.schema.json PATTERN mcu-bus.c)
if(NOT WIN32)
	foreach(section 1 3 5 7)
		file(GLOB pages CONFIGURE_DEPENDS man/*.${section})
		if(pages)
			install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
				COMPONENT tools)
		endif()
	endforeach()
	install(FILES contrib/completion/trustx.bash DESTINATION ${TRUSTX_BASHDIR} RENAME trustx
		COMPONENT tools)
	install(FILES contrib/completion/_trustx DESTINATION ${TRUSTX_ZSHDIR} COMPONENT tools)
endif()
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
	install(FILES contrib/udev/60-trustx.rules DESTINATION ${TRUSTX_UDEVDIR} COMPONENT tools)
endif()

if(TRUSTX_LIBRARY)
	include(packaging/library.cmake)
endif()

# What packaging/sbom makes a list of: library, version, and whether it is a part of the programs.
string(REGEX MATCH "\\.a$" static "${OPENSSL_CRYPTO_LIBRARY}")
set(linked dynamic)
if(static)
	set(linked static)
endif()
file(WRITE ${CMAKE_BINARY_DIR}/parts.tsv "openssl\t${OPENSSL_VERSION}\t${linked}\n"
	"jansson\t${JANSSON_VERSION}\t${linked}\n"
	"curl\t${CURL_VERSION}\t${linked}\n"
	"mosquitto\t${MOSQUITTO_VERSION}\t${linked}\n")
# TRUSTX_RUNTIME: of the toolchain, what the compiler itself links into each program.
foreach(part ${TRUSTX_RUNTIME})
	string(CONFIGURE "${part}" part @ONLY)
	file(APPEND ${CMAKE_BINARY_DIR}/parts.tsv "${part}\n")
endforeach()
if(GPIOD_VERSION)
	file(APPEND ${CMAKE_BINARY_DIR}/parts.tsv "libgpiod\t${GPIOD_VERSION}\t${linked}\n")
endif()
install(FILES ${CMAKE_BINARY_DIR}/trustx.spdx.json ${CMAKE_BINARY_DIR}/LICENCES-OF-LIBRARIES.txt DESTINATION ${doc}
	COMPONENT tools OPTIONAL)

set(CPACK_GENERATOR TGZ)
if(WIN32)
	set(CPACK_GENERATOR ZIP)
endif()
set(CPACK_PACKAGE_NAME trustx)
set(CPACK_PACKAGE_VENDOR "trustx contributors")
set(CPACK_COMPONENTS_ALL tools)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
if(NOT MINGW)
	set(CPACK_STRIP_FILES ON)
endif()
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
	GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
