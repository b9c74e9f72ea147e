# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for the rows of Windows, behind those of lib.sh.
programs='trustx trustx-sim optiga_generate_csr optiga_upload_crt'

# DLLs that each Windows has.
system_dlls='advapi32 bcrypt crypt32 hid kernel32 msvcrt secur32 setupapi shell32 user32 ws2_32'

# alone ARCH ROW: the programs ask for no DLL that would have to lie beside them.
alone() {
	say 'looking at what the programs import'
	for program in $programs; do
		dlls=$("$1-w64-mingw32-objdump" -p "build/$2/tool/$program.exe" |
			sed -n 's/^\tDLL Name: \(.*\)\.dll$/\1/ip' | tr '[:upper:]' '[:lower:]')
		[ -n "$dlls" ] || die "$program.exe: no imports to be seen"
		for dll in $dlls; do
			case " $system_dlls " in
			*" $dll "*) ;;
			*) die "$program.exe needs $dll.dll" ;;
			esac
		done
	done
}

# small ARCH ROW BYTES: the stripped trustx.exe is at most so long.
small() {
	"$1-w64-mingw32-strip" -o "build/$2/stripped.exe" "build/$2/tool/trustx.exe"
	size=$(wc -c <"build/$2/stripped.exe")
	say "trustx.exe, stripped: $size bytes"
	[ "$size" -le "$3" ] || die "more than $3 bytes"
}

# wine_stays FOLDER: starts the Windows in FOLDER, which stays until this script ends. Without programs,
# Wine's server shuts down after three seconds, and with it what just begins: that ends with exit code 1
# and says nothing. Nor has each program to start a desktop: one that waits for input in vain keeps it.
wine_stays() {
	WINEPREFIX=$1
	export WINEPREFIX
	mkdir -p "$WINEPREFIX"
	wineserver -k || true
	wineserver -w
	trap 'wineserver -k || true' EXIT
	wineserver -p
	rm -f "$WINEPREFIX/silence"
	mkfifo "$WINEPREFIX/silence"
	packaging/windows/wine cmd /c more <>"$WINEPREFIX/silence" >/dev/null 2>&1 &
}
