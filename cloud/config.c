/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "config.h"

#include "system.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PATH_LEN_MAX 4096
#define SECTION_MAX  80

const char *config_env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

bool config_is_true(const char *text)
{
	static const char *const words[] = { "true", "1", "yes", "on" };

	for (size_t i = 0; text != NULL && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

/* ---- the files ---- */

static enum trustx_err read_file(
	struct ini *ini, const char *variable, const char *name, struct fail *f)
{
	const char *given = config_env(variable), *home = config_env(system_home_variable);
	char path[PATH_LEN_MAX];

	if (given != NULL)
		return ini_read(ini, given, f);
	if (home == NULL)
		return TRUSTX_OK;
	snprintf(path, sizeof(path), "%s/.aws/%s", home, name);
	return ini_read(ini, path, f);
}

/* In the config file all profiles but the default are called [profile NAME]. */
static void section_of(char out[static SECTION_MAX], const struct config *config)
{
	bool plain = strcmp(config->profile, "default") == 0;

	snprintf(out, SECTION_MAX, "%s%s", plain ? "" : "profile ", config->profile);
}

const char *config_value(const struct config *config, const char *key)
{
	char section[SECTION_MAX];

	section_of(section, config);
	return ini_get(&config->config, section, NULL, key);
}

const char *config_secret(const struct config *config, const char *key)
{
	const char *value = ini_get(&config->credentials, config->profile, NULL, key);

	return value != NULL ? value : config_value(config, key);
}

/* ---- the profile ---- */

static void list_profiles(char *out, size_t cap, const struct config *config)
{
	const struct ini *const files[] = { &config->config, &config->credentials };
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < files[i]->count && n < cap; k++) {
			const struct ini_entry *e = &files[i]->at[k];
			const char *name = e->section;

			if (e->key != NULL)
				continue;
			name += i == 0 && strncmp(name, "profile ", 8) == 0 ? 8 : 0;
			n += (size_t)snprintf(out + n, cap - n, "%s%s", n > 0 ? ", " : "", name);
		}
}

static enum trustx_err unknown_profile(const struct config *config, struct fail *f)
{
	char known[200] = "";

	list_profiles(known, sizeof(known), config);
	fail_set(f, TRUSTX_ERR_INPUT, "there is no AWS profile '%s'", config->profile);
	if (known[0] == '\0')
		return fail_next(f, "make one: aws configure --profile %s", config->profile);
	return fail_next(f, "known are %s", known);
}

static enum trustx_err find_profile(
	struct config *config, const struct cloud_options *opt, struct fail *f)
{
	const char *name = opt->profile;
	char section[SECTION_MAX];

	config->profile_by_option = name != NULL;
	if (name == NULL)
		name = config_env("AWS_PROFILE");
	if (name == NULL)
		name = config_env("AWS_DEFAULT_PROFILE");
	config->profile_given = name != NULL;
	if (name == NULL)
		name = "default";
	if (strlen(name) >= sizeof(config->profile))
		return fail_set(f, TRUSTX_ERR_INPUT, "the name of the AWS profile is too long");
	snprintf(config->profile, sizeof(config->profile), "%s", name);
	section_of(section, config);
	if (config->profile_given && !ini_has(&config->config, section) &&
		!ini_has(&config->credentials, config->profile))
		return unknown_profile(config, f);
	return TRUSTX_OK;
}

/* ---- the region ---- */

const char *config_partition(const char *region)
{
	if (strncmp(region, "cn-", 3) == 0)
		return "aws-cn";
	return strncmp(region, "us-gov-", 7) == 0 ? "aws-us-gov" : "aws";
}

const char *config_suffix(const char *region)
{
	return strncmp(region, "cn-", 3) == 0 ? "amazonaws.com.cn" : "amazonaws.com";
}

static enum trustx_err find_region(
	struct config *config, const struct cloud_options *opt, struct fail *f)
{
	const struct {
		const char *from, *value;
	} places[] = {
		{ "--region", opt->region },
		{ "AWS_REGION", config_env("AWS_REGION") },
		{ "AWS_DEFAULT_REGION", config_env("AWS_DEFAULT_REGION") },
		{ "the profile", config_value(config, "region") },
	};
	size_t i = 0;

	while (i < sizeof(places) / sizeof(places[0]) && places[i].value == NULL)
		i++;
	if (i == sizeof(places) / sizeof(places[0])) {
		fail_set(f, TRUSTX_ERR_INPUT, "no AWS region is given");
		return fail_next(f, "say --region, such as --region eu-central-1, or set it: aws "
				    "configure set region REGION");
	}
	config->region_from = places[i].from;
	snprintf(config->region, sizeof(config->region), "%s", places[i].value);
	if (strlen(places[i].value) >= sizeof(config->region) ||
		strspn(config->region, "abcdefghijklmnopqrstuvwxyz0123456789-") !=
			strlen(config->region) ||
		config->region[0] == '\0')
		return fail_set(f, TRUSTX_ERR_INPUT, "'%.60s' (of %s) is no AWS region",
			places[i].value, places[i].from);
	return TRUSTX_OK;
}

/* ---- the endpoints ---- */

/* "[services NAME]", in it "iot =", in that "  endpoint_url = ". */
static const char *service_endpoint(const struct config *config, const char *service)
{
	const char *services = config_value(config, "services");
	char section[SECTION_MAX];

	if (services == NULL)
		return NULL;
	snprintf(section, sizeof(section), "services %s", services);
	return ini_get(&config->config, section, service, "endpoint_url");
}

static const char *configured_endpoint(
	const struct config *config, const char *service, const char *variable)
{
	const char *ignore = config_env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
	const char *url;

	if (config_is_true(ignore != NULL
				   ? ignore
				   : config_value(config, "ignore_configured_endpoint_urls")))
		return NULL;
	if ((url = config_env(variable)) != NULL || (url = config_env("AWS_ENDPOINT_URL")) != NULL)
		return url;
	url = service_endpoint(config, service);
	return url != NULL ? url : config_value(config, "endpoint_url");
}

/* Is the host of an http:// URL this computer? */
static bool is_loopback(const char *url)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost", "[::1]" };
	const char *host = url + strlen("http://");
	size_t len = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (strlen(hosts[i]) == len && strncasecmp(host, hosts[i], len) == 0)
			return true;
	return false;
}

