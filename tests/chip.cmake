# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(chip-golden chip trustx base)
trustx_test(chip-link chip trustx base)
trustx_test(chip-chain chip trustx base)
trustx_test(chip-open chip trustx base)
trustx_test(chip-commands chip trustx base)
trustx_test(chip-secrets chip trustx base)
trustx_test(chip-flags chip trustx base)
trustx_test(chip-forms chip trustx base)
trustx_test(chip-noise chip trustx base)
trustx_test(chip-sim chip bus trustx sim base)
