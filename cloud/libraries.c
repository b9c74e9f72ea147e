/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "libraries.h"

#include <curl/curl.h>
#include <jansson.h>
#include <mosquitto.h>

#include <stdio.h>

static void about_jansson(struct cloud_library *lib)
{
	lib->name = "jansson";
	snprintf(lib->built, sizeof(lib->built), "%s", JANSSON_VERSION);
	snprintf(lib->running, sizeof(lib->running), "%s", jansson_version_str());
}

static void about_curl(struct cloud_library *lib)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

	lib->name = "libcurl";
	snprintf(lib->built, sizeof(lib->built), "%s", LIBCURL_VERSION);
	snprintf(lib->running, sizeof(lib->running), "%s", info->version);
	snprintf(lib->tls, sizeof(lib->tls), "%s",
		info->ssl_version != NULL ? info->ssl_version : "none");
}

static void about_mosquitto(struct cloud_library *lib)
{
	int major, minor, revision;

	mosquitto_lib_version(&major, &minor, &revision);
	lib->name = "libmosquitto";
	snprintf(lib->built, sizeof(lib->built), "%d.%d.%d", LIBMOSQUITTO_MAJOR, LIBMOSQUITTO_MINOR,
		LIBMOSQUITTO_REVISION);
	snprintf(lib->running, sizeof(lib->running), "%d.%d.%d", major, minor, revision);
}

size_t cloud_libraries(struct cloud_library list[static CLOUD_LIBRARIES])
{
	static void (*const about[CLOUD_LIBRARIES])(
		struct cloud_library *) = { about_jansson, about_curl, about_mosquitto };

	for (size_t i = 0; i < CLOUD_LIBRARIES; i++) {
		list[i] = (struct cloud_library){ 0 };
		about[i](&list[i]);
	}
	return CLOUD_LIBRARIES;
}
