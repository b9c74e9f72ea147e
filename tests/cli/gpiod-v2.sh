# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Reset and power lines through libgpiod 2: its own sources below bus/gpio-v2.c, over the same
# emulated kernel as libgpiod 1.
lib=$("$TRUSTX_SOURCE/scripts/fetch-libgpiod" 2>why) || skip "no libgpiod 2: $(tail -1 why)"
set -- -std=c11 -g -D_GNU_SOURCE -fsanitize=address,undefined -fno-sanitize-recover=all

# Theirs, without warnings; then ours, with all of them.
for file in "$lib"/lib/*.c; do
	cc "$@" -w '-DGPIOD_VERSION_STR="2"' '-DGPIOD_API=' -I"$lib/include" -c "$file" \
		-o "lib-$(basename "$file" .c).o"
done
set -- "$@" -Wall -Wextra -Werror -Wshadow -Wconversion -Wsign-conversion
cd "$TRUSTX_SOURCE"
objects=$OLDPWD
for call in open close stat lstat access realpath scandir ioctl getgrgid; do
	set -- "$@" "-Wl,--wrap=$call"
done
cc "$@" -Ibus -Ibase -Iinclude -Itests -I"$lib/include" tests/unit/test-gpio.c \
	tests/unit/gpio-kernel.c bus/gpio.c bus/gpio-v2.c bus/node.c base/err.c base/fail.c base/fail-posix.c base/num.c \
	"$objects"/lib-*.o -o "$objects/test"
"$objects/test"
