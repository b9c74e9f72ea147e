/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cause.h"

#include "cause-words.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *text;
} layers[LAYER_COUNT] = {
	[LAYER_DEVICE] = { "device", "device" },
	[LAYER_NODE] = { "node", "device node" },
	[LAYER_PERMISSION] = { "permission", "permission" },
	[LAYER_GROUP] = { "group", CAUSE_GROUP_LAYER },
	[LAYER_DRIVER] = { "driver", "kernel driver" },
	[LAYER_LOCK] = { "lock", "lock" },
	[LAYER_LINES] = { "lines", "bus levels" },
	[LAYER_ADDRESS] = { "address", "address" },
	[LAYER_STATE] = { "state", "I2C_STATE" },
	[LAYER_NEGOTIATION] = { "negotiation", "negotiation" },
	[LAYER_APPLICATION] = { "application", "OpenApplication" },
	[LAYER_UID] = { "uid", "UID" },
	[LAYER_LIFE_CYCLE] = { "life_cycle", "life cycle" },
	[LAYER_FRAMES] = { "frames", "long frames" },
	[LAYER_SEC] = { "sec", "throttling" },
	[LAYER_CLOCK] = { "clock", "clock" },
};

const char *cause_layer_text(enum cause_layer layer)
{
	return layers[layer].text;
}

const char *cause_layer_name(enum cause_layer layer)
{
	return layers[layer].name;
}

