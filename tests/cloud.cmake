# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(cloud-sigv4 cloud cloud)
trustx_test(cloud-policy cloud cloud PkgConfig::JANSSON)
trustx_test(cloud-config cloud cloud PkgConfig::JANSSON)
trustx_test(cloud-calls cloud cloud PkgConfig::JANSSON)
trustx_test(cloud-faults cloud cloud PkgConfig::JANSSON)
trustx_test(cloud-trust cloud base)
target_sources(test-cloud-trust PRIVATE ../cloud/trust-search.c)
target_include_directories(test-cloud-trust PRIVATE ../cloud)
target_link_options(test-cloud-trust PRIVATE -Wl,--wrap=file_exists)
trustx_test(cloud-reach cloud cloud PkgConfig::JANSSON PkgConfig::CURL)
target_link_options(test-cloud-reach PRIVATE -Wl,--wrap=curl_easy_setopt)

# trustx_aws_story(NAME) runs aws/NAME.sh.
function(trustx_aws_story name)
	add_test(NAME story-aws-${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/cli/run-story
		${CMAKE_CURRENT_SOURCE_DIR}/aws/${name}.sh)
	trustx_test_properties(story-aws-${name} cloud)
endfunction()
# It is the AWS CLI's time that passes there.
if(NOT TRUSTX_SANITIZE)
	trustx_aws_story(cli)
endif()
trustx_aws_story(moto)
trustx_aws_story(rights)
trustx_aws_story(killed)
trustx_aws_story(struck)
set_tests_properties(story-aws-killed story-aws-struck PROPERTIES TIMEOUT 1800)

# The verifier that all requests pass is itself no friend of ours.
add_test(NAME sigv4check COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/tools/check_sigv4.py
	${CMAKE_CURRENT_SOURCE_DIR}/golden/sigv4/vectors.txt)
trustx_test_properties(sigv4check cloud)
