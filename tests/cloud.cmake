# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(cloud-sigv4 cloud cloud)
trustx_test(cloud-policy cloud cloud PkgConfig::JANSSON)
trustx_test(cloud-config cloud cloud PkgConfig::JANSSON)
trustx_test(cloud-calls cloud cloud PkgConfig::JANSSON)
trustx_test(cloud-faults cloud cloud PkgConfig::JANSSON)
trustx_test(cloud-reach cloud cloud PkgConfig::JANSSON PkgConfig::CURL)
target_link_options(test-cloud-reach PRIVATE -Wl,--wrap=curl_easy_setopt)
