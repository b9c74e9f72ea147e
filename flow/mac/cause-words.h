/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What is typed on this system, and how its shell wants words. */
#ifndef FLOW_CAUSE_WORDS_H
#define FLOW_CAUSE_WORDS_H

#define CAUSE_LIST_USB	   "ioreg -p IOUSB"
#define CAUSE_GIVE_NODE	   "sudo chown {user} {node}"
#define CAUSE_RESET_FT260  "trustx doctor -d {uri}"
#define CAUSE_SHOW_PROCESS "ps -fp {pid}"
#define CAUSE_SHOW_LOCKS   "df /tmp; ls -ld /tmp/ /tmp/trustx-*"
#define CAUSE_SHOW_TROUBLE "sudo dmesg | tail -30"
#define CAUSE_SET_CLOCK	   "sudo sntp -sS time.apple.com"
#define CAUSE_GROUP_LAYER  "group"
#define CAUSE_JOIN_GROUP   "sudo dseditgroup -o edit -a {user} -t user {group}"
#define CAUSE_GET_HIDAPI   "brew install hidapi"

/* Each name with a comma: what this system cannot have. */
#define CAUSE_NEVER                                                                 \
	"i2c-off", "i2c-dev-not-loaded", "container-device", "udev-rule-missing",   \
		"i2c-rule-missing", "hid-ft260-driver", "smbus-only", "reset-line", \
		"address-taken", "adapter-clock",

#define CAUSE_PLAIN	   "_-./:=,@%+" /* need no quotes, beside letters and digits */
#define CAUSE_QUOTE	   '\''
#define CAUSE_QUOTED_QUOTE "'\\'" /* in front of another quote */

#endif
