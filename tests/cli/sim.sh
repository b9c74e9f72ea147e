# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Files of simulated chips.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"

says '^Profile: +trust-x$' trustx sim new chip
has_mode 600 chip || die 'the file is open'
fails 7 'chip' trustx sim new chip
says '^Life cycle: +chip operational, application creation$' trustx sim info chip
says '^Keys made: +0 0 0 0 ' trustx sim info chip
fails 2 '' trustx sim info nothing
fails 2 '' trustx sim new other --profile trust-z
fails 2 'no number' trustx sim new other --seed x
fails 2 'no number' trustx sim rest chip long
fails 2 'SECONDS is missing' trustx sim rest chip

# The other kind of chip, and what is said when there is no such kind.
says '^Profile: +trust-m1$' trustx sim new m --profile trust-m1
fails 2 'trust-x or trust-m1|trust-x.*trust-m1' trustx sim new other --profile trust-z
trustx help --table | grep -q 'profile.*trust-x trust-m1' || die 'completion does not know them'

# Every chip is another one, unless a seed says which.
trustx sim new b >/dev/null
! cmp -s chip b || die 'two equal chips'
trustx sim new c --seed 7 >c.out
trustx sim new d --seed 7 --sync >d.out
[ "$(grep UID c.out)" = "$(grep UID d.out)" ] || die 'the seed has no effect'

# Made on first use.
says '^Slot 1 +empty$' trustx -d sim:new info
[ -f new ] || die 'no file'

# The root of the simulated manufacturer.
trustx sim root -q -o root.pem
openssl x509 -in root.pem -noout || die 'no certificate'
says 'BEGIN CERTIFICATE' trustx sim root

# serve: its mistakes; what it does has stories of its own.
fails 2 '--listen is missing' trustx sim serve --state chip
fails 2 '--state is missing' trustx sim serve --listen unix:s
fails 2 '' trustx sim serve --listen warp:9 --state chip
fails 2 'real, virtual' trustx sim serve --listen unix:s --state chip --clock broken
