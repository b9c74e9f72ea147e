# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(flow-aws-road aws flow sim PkgConfig::JANSSON)
