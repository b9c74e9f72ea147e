# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# doctor and scan behind the emulated FT260, with what can be wrong with one.
. "$TRUSTX_SOURCE/tests/cli/doctor-lib.sh"
trustx sim new chip >/dev/null
board='ft260:?via=sim&path='

healthy trustx doctor -d "${board}chip"
grep -q '^bus levels  *ok ' names.out || die "$(cat names.out)"
# How the shell of the system quotes.
q="'"
here linux-words || q='"'
says "^${q}ft260:\?via=sim&path=chip$q: Trust X, UID " trustx scan -d "${board}chip"

names ft260-no-i2c 3 trustx doctor -d "${board}chip,mode=uart"
at 'kernel driver'
grep -q '^trustx: ft260-no-i2c: the FT260 is strapped to be a UART only (pins' names.err || die "said twice: $(cat names.err)"
names ft260-hid-over-i2c 3 trustx doctor -d "${board}chip,hid-over-i2c=1"
at 'kernel driver'
names ft260-stalled 3 trustx doctor -d "${board}chip,stall=1"
! here linux-words || remedy 'sudo usbreset 0403:6030'
names adapter-failed 3 trustx doctor -d "${board}chip,lies=1"
at address
names hid-ft260-driver 3 trustx doctor -d "${board}chip,driver=ft260"
at 'kernel driver'
! here linux-words || remedy "echo blacklist hid_ft260 | sudo tee /etc/modprobe.d/hid-ft260.conf && sudo rmmod hid_ft260"
names node-foreign 3 trustx doctor -d "${board}chip,product=0x6011"
at 'device node'
names node-foreign 3 trustx doctor -d "${board}chip,chip-id=0x0261"
healthy trustx doctor -d "${board}chip,stick-bus=20"
names adapter-gone 3 trustx doctor -d "${board}chip,disconnect=12"
names no-answer 3 trustx doctor -d "${board}chip,nack=1000000"
names permission-denied 3 trustx doctor -d "${board}chip,denied=1"
names node-missing 3 trustx doctor -d 'ft260:NONE?via=sim&path=chip'
names ft260-reset-pin 2 trustx doctor -d "${board}chip&reset=Z"
remedy "trustx doctor -d $q${board}chip&reset=none$q"
eval "$(sed -n 's/^  next: .*: trustx/trustx/p' names.err)" >offered.out || die 'the remedy does not help'
names device-malformed 2 trustx doctor -d 'ft260:?via=pigeon'

# Two boards, no choice; then the choice that was offered.
mkdir boards
trustx sim new boards/one.sim >/dev/null
trustx sim new boards/two.sim >/dev/null
names no-choice 3 trustx doctor -d "${board}boards"
at device
eval "$(sed -n 's/^  next: .*: trustx/trustx/p' names.err)" >offered.out || die "$(cat names.err offered.out)"
mkdir empty
names no-adapter 3 trustx doctor -d 'ft260:?via=sim&path=empty'
