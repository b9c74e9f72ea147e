# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(trace-file trace base)
trustx_test(trace-redact trace trace)
trustx_test(bus-trace trace bus)
foreach(story trace trace-json trace-wireshark)
	trustx_story(${story} trace)
endforeach()
