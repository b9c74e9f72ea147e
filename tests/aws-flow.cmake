# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(flow-aws-road aws flow sim PkgConfig::JANSSON)
trustx_test(flow-aws-bad aws flow sim PkgConfig::JANSSON)
trustx_test(flow-aws-refused aws flow sim PkgConfig::JANSSON)
trustx_test(flow-aws-kill aws flow sim PkgConfig::JANSSON)
target_link_options(test-flow-aws-kill PRIVATE -Wl,--wrap=write,--wrap=fdatasync,--wrap=rename,--wrap=cloud_start)
trustx_story(aws-personalize aws)
