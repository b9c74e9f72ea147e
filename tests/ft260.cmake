# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(hid-sim ft260 bus sim)
trustx_test(ft260-model ft260 sim)
trustx_test(ft260-model-errata ft260 sim)
trustx_test(ft260-model-pins ft260 sim)
trustx_test(ft260-model-usb ft260 sim)
