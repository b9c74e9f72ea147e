# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
foreach(story aws-setup aws-device aws-bad aws-road aws-secrets)
	trustx_story(${story} aws)
endforeach()
