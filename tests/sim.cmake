# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(sim-bus sim sim)
trustx_test(sim-link sim sim)
trustx_test(sim-keys sim sim OpenSSL::Crypto)
trustx_test(sim-objects sim sim)
trustx_test(sim-secmon sim sim)
trustx_test(sim-image sim sim)
trustx_test(sim-time sim sim)
trustx_test(sim-noise sim sim)
trustx_test(sim-hash sim sim OpenSSL::Crypto)
trustx_test(sim-secret sim sim OpenSSL::Crypto)
trustx_test(sim-auth sim sim OpenSSL::Crypto)
trustx_test(sim-m1 sim sim OpenSSL::Crypto)