const struct cause causes[] = {
	{ "device-malformed", LAYER_DEVICE, TRUSTX_ERR_INPUT,
		"the name of the device is not understood", "write it as the list of devices does",
		"trustx scan" },
	{ "no-choice", LAYER_DEVICE, TRUSTX_ERR_NO_DEVICE,
		"no device is named, and which one is meant is not clear",
		"name one of those that are there", "trustx doctor -d {uri}" },
	{ "i2c-off", LAYER_DEVICE, TRUSTX_ERR_NO_DEVICE,
		"the I2C bus of this Raspberry Pi is switched off",
		"switch it on; that lasts over restarts", "sudo raspi-config nonint do_i2c 0" },
	{ "no-adapter", LAYER_DEVICE, TRUSTX_ERR_NO_DEVICE,
		"this computer has no adapter through which a chip could be reached",
		"plug the USB board in, with another cable or socket if the system does not see it",
		CAUSE_LIST_USB },
	{ "i2c-dev-not-loaded", LAYER_NODE, TRUSTX_ERR_NO_DEVICE,
		"the kernel has I2C adapters, but its module i2c-dev is not loaded",
		"load it, now and at every start",
		"echo i2c-dev | sudo tee /etc/modules-load.d/i2c-dev.conf && sudo modprobe "
		"i2c-dev" },
	{ "node-missing", LAYER_NODE, TRUSTX_ERR_NO_DEVICE, "there is no such device",
		"choose one that is there", "trustx scan" },
	{ "node-foreign", LAYER_NODE, TRUSTX_ERR_NO_DEVICE,
		"what is there is not a device that leads to a chip", "choose one that does",
		"trustx scan" },
	{ "server-silent", LAYER_NODE, TRUSTX_ERR_NO_DEVICE,
		"nobody answers there by the remote bus protocol",
		"start the server; that of a simulated chip is",
		"trustx-sim serve --listen {uri} --state chip" },
	{ "device-unusable", LAYER_NODE, TRUSTX_ERR_NO_DEVICE, "the device cannot be opened",
		"do what the reason says; if it says nothing, collect a report for others",
		"trustx doctor -d {uri} --report report.txt" },
	{ "permission-denied", LAYER_PERMISSION, TRUSTX_ERR_PERMISSION,
		"this user may not read and write the device", "give it to the user",
		CAUSE_GIVE_NODE },
	{ "container-device", LAYER_PERMISSION, TRUSTX_ERR_PERMISSION,
		"the system forbids the device whoever asks: this is a container that has not got "
		"it",
		"give it to the container when it is started", "docker run --device {node} IMAGE" },
	{ "group-missing", LAYER_GROUP, TRUSTX_ERR_PERMISSION,
		"the device is for a group that this user is not in",
		"add the user to the group, then log out and in", CAUSE_JOIN_GROUP },
	{ "group-not-yet", LAYER_GROUP, TRUSTX_ERR_PERMISSION,
		"the user was added to the device's group after logging in",
		"log out and in, or begin a shell that has the group", "newgrp {group}" },
	{ "udev-rule-missing", LAYER_GROUP, TRUSTX_ERR_PERMISSION,
		"the USB bridge is for root alone: no udev rule gives it to users",
		"install the rules that come with trustx",
		"sudo cp contrib/udev/60-trustx.rules /etc/udev/rules.d/ && sudo udevadm control "
		"--reload && sudo udevadm trigger" },
	{ "i2c-rule-missing", LAYER_GROUP, TRUSTX_ERR_PERMISSION,
		"the I2C adapter is for root alone: no udev rule gives it to a group",
		"Debian's i2c-tools gives I2C adapters to the group i2c; then log out and in",
		"sudo apt-get install i2c-tools && sudo usermod -aG i2c {user}" },
	{ "hid-ft260-driver", LAYER_DRIVER, TRUSTX_ERR_NO_DEVICE,
		"the kernel's driver hid_ft260 has taken the adapter",
		"unload it, now and at every start",
		"echo blacklist hid_ft260 | sudo tee /etc/modprobe.d/hid-ft260.conf && sudo rmmod "
		"hid_ft260" },
	{ "hid-library-missing", LAYER_DRIVER, TRUSTX_ERR_NO_DEVICE,
		"the library for USB devices, hidapi, is not installed",
		"install it, on macOS with Homebrew: brew install hidapi", CAUSE_GET_HIDAPI },
	{ "smbus-only", LAYER_DRIVER, TRUSTX_ERR_NO_DEVICE,
		"the adapter knows SMBus commands only, no plain I2C transfers",
		"use another adapter", "trustx scan" },
	{ "ft260-no-i2c", LAYER_DRIVER, TRUSTX_ERR_NO_DEVICE,
		"the FT260 is strapped to be a UART only",
		"pull its pins DCNF0 high and DCNF1 low for I2C, plug it in again and look",
		"trustx doctor -d {uri}" },
	{ "ft260-hid-over-i2c", LAYER_DRIVER, TRUSTX_ERR_NO_DEVICE,
		"the FT260 is set up to bridge HID over I2C, not plain I2C",
		"clear that mode in its configuration memory, or use another board; then look",
		"trustx doctor -d {uri}" },
	{ "ft260-stalled", LAYER_DRIVER, TRUSTX_ERR_BUS,
		"the FT260 answers questions about itself, but its data pipes do not work",
		"a known fault of the FT260 after plugging in: pull it out and plug it in, or "
		"reset it",
		CAUSE_RESET_FT260 },
	{ "reset-line", LAYER_DRIVER, TRUSTX_ERR_NO_DEVICE, "the reset line cannot be used",
		"look up its chip and number and who has it; without reset= the chip is reset by "
		"a command",
		"gpioinfo" },
	{ "ft260-reset-pin", LAYER_DRIVER, TRUSTX_ERR_INPUT,
		"the FT260's pin cannot be used as reset line",
		"name the pin that the board has wired to RST, a letter A to H or a digit 2 to 5; "
		"without one the chip is reset by a command",
		"trustx doctor -d {uri?reset=none}" },
	{ "in-use", LAYER_LOCK, TRUSTX_ERR_IN_USE, "another program is using the device",
		"wait until it has ended; this shows which it is", CAUSE_SHOW_PROCESS },
	{ "lock-unusable", LAYER_LOCK, TRUSTX_ERR_FILE,
		"the file that keeps two programs from using the device at once cannot be written",
		"make room in its folder and let everybody write there, or remove the file; this "
		"shows both",
		CAUSE_SHOW_LOCKS },
	{ "client-connected", LAYER_LOCK, TRUSTX_ERR_IN_USE,
		"another client is connected to the server of this chip",
		"wait until it has ended, or end it; then look", "trustx doctor -d {uri}" },
	{ "address-taken", LAYER_LOCK, TRUSTX_ERR_IN_USE,
		"a driver of the kernel has the chip's address",
		"see which, and unload it or take it out of the devicetree",
		"ls -l /sys/bus/i2c/devices/*/driver" },
	{ "bus-stuck", LAYER_LINES, TRUSTX_ERR_BUS, "SDA or SCL is held low",
		"look for a short circuit, pull-up resistors that are missing and a device without "
		"power; switch the chip off and on, then look again",
		"trustx doctor -d {uri}" },
	{ "no-answer", LAYER_ADDRESS, TRUSTX_ERR_NACK, "nothing answers at the chip's address",
		"check power (VCC 1.62 to 5.5 V), ground, SDA, SCL and that RST is high; if all is "
		"well, the address may have been changed",
		"trustx scan --all-addresses -d {uri}" },
	{ "adapter-clock", LAYER_ADDRESS, TRUSTX_ERR_NACK,
		"nothing answers, and the adapter's clock is faster than the chip takes",
		"set it to 400 kHz or less and restart; on a Raspberry Pi",
		"echo dtparam=i2c_arm_baudrate=400000 | sudo tee -a /boot/firmware/config.txt && "
		"sudo reboot" },
	{ "adapter-failed", LAYER_ADDRESS, TRUSTX_ERR_BUS,
		"the adapter reports errors instead of transferring",
		"plug it in again or restart the computer; the kernel may know more",
		CAUSE_SHOW_TROUBLE },
	{ "adapter-gone", LAYER_ADDRESS, TRUSTX_ERR_NO_DEVICE,
		"the adapter has gone while it was used",
		"plug it in again, with another cable if it happens often, and look",
		"trustx scan" },
	{ "foreign-device", LAYER_STATE, TRUSTX_ERR_PROTOCOL,
		"what answers at the address is no OPTIGA Trust",
		"look at which bus and address the chip is", "trustx scan --all-addresses" },
	{ "chip-busy", LAYER_STATE, TRUSTX_ERR_TIMEOUT,
		"the chip says that it is busy, and does not stop",
		"switch it off and on, then look again", "trustx doctor -d {uri}" },
	{ "speed-above-400", LAYER_NEGOTIATION, TRUSTX_ERR_PROTOCOL,
		"the wiring is good for 400 kHz, not for the clock that was asked for",
		"use what chips are shipped with", "trustx info -d {uri?speed=400000}" },
	{ "speed-too-high", LAYER_NEGOTIATION, TRUSTX_ERR_PROTOCOL,
		"the wiring is good for 100 kHz only",
		"shorter wires and stronger pull-up resistors (2.2 kOhm) cure it; as it is, use",
		"trustx info -d {uri?speed=100000}" },
	{ "negotiation-failed", LAYER_NEGOTIATION, TRUSTX_ERR_PROTOCOL,
		"the chip does not keep the settings of the link",
		"check its supply: a chip that loses power on every access does this; then look",
		"trustx doctor -d {uri}" },
	{ "link-broken", LAYER_APPLICATION, TRUSTX_ERR_PROTOCOL,
		"registers can be read, but frames do not get through",
		"check supply, ground and wires, and collect a report for others",
		"trustx doctor -d {uri} --report report.txt" },
	{ "application-refused", LAYER_APPLICATION, TRUSTX_ERR_CHIP,
		"the chip refuses to open its application",
		"it is at the end of its life cycle, or another product of the family: put another "
		"chip in its place and look",
		"trustx doctor -d {uri}" },
	{ "life-cycle-terminated", LAYER_LIFE_CYCLE, TRUSTX_ERR_CHIP,
		"the chip is at the end of its life cycle, for good",
		"nothing brings it back: put another one in its place and look",
		"trustx doctor -d {uri}" },
	{ "frame-limit", LAYER_FRAMES, TRUSTX_ERR_BUS,
		"short transfers work, long ones do not: the adapter has a limit",
		"use short frames; that is slower and works", "trustx info -d {uri?frame=55}" },
	{ "throttled", LAYER_SEC, TRUSTX_ERR_TIMEOUT,
		"the chip delays every use of its keys, because there were many lately",
		"leave it switched on and idle for so long, then look again",
		"trustx doctor -d {uri}" },
	{ "clock-wrong", LAYER_CLOCK, TRUSTX_ERR_MISMATCH,
		"this computer's clock is wrong: certificates would be valid at the wrong time",
		"set it", CAUSE_SET_CLOCK },
};
const size_t causes_count = sizeof(causes) / sizeof(causes[0]);

