# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# What bash and zsh offer while a command is typed.
command -v bash >/dev/null 2>&1 || skip 'bash is not installed'
command -v zsh >/dev/null 2>&1 || skip 'zsh is not installed'
need_terminal
folder=$TRUSTX_SOURCE/contrib/completion
: >request.csr
mkdir ca

cat >bash.sh <<'END'
. "$1/trustx.bash"
COMP_LINE=$2
COMP_POINT=${#COMP_LINE}
_trustx
printf '%s\n' "${COMPREPLY[@]}"
END

offers() {
	want=$1
	for shell in bash zsh; do
		case $shell in
		bash) bash bash.sh "$folder" "$2" ;;
		zsh) zsh -f "$TRUSTX_SOURCE/tests/tools/zsh_completion.zsh" "$folder" "$2" ;;
		esac | sed 's/^ *//; s/ *$//; /^$/d' | sort -u | tr '\n' ' ' >offered
		[ "$(cat offered)" = "$want " ] || die "$shell, '$2': offers '$(cat offered)'"
	done
}

offers 'aws ca cert connect csr doctor help info key object personalize random scan sim trace version' 'trustx '
offers 'generate public' 'trustx key '
offers 'read' 'trustx -d sim:chip cert r'
offers '--curve' 'trustx key generate --cu'
offers 'p256 p384' 'trustx key generate --slot 1 --curve '
offers '0 0xE0F0 0xE0F1 0xE0F2 0xE0F3 1 2 3' 'trustx --json cert read --slot '
offers 'request.csr' 'trustx csr verify r'
offers 'real virtual' 'trustx sim serve --clock '
