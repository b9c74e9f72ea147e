# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(tool tool tool)
foreach(story options paths text-files info trust-m key rescue csr csr-config output cert cert-bad object lock ca dates personalize
		personalize-kill throttle device sim interrupt closed bad-files bad-paths terminal json compat-csr compat-upload completion)
	trustx_story(${story} tool)
endforeach()