const struct cause *cause_find(const char *name)
{
	for (size_t i = 0; name != NULL && i < causes_count; i++)
		if (strcmp(causes[i].name, name) == 0)
			return &causes[i];
	return NULL;
}

bool cause_is_here(const struct cause *cause)
{
	static const char *const never[] = { CAUSE_NEVER NULL };

	for (size_t i = 0; never[i] != NULL; i++)
		if (strcmp(never[i], cause->name) == 0)
			return false;
	return true;
}

static bool is_plain(const char *word)
{
	for (; *word != '\0'; word++)
		if (!isalnum((unsigned char)*word) && strchr(CAUSE_PLAIN, *word) == NULL)
			return false;
	return true;
}

/* Append a character if there is room for it and the NUL. */
static void put(char *out, size_t cap, size_t *n, char c)
{
	if (*n + 1 < cap)
		out[(*n)++] = c;
	out[*n] = '\0';
}

static void put_text(char *out, size_t cap, size_t *n, const char *text)
{
	for (; *text != '\0'; text++)
		put(out, cap, n, *text);
}

void cause_quote(char *out, size_t cap, const char *word)
{
	const bool plain = word[0] != '\0' && is_plain(word);
	size_t n = 0;

	if (!plain)
		put(out, cap, &n, CAUSE_QUOTE);
	for (; *word != '\0'; word++) {
		if (*word == CAUSE_QUOTE)
			put_text(out, cap, &n, CAUSE_QUOTED_QUOTE);
		put(out, cap, &n, *word);
	}
	if (!plain)
		put(out, cap, &n, CAUSE_QUOTE);
}

