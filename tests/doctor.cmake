# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
foreach(story doctor doctor-ft260)
	trustx_story(${story} doctor)
endforeach()
