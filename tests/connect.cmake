# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_story(connect connect)
trustx_story(connect-tls connect)
trustx_story(connect-mqtt connect)
trustx_story(connect-aws connect)
trustx_story(connect-443 connect)
trustx_test(cloud-allows connect cloud)
trustx_test(cloud-roots connect cloud OpenSSL::Crypto)
