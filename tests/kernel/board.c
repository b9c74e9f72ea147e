/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * board --chip FILE [--unplug N] DEVICE[=NODE]...: USB devices at the ports of this kernel's
 * vhci_hcd, in that order from port 0, with one simulated chip on their bus. Once all NODEs are
 * there (i2c, hidraw, gpiochip), it prints NODE=/dev/... for each, and from then on counts requests.
 * On SIGTERM, or before it answers request N, it pulls everything out, switches the chip off, and
 * prints requests=COUNT, and made=COUNT and used=COUNT for the keys of slot 1 in the chip's life.
 */
#include "usbip.h"

#include <getopt.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "num.h"

#define PORTS	 4
#define NS_PER_S 1000000000u
#define LOOK_NS	 20000000u
#define READY_NS (30ull * NS_PER_S)

static const struct usb_device_ops *const kinds[] = { &usb_ft260, &usb_tiny, &usb_cp2112,
	&usb_cp2112_gpio };

/* Where below the device's folder a node is. */
static const struct node {
	const char *name, *patterns[2];
} nodes[] = {
	{ "i2c", { "*:*/i2c-[0-9]*", "*:*/*:*/i2c-[0-9]*" } },
	{ "hidraw", { "*:1.0/*:*/hidraw/hidraw*", NULL } },
	{ "gpiochip", { "*:*/*:*/gpiochip*", NULL } },
};

struct port {
	struct usb_device *dev;
	struct usbip *usbip;
	const struct node *wanted;
	char path[32]; /* of its node; "": not there yet */
};

struct board {
	struct sim *chip;
	uint64_t epoch;
	int signals;
	bool ready;
	unsigned long before, unplug; /* requests: until it was ready; at which the end is, or 0 */
	size_t count;
	struct port ports[PORTS];
};

static uint64_t monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static uint64_t now(const struct board *b)
{
	return monotonic() - b->epoch;
}

static unsigned long requests(const struct board *b)
{
	unsigned long n = 0;

	for (size_t i = 0; i < b->count; i++)
		n += usbip_requests(b->ports[i].usbip);
	return n - b->before;
}

static bool find_node(struct port *p, unsigned number)
{
	char pattern[200];
	glob_t found;

	for (size_t i = 0; i < 2 && p->path[0] == '\0' && p->wanted->patterns[i] != NULL; i++) {
		snprintf(pattern, sizeof(pattern), USBIP_DEVICES "%u/%s", number + 1,
			p->wanted->patterns[i]);
		if (glob(pattern, 0, NULL, &found) == 0)
			snprintf(p->path, sizeof(p->path), "/dev/%s",
				strrchr(found.gl_pathv[0], '/') + 1);
		globfree(&found);
	}
	if (p->path[0] != '\0' && access(p->path, F_OK) != 0)
		p->path[0] = '\0';
	return p->path[0] != '\0';
}

static void look(struct board *b)
{
	for (unsigned i = 0; i < b->count; i++) {
		if (b->ports[i].wanted != NULL && !find_node(&b->ports[i], i))
			return;
	}
	b->before = requests(b);
	b->ready = true;
	for (size_t i = 0; i < b->count; i++) {
		if (b->ports[i].wanted != NULL)
			printf("%s=%s\n", b->ports[i].wanted->name, b->ports[i].path);
	}
	printf("ready=1\n");
	fflush(stdout);
}

/* Wait until the next thing happens; false: the end. */
static bool wait_for(struct board *b, uint64_t until)
{
	struct pollfd fds[PORTS + 1] = { { .fd = b->signals, .events = POLLIN } };
	uint64_t at = now(b), left = until > at ? until - at : 0;
	struct timespec t = { (time_t)(left / NS_PER_S), (long)(left % NS_PER_S) };

	for (size_t i = 0; i < b->count; i++)
		fds[i + 1] = (struct pollfd){ usbip_fd(b->ports[i].usbip), POLLIN, 0 };
	if (ppoll(fds, (nfds_t)b->count + 1, until == USB_NEVER ? NULL : &t, NULL) < 0 ||
		fds[0].revents != 0)
		return false;
	for (size_t i = 0; i < b->count; i++) {
		if (fds[i + 1].revents != 0 && !usbip_take(b->ports[i].usbip, now(b)))
			return false;
	}
	return b->unplug == 0 || !b->ready || requests(b) < b->unplug;
}

static int serve(struct board *b)
{
	uint64_t next, due;

	do {
		if (!b->ready)
			look(b);
		if (!b->ready && now(b) > READY_NS) {
			fprintf(stderr, "board: the kernel made no node of a device\n");
			return 1;
		}
		next = b->ready ? USB_NEVER : now(b) + LOOK_NS;
		for (size_t i = 0; i < b->count; i++) {
			due = usbip_answer(b->ports[i].usbip, now(b));
			next = due < next ? due : next;
		}
	} while (wait_for(b, next));
	printf("requests=%lu\n", requests(b));
	return 0;
}

static bool plug(struct board *b, const char *arg)
{
	struct port *p = &b->ports[b->count];
	const char *node = strchr(arg, '=');
	size_t len = node != NULL ? (size_t)(node - arg) : strlen(arg);

	for (size_t i = 0; node != NULL && i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		if (strcmp(nodes[i].name, node + 1) == 0)
			p->wanted = &nodes[i];
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i]->name) == len && strncmp(kinds[i]->name, arg, len) == 0)
			p->dev = kinds[i]->new (b->chip);
	}
	if (p->dev == NULL || (node != NULL && p->wanted == NULL)) {
		fprintf(stderr, "board: no such device: %s\n", arg);
		return false;
	}
	p->usbip = usbip_attach((unsigned)b->count, p->dev);
	b->count++;
	return p->usbip != NULL;
}

static int signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static bool open_chip(struct board *b, const char *file)
{
	static const struct sim_options defaults;
	struct fail f;

	fail_clear(&f);
	if (sim_open(&b->chip, file, &defaults, &f) != TRUSTX_OK) {
		fprintf(stderr, "board: %s: %s\n", file, f.why);
		return false;
	}
	b->epoch = monotonic();
	return true;
}

static void end(struct board *b)
{
	for (size_t i = 0; i < b->count; i++) {
		usbip_detach(b->ports[i].usbip);
		if (b->ports[i].dev != NULL)
			b->ports[i].dev->ops->free(b->ports[i].dev);
	}
	sim_close(b->chip);
}

static int print_counts(const char *chip)
{
	struct sim_info info;
	struct fail f;

	fail_clear(&f);
	if (sim_info(&info, chip, &f) != TRUSTX_OK) {
		fprintf(stderr, "board: %s: %s\n", chip, f.why);
		return 1;
	}
	printf("made=%u\nused=%u\n", info.key_generations[1], info.key_uses[1]);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "chip", required_argument, NULL, 'c' },
		{ "unplug", required_argument, NULL, 'u' }, { 0 } };
	struct board b = { .signals = signals() };
	const char *chip = NULL;
	uint64_t unplug = 0;
	int c, rc = 0;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'c')
			chip = optarg;
		else if (c != 'u' || num_parse_range(&unplug, optarg, 1, 1000000) != TRUSTX_OK)
			return 2;
	}
	b.unplug = (unsigned long)unplug;
	if (chip == NULL || optind == argc || argc - optind > PORTS || !open_chip(&b, chip))
		return 2;
	for (int i = optind; i < argc && rc == 0; i++)
		rc = plug(&b, argv[i]) ? 0 : 1;
	if (rc == 0)
		rc = serve(&b);
	end(&b);
	return rc == 0 ? print_counts(chip) : rc;
}
