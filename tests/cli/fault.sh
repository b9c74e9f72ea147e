# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A bad bus, a bad supply, and a chip at its end of life: what the user is told.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip

# The bus: 3, and what to look at.
fails 3 'open the chip: the bus hangs' trustx -d fault:hang=1:sim:chip info
fails 3 'next: check the adapter and its cable' trustx -d fault:hang=1:sim:chip info
fails 3 'next: check that the chip is powered and wired' trustx -d fault:nak=1:sim:chip info
fails 3 'open the chip: ' trustx -d fault:flip=1:sim:chip info
says 'UID' trustx -d fault:seed=1,rate=0.01,mix=recoverable:sim:chip info

# A chip that is reset again and again, at last between a command and the next: 4, by its own code.
seed=1
refused=
while [ $seed -le 60 ]; do
	code=0
	trustx -d fault:seed=$seed,power=0.02:sim:chip info >out 2>err || code=$?
	if grep -q 'application is not open (0x0C)' err; then
		refused="$refused $seed"
		[ $code -eq 4 ] || die "exit $code: $(cat err)"
		grep -q 'reset, or without power, again and again' err || die "$(cat err)"
		grep -q 'next: check its supply and its reset line' err || die "$(cat err)"
	elif [ $code -ne 0 ] && [ $code -ne 3 ]; then
		die "seed $seed: exit $code: $(cat err)"
	fi
	seed=$((seed + 1))
done
[ -n "$refused" ] || die 'no chip was refused'

# A chip at its end of life: the same code means something else.
printf '\017' >lcs
trustx object write -q e0c0 -i lcs --confirm "$(uid)"
fails 4 'does not open its application \(0x0C\): its life cycle is termination' trustx info
