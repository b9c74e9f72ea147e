# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(trace-file trace base)
trustx_test(trace-redact trace trace)
