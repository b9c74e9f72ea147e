# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Where the secrets of AWS are looked for, and shall not be found: output, journals, traces, reports,
# other files, and the words that other users see of a process.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
. "$TRUSTX_SOURCE/tests/aws/lib.sh"
trap 'stop_servers; rm -rf "$dir"' EXIT
secret=sessionSecretFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
token=standin+session/token==
mkdir -m 700 hidden
start_standin

# run [VARIABLE=VALUE...]: all that leaves something behind, with the credentials of the environment.
run() {
	chips=$((${chips:-0} + 1))
	traced="trace:$PWD/$chips.trace:sim:chip-$chips"
	for words in 'aws whoami' 'aws setup' 'aws setup --json --policy other' 'ca init ca' \
		'aws register-ca ca' "-d $traced personalize --subject CN=device-$chips --issuer aws --group trustx" \
		"-d sim:chip-$chips aws status --json" "-d sim:chip-$chips doctor --report report-$chips" \
		"aws scrap device-$chips --confirm device-$chips"; do
		case $chips-$words in [2-9]-ca*) continue ;; esac
		# shellcheck disable=SC2086 # lists of words
		env "$@" trustx -v $words >>out 2>>err || die "$words: $(tail -3 err)"
	done
	for fault in refuse=AccessDeniedException error=500 html expired lost; do
		control '' "{\"faults\":[\"$fault\"]}" >control.out
		env "$@" trustx -v aws endpoint >>out 2>>err && die "$fault: no error"
	done
	control '' '{"faults":["stall"]}' >control.out
	env "$@" trustx -v aws endpoint >>out 2>>err &
	pid=$!
	sleep 0.5
	tr '\0' ' ' <"/proc/$pid/cmdline" >"cmdline-$chips"
	kill "$pid"
	wait "$pid" 2>/dev/null || true
	grep -q 'trustx' "cmdline-$chips" || die "$(cat "cmdline-$chips")"
	control '' '{"faults":[]}' >control.out
}

unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
run AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE "AWS_SECRET_ACCESS_KEY=$secret" "AWS_SESSION_TOKEN=$token"
printf '[line]\naws_access_key_id=ASIAIOSFODNN7EXAMPLE\naws_secret_access_key=%s\naws_session_token=%s\n' \
	"$secret" "$token" >hidden/credentials
run AWS_PROFILE=line "AWS_SHARED_CREDENTIALS_FILE=$PWD/hidden/credentials"
given="{\"Version\":1,\"AccessKeyId\":\"ASIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"$secret\",\"SessionToken\":\"$token\"}"
if here issuer-scripts; then
	process=process
	printf "#!/bin/sh\necho '%s'\n" "$given" >hidden/process
	chmod +x hidden/process
else
	process=process.bat
	printf '@echo %s\r\n' "$given" >hidden/process.bat
fi
printf '[default]\ncredential_process = %s/hidden/%s\n' "$PWD" "$process" >config
run "AWS_CONFIG_FILE=$PWD/config"

[ "$(find . -name '*.trace' | wc -l)" -eq 3 ] && [ "$(find . -name 'report-*' | wc -l)" -eq 3 ] ||
	die 'something was not written'
for words in "$secret" "$token" 'AWS4-HMAC-SHA256' 'X-Amz-Security-Token'; do
	! grep -rilF -e "$words" --exclude-dir=hidden . >found || die "'$words' is in $(cat found)"
done
# What the words would look like is found where it is.
grep -rqF -e "$secret" hidden || die 'grep finds nothing'
! here modes || ! find state \( -type f -perm /077 -o -type d -perm /077 ! -name state \) | grep . || die 'others may read it'
