# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Completion of trustx for bash. Made by scripts/make-completion from the table of commands.

_trustx_nouns='info key csr cert object random ca personalize sim trace scan doctor aws connect help version'
_trustx_globals='--device -d --json --quiet -q --verbose -v --help -h --version -V'

_trustx_verbs() {
	case $1 in
	key) echo 'generate public' ;;
	csr) echo 'create verify' ;;
	cert) echo 'write verify read erase' ;;
	object) echo 'list read write metadata lock' ;;
	ca) echo 'init sign show' ;;
	sim) echo 'new info rest power-cut root serve' ;;
	trace) echo 'show redact' ;;
	aws) echo 'whoami endpoint setup status scrap register-ca' ;;
	esac
}

_trustx_options() {
	case $1 in
	'key generate') echo '--slot -s --curve --usage --out -o --state --replace-key --confirm --infineon-slot' ;;
	'key public') echo '--slot -s --out -o --state' ;;
	'csr create') echo '--in -i --subject --san --slot -s --curve --usage --out -o --state --infineon-slot' ;;
	'cert write') echo '--slot -s --format --ca --state --replace-cert --foreign-cert --infineon-slot' ;;
	'cert verify') echo '--slot -s --format --ca --state' ;;
	'cert read') echo '--slot -s --out -o' ;;
	'cert erase') echo '--slot -s --infineon-slot' ;;
	'object read') echo '--out -o' ;;
	'object write') echo '--in -i --confirm --foreign-cert --replace-cert --infineon-slot' ;;
	'object metadata') echo '--raw --set --confirm' ;;
	'object lock') echo '--confirm --infineon-slot' ;;
	'random') echo '--out -o' ;;
	'ca init') echo '--subject --intermediate --encrypt --passphrase-file' ;;
	'ca sign') echo '--in -i --out -o --days --passphrase-file' ;;
	'personalize') echo '--in -i --subject --san --issuer --slot -s --curve --format --days --passphrase-file --state --replace-cert --infineon-slot --register --recipe --thing --thing-type --attribute --group --policy --weak-policy --profile --region --account --endpoint-url --ca-bundle --stations --allow-http --imds' ;;
	'sim new') echo '--profile --seed --sync' ;;
	'sim power-cut') echo '--after' ;;
	'sim root') echo '--out -o' ;;
	'sim serve') echo '--listen --state --clock --profile --scale --jitter --nack --seed --sync' ;;
	'trace show') echo '--pcapng' ;;
	'trace redact') echo '--out -o' ;;
	'scan') echo '--all-addresses' ;;
	'doctor') echo '--report --list' ;;
	'aws whoami') echo '--profile --region --account --endpoint-url --ca-bundle --stations --allow-http --imds' ;;
	'aws endpoint') echo '--profile --region --account --endpoint-url --ca-bundle --stations --allow-http --imds' ;;
	'aws setup') echo '--group --thing-type --policy --policy-file --thing-prefix --iam --profile --region --account --endpoint-url --ca-bundle --stations --allow-http --imds' ;;
	'aws status') echo '--slot -s --state --profile --region --account --endpoint-url --ca-bundle --stations --allow-http --imds' ;;
	'aws scrap') echo '--confirm --orphans --wait --slot -s --state --profile --region --account --endpoint-url --ca-bundle --stations --allow-http --imds' ;;
	'aws register-ca') echo '--mode --passphrase-file --profile --region --account --endpoint-url --ca-bundle --stations --allow-http --imds' ;;
	'connect') echo '--endpoint --port --thing --slot -s --state --cafile --alpn --mqtt --timeout --profile --region --account --endpoint-url --ca-bundle --stations --allow-http --imds' ;;
	'help') echo '--table' ;;
	esac
}

