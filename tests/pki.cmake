# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(pki-name pki pki)
trustx_test(pki-csr pki pki)
trustx_test(pki-ca pki pki)
trustx_test(pki-exec pki pki)
trustx_test(pki-cert pki pki)
trustx_test(pki-slot pki pki)
trustx_test(pki-chain pki pki)
