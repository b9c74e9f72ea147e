# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
foreach(story aws-setup aws-device aws-bad aws-road)
	trustx_story(${story} aws)
endforeach()
