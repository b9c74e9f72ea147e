# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(flow-recover flow flow)
trustx_test(flow-parts flow flow)
trustx_test(flow-device flow flow sim)
trustx_test(flow-key flow flow sim)
trustx_test(flow-cert flow flow sim)
trustx_test(flow-personalize flow flow sim)
trustx_test(flow-kill flow flow sim)
trustx_test(flow-speed flow-speed flow sim)
trustx_test(flow-lock flow flow sim)