/* "uri" -> the word, or its name in capitals. */
static const char *word_of(const char *name, size_t len, const struct cause_words *words)
{
	const struct cause_words none = { .uri = NULL };
	const struct cause_words *w = words != NULL ? words : &none;
	const struct {
		const char *name, *value, *shown;
	} table[] = {
		{ "uri", w->uri, "URI" },
		{ "node", w->node, "NODE" },
		{ "group", w->group, "GROUP" },
		{ "user", w->user, "USER" },
		{ "pid", w->pid, "PID" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strlen(table[i].name) == len && memcmp(table[i].name, name, len) == 0)
			return table[i].value != NULL ? table[i].value : table[i].shown;
	return "";
}

/* Where "?name=" or "&name=" begins in uri; NULL: nowhere. */
static const char *find_option(const char *uri, const char *option)
{
	const size_t len = strcspn(option, "=") + 1;

	for (const char *at = uri; (at = strpbrk(at, "?&")) != NULL; at++)
		if (strncmp(at + 1, option, len) == 0)
			return at;
	return NULL;
}

void cause_uri_with(char *out, size_t cap, const char *uri, const char *option)
{
	const char *at = find_option(uri, option), *after = "";
	size_t before = strlen(uri);

	if (at != NULL) {
		before = (size_t)(at - uri);
		after = at + 1 + strcspn(at + 1, "&");
	}
	snprintf(out, cap, "%.*s%c%s%s", (int)before, uri,
		memchr(uri, '?', before) != NULL ? '&' : '?', option, after);
}

/* name: "uri", "uri?speed=100000". */
static void put_word(
	char *out, size_t *n, const char *name, size_t len, const struct cause_words *words)
{
	const char *option = memchr(name, '?', len);
	size_t name_len = option != NULL ? (size_t)(option - name) : len;
	const char *word = word_of(name, name_len, words);
	char text[CAUSE_COMMAND_MAX], quoted[CAUSE_COMMAND_MAX], wanted[40];

	snprintf(text, sizeof(text), "%s", word);
	if (option != NULL) {
		snprintf(wanted, sizeof(wanted), "%.*s", (int)(len - name_len - 1), option + 1);
		cause_uri_with(text, sizeof(text), word, wanted);
	}
	cause_quote(quoted, sizeof(quoted), text);
	put_text(out, CAUSE_COMMAND_MAX, n, quoted);
}

void cause_command(char out[static CAUSE_COMMAND_MAX], const struct cause *cause,
	const struct cause_words *words)
{
	const char *at = cause->command, *end;
	size_t n = 0;

	out[0] = '\0';
	for (; *at != '\0'; at++) {
		if (*at != '{' || (end = strchr(at, '}')) == NULL) {
			put(out, CAUSE_COMMAND_MAX, &n, *at);
			continue;
		}
		put_word(out, &n, at + 1, (size_t)(end - at - 1), words);
		at = end;
	}
}
