# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The build takes the GPIO lines of the libgpiod that is there: 1, 2 or none.
for tool in cmake ninja; do
	command -v $tool >/dev/null 2>&1 || skip "$tool is not installed"
done

# chosen LINE: bus/gpio*.c in a build where pkg-config finds a libgpiod with this line.
chosen() {
	rm -rf pc build
	mkdir pc
	printf 'Name: libgpiod\nDescription: for a test\nLibs: -lgpiod\nCflags:\n%s\n' "$1" >pc/libgpiod.pc
	PKG_CONFIG_PATH=$PWD/pc cmake -G Ninja -S "$TRUSTX_SOURCE" -B build >configured 2>&1 ||
		die "$(cat configured)"
	sed -n 's,^build bus/CMakeFiles/bus.dir/\(gpio[a-z0-9-]*\.c\)\.o:.*,\1,p' build/build.ninja | sort | tr '\n' ' '
}

for pair in '1.6.3=gpio-v1.c gpio.c ' '2.2.1=gpio-v2.c gpio.c '; do
	files=$(chosen "Version: ${pair%%=*}")
	[ "$files" = "${pair#*=}" ] || die "libgpiod ${pair%%=*}: $files"
done
files=$(chosen 'Version: 2.2.1
Requires: no-such-package')
[ "$files" = 'gpio-none.c ' ] || die "no libgpiod: $files"

# Without one a line is refused, and what to do instead is said.
cat >main.c <<'END'
#include "gpio.h"
#include <stdio.h>
int main(void)
{
	struct gpio *line;
	struct fail f = { 0 };
	enum trustx_err err = gpio_open(&line, "reset", "GPIO17", &f);

	printf("%s: %s; next: %s; cause: %s\n", trustx_err_name(err), f.why, f.next, f.cause);
	gpio_close(line);
	return line != NULL;
}
END
tree=$TRUSTX_SOURCE
cc -std=c11 -Wall -Wextra -Werror -Wshadow -Wconversion -D_GNU_SOURCE -I"$tree/bus" -I"$tree/base" \
	-I"$tree/include" main.c "$tree/bus/gpio-none.c" "$tree/base/err.c" "$tree/base/fail.c" "$tree/base/fail-posix.c" -o main
./main >said
grep -q '^TRUSTX_ERR_NO_DEVICE: reset=GPIO17: this trustx was built without libgpiod.*; cause: reset-line$' said || die "$(cat said)"
grep -q 'next: build it with libgpiod-dev installed, or leave the option out' said || die "$(cat said)"
