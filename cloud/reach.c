/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "reach.h"

#include "net.h"

#include <curl/curl.h>

#include <stdio.h>
#include <string.h>

#define URL_MAX 300

static int on_progress(
	void *ctx, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now)
{
	const struct reach_options *opt = ctx;

	(void)total;
	(void)now;
	(void)up_total;
	(void)up_now;
	return opt->interrupted != NULL && opt->interrupted();
}

static enum trustx_err no_name(const struct reach_options *opt, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_NO_DEVICE, "there is no host %.200s", opt->host);
	return fail_next(f, "compare the endpoint with what this shows: trustx aws endpoint; if it "
			    "is right, this computer's name server is not reached");
}

static enum trustx_err not_open(CURL *curl, const struct reach_options *opt, struct fail *f)
{
	long number = 0;

	curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &number);
	fail_set(f, TRUSTX_ERR_NO_DEVICE, "%.200s port %u: %s", opt->host, opt->port,
		number != 0 ? net_system_text((int)number) : "no connection");
	return fail_next(f,
		"AWS IoT listens on ports 8883 and 443; a firewall may let only the "
		"other pass: --port %d",
		opt->port == 8883 ? 443 : 8883);
}

/* The name was found if there is a time for it. */
static enum trustx_err too_late(CURL *curl, const struct reach_options *opt, struct fail *f)
{
	curl_off_t named = 0;

	curl_easy_getinfo(curl, CURLINFO_NAMELOOKUP_TIME_T, &named);
	if (named == 0) {
		fail_set(f, TRUSTX_ERR_TIMEOUT, "no name server answers for %.200s in %u s",
			opt->host, opt->timeout_ms / 1000);
		return fail_next(f, "is this computer on line?");
	}
	fail_set(f, TRUSTX_ERR_TIMEOUT, "%.200s does not answer on port %u in %u s", opt->host,
		opt->port, opt->timeout_ms / 1000);
	return fail_next(f, "a firewall may swallow it; the other port may pass: --port %d",
		opt->port == 8883 ? 443 : 8883);
}

static enum trustx_err explain(
	CURL *curl, CURLcode code, const struct reach_options *opt, struct fail *f)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return no_name(opt, f);
	case CURLE_OPERATION_TIMEDOUT:
		return too_late(curl, opt, f);
	case CURLE_ABORTED_BY_CALLBACK:
		return fail_set(f, TRUSTX_ERR_INTERRUPTED, "interrupted");
	case CURLE_OUT_OF_MEMORY:
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	case CURLE_URL_MALFORMAT:
		return fail_set(f, TRUSTX_ERR_INPUT, "'%.200s' is no name of a host", opt->host);
	default:
		return not_open(curl, opt, f);
	}
}

enum trustx_err reach_server(
	char address[static REACH_ADDRESS_MAX], const struct reach_options *opt, struct fail *f)
{
	bool v6 = strchr(opt->host, ':') != NULL;
	CURL *curl = curl_easy_init();
	char *ip = NULL;
	char url[URL_MAX];
	CURLcode code;
	enum trustx_err err = TRUSTX_OK;

	if (curl == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	snprintf(url, sizeof(url), "http://%s%s%s:%u", v6 ? "[" : "", opt->host, v6 ? "]" : "",
		opt->port);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)opt->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, opt);
	if ((code = curl_easy_perform(curl)) != CURLE_OK)
		err = explain(curl, code, opt, f);
	else if (curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &ip) == CURLE_OK && ip != NULL)
		snprintf(address, REACH_ADDRESS_MAX, "%s", ip);
	curl_easy_cleanup(curl);
	return err;
}
