/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What is typed on this system, and how its shell wants words. */
#ifndef FLOW_CAUSE_WORDS_H
#define FLOW_CAUSE_WORDS_H

#define CAUSE_LIST_USB	   "pnputil /enum-devices /connected /class HIDClass"
#define CAUSE_GIVE_NODE	   "icacls {node} /grant {user}:F"
#define CAUSE_RESET_FT260  "trustx doctor -d {uri}"
#define CAUSE_SHOW_PROCESS "tasklist /fi \"PID eq {pid}\""
#define CAUSE_SHOW_LOCKS   "icacls \"%ProgramData%\\trustx-locks\""
#define CAUSE_SHOW_TROUBLE "pnputil /enum-devices /problem"
#define CAUSE_SET_CLOCK	   "w32tm /resync"

#define CAUSE_GROUP_LAYER "group"
#define CAUSE_JOIN_GROUP  "net localgroup {group} {user} /add"
#define CAUSE_GET_HIDAPI  "trustx version --verbose"

/* Each name with a comma: what this system cannot have. */
#define CAUSE_NEVER                                                                            \
	"i2c-off", "i2c-dev-not-loaded", "container-device", "group-missing", "group-not-yet", \
		"udev-rule-missing", "i2c-rule-missing", "hid-ft260-driver",                   \
		"hid-library-missing", "smbus-only", "reset-line", "address-taken",            \
		"adapter-clock",

#define CAUSE_PLAIN	   "_-./\\:=,@+" /* need no quotes, beside letters and digits */
#define CAUSE_QUOTE	   '"'
#define CAUSE_QUOTED_QUOTE "\"" /* in front of another quote */

#endif
