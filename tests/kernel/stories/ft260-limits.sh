# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# What hid-ft260 does with long transfers, and why frames through it stay within one report of 60
# bytes. 6.1 refuses reads of more than 180 bytes, and takes any write, but cuts it into several
# transactions (STOP after each 60 bytes). 6.12 refuses writes of more than 120 bytes. Both say
# EIO where an address is not acknowledged.
load hid-ft260 i2c-dev
plug ft260=i2c
bus=${i2c#/dev/i2c-}
says . awake "$bus" i2ctransfer -y "$bus" r60@0x30
says . awake "$bus" i2ctransfer -y "$bus" r180@0x30
awake "$bus" i2ctransfer -y "$bus" w60@0x30 0x80 0x00=
awake "$bus" i2ctransfer -y "$bus" w120@0x30 0x80 0x00=
fails 1 'Input/output error' i2ctransfer -y "$bus" r4@0x31
case $(uname -r) in
6.1.*)
	fails 1 'Invalid argument' awake "$bus" i2ctransfer -y "$bus" r181@0x30
	awake "$bus" i2ctransfer -y "$bus" w278@0x30 0x80 0x00=
	;;
*)
	says . awake "$bus" i2ctransfer -y "$bus" r300@0x30
	fails 1 'Input/output error' awake "$bus" i2ctransfer -y "$bus" w121@0x30 0x80 0x00=
	;;
esac
gone
