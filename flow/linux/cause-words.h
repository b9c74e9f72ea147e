/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What is typed on this system, and how its shell wants words. */
#ifndef FLOW_CAUSE_WORDS_H
#define FLOW_CAUSE_WORDS_H

#define CAUSE_LIST_USB	   "lsusb -d 0403:6030"
#define CAUSE_GIVE_NODE	   "sudo chown {user} {node}"
#define CAUSE_RESET_FT260  "sudo usbreset 0403:6030"
#define CAUSE_SHOW_PROCESS "ps -fp {pid}"
#define CAUSE_SHOW_LOCKS   "df /run/lock /tmp; ls -ld /run/lock /tmp /run/lock/trustx-*"
#define CAUSE_SHOW_TROUBLE "sudo dmesg | tail -30"
#define CAUSE_SET_CLOCK	   "sudo timedatectl set-ntp true"
#define CAUSE_GROUP_LAYER  "group, udev rule"
#define CAUSE_JOIN_GROUP   "sudo usermod -aG {group} {user}"
#define CAUSE_GET_HIDAPI   "sudo apt-get install libhidapi-libusb0 libhidapi-hidraw0"
#define CAUSE_NEVER	   /* each name with a comma: what this system cannot have */

#define CAUSE_PLAIN	   "_-./:=,@%+" /* need no quotes, beside letters and digits */
#define CAUSE_QUOTE	   '\''
#define CAUSE_QUOTED_QUOTE "'\\'" /* in front of another quote */

#endif