# What follows an option, or a command: none, file, dir, or words and their list.
_trustx_value() {
	case $1 in
	'key generate'' --slot' | 'key generate'' -s') echo 'words 0 1 2 3 0xE0F0 0xE0F1 0xE0F2 0xE0F3' ;;
	'key generate'' --curve') echo 'words p256 p384' ;;
	'key generate'' --usage') echo 'words sign auth enc agree sign,auth' ;;
	'key generate'' --out' | 'key generate'' -o') echo 'file' ;;
	'key generate'' --state') echo 'dir' ;;
	'key generate'' --confirm') echo 'none' ;;
	'key public'' --slot' | 'key public'' -s') echo 'words 0 1 2 3 0xE0F0 0xE0F1 0xE0F2 0xE0F3' ;;
	'key public'' --out' | 'key public'' -o') echo 'file' ;;
	'key public'' --state') echo 'dir' ;;
	'csr create'' --in' | 'csr create'' -i') echo 'file' ;;
	'csr create'' --subject') echo 'none' ;;
	'csr create'' --san') echo 'words dns: uri: ip: email:' ;;
	'csr create'' --slot' | 'csr create'' -s') echo 'words 0 1 2 3 0xE0F0 0xE0F1 0xE0F2 0xE0F3' ;;
	'csr create'' --curve') echo 'words p256 p384' ;;
	'csr create'' --usage') echo 'words sign auth enc agree sign,auth' ;;
	'csr create'' --out' | 'csr create'' -o') echo 'file' ;;
	'csr create'' --state') echo 'dir' ;;
	'cert write'' --slot' | 'cert write'' -s') echo 'words 0 1 2 3 0xE0F0 0xE0F1 0xE0F2 0xE0F3' ;;
	'cert write'' --format') echo 'words tls-identity der' ;;
	'cert write'' --ca') echo 'file' ;;
	'cert write'' --state') echo 'dir' ;;
	'cert verify'' --slot' | 'cert verify'' -s') echo 'words 0 1 2 3 0xE0F0 0xE0F1 0xE0F2 0xE0F3' ;;
	'cert verify'' --format') echo 'words tls-identity der' ;;
	'cert verify'' --ca') echo 'file' ;;
	'cert verify'' --state') echo 'dir' ;;
	'cert read'' --slot' | 'cert read'' -s') echo 'words 0 1 2 3 0xE0F0 0xE0F1 0xE0F2 0xE0F3' ;;
	'cert read'' --out' | 'cert read'' -o') echo 'file' ;;
	'cert erase'' --slot' | 'cert erase'' -s') echo 'words 0 1 2 3 0xE0F0 0xE0F1 0xE0F2 0xE0F3' ;;
	'object read'' --out' | 'object read'' -o') echo 'file' ;;
	'object write'' --in' | 'object write'' -i') echo 'file' ;;
	'object write'' --confirm') echo 'none' ;;
	'object metadata'' --set') echo 'words lcso=operational change=never change=always read=always execute=always' ;;
	'object metadata'' --confirm') echo 'none' ;;
	'object lock'' --confirm') echo 'none' ;;
	'random'' --out' | 'random'' -o') echo 'file' ;;
	'ca init'' --subject') echo 'none' ;;
	'ca init'' --passphrase-file') echo 'file' ;;
	'ca sign'' --in' | 'ca sign'' -i') echo 'file' ;;
	'ca sign'' --out' | 'ca sign'' -o') echo 'file' ;;
	'ca sign'' --days') echo 'none' ;;
	'ca sign'' --passphrase-file') echo 'file' ;;
	'personalize'' --in' | 'personalize'' -i') echo 'file' ;;
	'personalize'' --subject') echo 'none' ;;
	'personalize'' --san') echo 'words dns: uri: ip: email:' ;;
	'personalize'' --issuer') echo 'words ca: exec: aws' ;;
	'personalize'' --slot' | 'personalize'' -s') echo 'words 0 1 2 3 0xE0F0 0xE0F1 0xE0F2 0xE0F3' ;;
	'personalize'' --curve') echo 'words p256 p384' ;;
	'personalize'' --format') echo 'words tls-identity der' ;;
	'personalize'' --days') echo 'none' ;;
	'personalize'' --passphrase-file') echo 'file' ;;
	'personalize'' --state') echo 'dir' ;;
	'personalize'' --recipe') echo 'file' ;;
	'personalize'' --thing') echo 'none' ;;
	'personalize'' --thing-type') echo 'none' ;;
	'personalize'' --attribute') echo 'none' ;;
	'personalize'' --group') echo 'none' ;;
	'personalize'' --policy') echo 'none' ;;
	'personalize'' --profile') echo 'none' ;;
	'personalize'' --region') echo 'none' ;;
	'personalize'' --account') echo 'none' ;;
	'personalize'' --endpoint-url') echo 'none' ;;
	'personalize'' --ca-bundle') echo 'file' ;;
	'personalize'' --stations') echo 'none' ;;
	'sim new'' --profile') echo 'words trust-x trust-m1' ;;
	'sim new'' --seed') echo 'none' ;;
	'sim power-cut'' --after') echo 'none' ;;
	'sim root'' --out' | 'sim root'' -o') echo 'file' ;;
	'sim serve'' --listen') echo 'words unix: tcp:' ;;
	'sim serve'' --state') echo 'file' ;;
	'sim serve'' --clock') echo 'words real virtual' ;;
	'sim serve'' --profile') echo 'words trust-x trust-m1' ;;
	'sim serve'' --scale') echo 'none' ;;
	'sim serve'' --jitter') echo 'none' ;;
	'sim serve'' --nack') echo 'none' ;;
	'sim serve'' --seed') echo 'none' ;;
	'trace show'' --pcapng') echo 'file' ;;
	'trace redact'' --out' | 'trace redact'' -o') echo 'file' ;;
	'doctor'' --report') echo 'file' ;;
	'aws whoami'' --profile') echo 'none' ;;
	'aws whoami'' --region') echo 'none' ;;
	'aws whoami'' --account') echo 'none' ;;
	'aws whoami'' --endpoint-url') echo 'none' ;;
	'aws whoami'' --ca-bundle') echo 'file' ;;
	'aws whoami'' --stations') echo 'none' ;;
	'aws endpoint'' --profile') echo 'none' ;;
	'aws endpoint'' --region') echo 'none' ;;
	'aws endpoint'' --account') echo 'none' ;;
	'aws endpoint'' --endpoint-url') echo 'none' ;;
	'aws endpoint'' --ca-bundle') echo 'file' ;;
	'aws endpoint'' --stations') echo 'none' ;;
	'aws setup'' --group') echo 'none' ;;
	'aws setup'' --thing-type') echo 'none' ;;
	'aws setup'' --policy') echo 'none' ;;
	'aws setup'' --policy-file') echo 'file' ;;
	'aws setup'' --thing-prefix') echo 'none' ;;
	'aws setup'' --iam') echo 'dir' ;;
	'aws setup'' --profile') echo 'none' ;;
	'aws setup'' --region') echo 'none' ;;
	'aws setup'' --account') echo 'none' ;;
	'aws setup'' --endpoint-url') echo 'none' ;;
	'aws setup'' --ca-bundle') echo 'file' ;;
	'aws setup'' --stations') echo 'none' ;;
	'aws status'' --slot' | 'aws status'' -s') echo 'words 0 1 2 3 0xE0F0 0xE0F1 0xE0F2 0xE0F3' ;;
	'aws status'' --state') echo 'dir' ;;
	'aws status'' --profile') echo 'none' ;;
	'aws status'' --region') echo 'none' ;;
	'aws status'' --account') echo 'none' ;;
	'aws status'' --endpoint-url') echo 'none' ;;
	'aws status'' --ca-bundle') echo 'file' ;;
	'aws status'' --stations') echo 'none' ;;
	'aws scrap'' --confirm') echo 'none' ;;
	'aws scrap'' --wait') echo 'none' ;;
	'aws scrap'' --slot' | 'aws scrap'' -s') echo 'words 0 1 2 3 0xE0F0 0xE0F1 0xE0F2 0xE0F3' ;;
	'aws scrap'' --state') echo 'dir' ;;
	'aws scrap'' --profile') echo 'none' ;;
	'aws scrap'' --region') echo 'none' ;;
	'aws scrap'' --account') echo 'none' ;;
	'aws scrap'' --endpoint-url') echo 'none' ;;
	'aws scrap'' --ca-bundle') echo 'file' ;;
	'aws scrap'' --stations') echo 'none' ;;
	'aws register-ca'' --mode') echo 'words default sni-only' ;;
	'aws register-ca'' --passphrase-file') echo 'file' ;;
	'aws register-ca'' --profile') echo 'none' ;;
	'aws register-ca'' --region') echo 'none' ;;
	'aws register-ca'' --account') echo 'none' ;;
	'aws register-ca'' --endpoint-url') echo 'none' ;;
	'aws register-ca'' --ca-bundle') echo 'file' ;;
	'aws register-ca'' --stations') echo 'none' ;;
	'connect'' --endpoint') echo 'none' ;;
	'connect'' --port') echo 'words 8883 443' ;;
	'connect'' --thing') echo 'none' ;;
	'connect'' --slot' | 'connect'' -s') echo 'words 0 1 2 3 0xE0F0 0xE0F1 0xE0F2 0xE0F3' ;;
	'connect'' --state') echo 'dir' ;;
	'connect'' --cafile') echo 'file' ;;
	'connect'' --alpn') echo 'words x-amzn-mqtt-ca' ;;
	'connect'' --mqtt') echo 'words 5 3.1.1' ;;
	'connect'' --timeout') echo 'none' ;;
	'connect'' --profile') echo 'none' ;;
	'connect'' --region') echo 'none' ;;
	'connect'' --account') echo 'none' ;;
	'connect'' --endpoint-url') echo 'none' ;;
	'connect'' --ca-bundle') echo 'file' ;;
	'connect'' --stations') echo 'none' ;;
	*' --device' | *' -d') echo 'none' ;;
	'csr verify') echo 'file' ;;
	'cert write') echo 'file' ;;
	'cert verify') echo 'file' ;;
	'object read') echo 'none' ;;
	'object write') echo 'none' ;;
	'object metadata') echo 'none' ;;
	'object lock') echo 'none' ;;
	'random') echo 'none' ;;
	'ca init') echo 'dir' ;;
	'ca sign') echo 'dir' ;;
	'ca show') echo 'dir' ;;
	'sim new') echo 'file' ;;
	'sim info') echo 'file' ;;
	'sim rest') echo 'file' ;;
	'sim rest') echo 'none' ;;
	'sim power-cut') echo 'file' ;;
	'trace show') echo 'file' ;;
	'trace redact') echo 'file' ;;
	'aws status') echo 'none' ;;
	'aws scrap') echo 'none' ;;
	'aws register-ca') echo 'dir' ;;
	'help') echo 'none' ;;
	esac
}

