# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
foreach(story aws-setup)
	trustx_story(${story} aws)
endforeach()
