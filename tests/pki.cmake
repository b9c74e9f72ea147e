# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(pki-name pki pki)
trustx_test(pki-csr pki pki)