_trustx_offer() {
	case $1 in
	file) compgen -f -- "$cur" ;;
	dir) compgen -d -- "$cur" ;;
	words\ *) compgen -W "${1#words }" -- "$cur" ;;
	esac
}

# What may stand at the cursor. Words are those between blanks: bash would part them at colons, too.
_trustx_find() {
	local prev= noun= command= i
	for ((i = 1; i < ${#words[@]} - 1; i++)); do
		prev=
		case ${words[i]} in
		-*)
			[ -z "$(_trustx_value "$command ${words[i]}")" ] || prev=${words[i++]}
			;;
		*)
			if [ -z "$noun" ]; then
				noun=${words[i]}
				[ -n "$(_trustx_verbs "$noun")" ] || command=$noun
			elif [ -z "$command" ]; then
				command="$noun ${words[i]}"
			fi
			;;
		esac
	done
	if [ -n "$prev" ] && [ "$i" -ge ${#words[@]} ]; then
		_trustx_offer "$(_trustx_value "$command $prev")"
	elif [ "${cur:0:1}" = - ]; then
		compgen -W "$(_trustx_options "$command") $_trustx_globals" -- "$cur"
	elif [ -z "$noun" ]; then
		compgen -W "$_trustx_nouns" -- "$cur"
	elif [ -z "$command" ]; then
		compgen -W "$(_trustx_verbs "$noun")" -- "$cur"
	else
		_trustx_offer "$(_trustx_value "$command")"
	fi
}

_trustx() {
	local words cur
	read -ra words <<<"${COMP_LINE:0:COMP_POINT}"
	case ${COMP_LINE:0:COMP_POINT} in *[[:space:]]) words+=('') ;; esac
	cur=${words[-1]}
	mapfile -t COMPREPLY < <(_trustx_find)
	# Readline puts in only what follows the last colon or equals sign.
	COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*[:=]}"}"}")
}

complete -o filenames -F _trustx trustx
