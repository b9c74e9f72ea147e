# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
find_package(OpenSSL 3.0 REQUIRED COMPONENTS SSL)
trustx_test(provider provider provider bus OpenSSL::SSL)
trustx_test(provider-request provider provider bus)
trustx_test(provider-misuse provider provider bus)
trustx_test(provider-entry provider provider)
# The test takes the function by which OpenSSL enters the provider from the call that hands it over.
target_link_options(test-provider-entry PRIVATE -Wl,--wrap=OSSL_PROVIDER_add_builtin)
