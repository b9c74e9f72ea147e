# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
find_package(OpenSSL 3.0 REQUIRED COMPONENTS SSL)
trustx_test(provider provider provider bus OpenSSL::SSL)