static enum trustx_err check_endpoint(
	const char *url, const struct cloud_options *opt, struct fail *f)
{
	const char *host = strstr(url, "://");

	if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0) {
		fail_set(f, TRUSTX_ERR_INPUT, "the endpoint '%.100s' is no URL", url);
		return fail_next(f, "it begins with https://");
	}
	if (strlen(url) >= CONFIG_URL_MAX || host[3] == '\0' || host[3] == '/' ||
		strpbrk(host + 3, " \t?#@\\\"'<>") != NULL)
		return fail_set(
			f, TRUSTX_ERR_INPUT, "the endpoint '%.100s' is no URL of a host", url);
	if (url[4] == 's' || opt->allow_http || is_loopback(url))
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_INPUT, "the endpoint %.100s would carry everything in the clear",
		url);
	return fail_next(f, "use https://, or say --allow-http in a network that you trust");
}

static enum trustx_err find_endpoint(char out[static CONFIG_URL_MAX], const struct config *config,
	const struct cloud_options *opt, const char *service, struct fail *f)
{
	const char *variable =
		strcmp(service, "iot") == 0 ? "AWS_ENDPOINT_URL_IOT" : "AWS_ENDPOINT_URL_STS";
	const char *url = opt->endpoint_url;
	enum trustx_err err;
	size_t len;

	if (url == NULL)
		url = configured_endpoint(config, service, variable);
	if (url == NULL) {
		snprintf(out, CONFIG_URL_MAX, "https://%s.%s.%s", service, config->region,
			config_suffix(config->region));
		return TRUSTX_OK;
	}
	if ((err = check_endpoint(url, opt, f)) != TRUSTX_OK)
		return err;
	len = strlen(url);
	while (len > 0 && url[len - 1] == '/')
		len--;
	snprintf(out, CONFIG_URL_MAX, "%.*s", (int)len, url);
	return TRUSTX_OK;
}

static void find_ca_bundle(struct config *config, const struct cloud_options *opt)
{
	const char *path = opt->ca_bundle;

	if (path == NULL)
		path = config_env("AWS_CA_BUNDLE");
	if (path == NULL)
		path = config_value(config, "ca_bundle");
	snprintf(config->ca_bundle, sizeof(config->ca_bundle), "%s", path != NULL ? path : "");
}

enum trustx_err config_load(struct config *config, const struct cloud_options *opt, struct fail *f)
{
	enum trustx_err err;

	memset(config, 0, sizeof(*config));
	if ((err = read_file(&config->config, "AWS_CONFIG_FILE", "config", f)) != TRUSTX_OK ||
		(err = read_file(&config->credentials, "AWS_SHARED_CREDENTIALS_FILE", "credentials",
			 f)) != TRUSTX_OK ||
		(err = find_profile(config, opt, f)) != TRUSTX_OK ||
		(err = find_region(config, opt, f)) != TRUSTX_OK ||
		(err = find_endpoint(config->iot, config, opt, "iot", f)) != TRUSTX_OK ||
		(err = find_endpoint(config->sts, config, opt, "sts", f)) != TRUSTX_OK)
		return err;
	find_ca_bundle(config, opt);
	return TRUSTX_OK;
}

void config_free(struct config *config)
{
	ini_free(&config->config);
	ini_free(&config->credentials);
}
