# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# What an administrator does, struck at every request: killed before and after AWS acts, or the
# answer lost. The same command again ends it. Side by side, each with a stand-in of its own.
. "$TRUSTX_SOURCE/tests/aws/lib.sh"
need_standin

# begin NAME: a folder, a stand-in.
begin() {
	trap stop_servers EXIT
	servers=
	mkdir "$1"
	cd "$1" || exit
	XDG_STATE_HOME=$PWD/state
	start_standin --victim victim
}

# struck FAULT COMMAND...: it may be killed, say that AWS did not answer, or live with it.
struck() {
	control '' "{\"faults\":[\"$1#1\"]}" >control.out
	what=$1 code=0
	shift
	# shellcheck disable=SC2016 # by that shell
	timeout 60 sh -c 'echo $$ >victim; exec "$@"' sh "$@" >run.out 2>run.err || code=$?
	case $what-$code in
	kill*-137 | [!k]*-0 | [!k]*-6) ;;
	*) die "$what: exit $code: $(cat run.out run.err)" ;;
	esac
	[ "$(state 'sum("fault" in e for e in j)')" -gt 0 ] || die "$what: there was no such request"
	control '' '{"faults":[]}' >control.out
	"$@" >again.out 2>again.err || die "$what, again: exit $?: $(cat again.err)"
}

faults='kill kill-late lost'

setup() {
	begin setup
	for operation in GetCallerIdentity GetPolicy CreateThingType CreateThingGroup CreatePolicy \
		ListAttachedPolicies AttachPolicy; do
		for fault in $faults; do
			control '' '{"reset":true}' >control.out
			struck "$fault@$operation" trustx aws setup
			[ "$(state 'list(s["types"]), [(g["name"], g["policies"]) for g in s["groups"].values()], list(s["policies"])')" = \
				"(['trustx'], [('trustx', ['trustx-device'])], ['trustx-device'])" ] ||
				die "$fault@$operation: $(state s)"
		done
	done
}

# authority MODE OPERATION...: requests of register-ca.
authority() {
	mode=$1
	shift
	begin "ca-$mode"
	trustx ca init -q ca
	id=$(openssl x509 -in ca/root.pem -outform DER | sha256sum | cut -d ' ' -f 1)
	for operation; do
		for fault in $faults; do
			control '' '{"reset":true}' >control.out
			struck "$fault@$operation" trustx aws register-ca ca --mode "$mode"
			[ "$(state "[(k, a['status'], a['mode'].lower().replace('_', '-')) for k, a in s['authorities'].items()]")" = \
				"[('$id', 'ACTIVE', '$mode')]" ] || die "$fault@$operation: $(state 's["authorities"]')"
		done
	done
}

# scrap OPERATION...: of a device that has a policy of its own, and an orphan.
scrap() {
	begin "scrap-$1"
	trustx aws setup -q >setup.out
	for operation; do
		for fault in $faults; do
			thing=$operation-$(echo "$fault" | tr -d =)
			chip=sim:$thing.chip?scale=0
			control '' '{"faults":["foreign=subject@CreateCertificateFromCsr#1"]}' >control.out
			timeout 60 trustx -q -d "$chip" personalize --subject "CN=$thing" --issuer aws \
				>orphan.out 2>&1 && die 'the orphan is none'
			timeout 60 trustx -q -d "$chip" personalize --subject "CN=$thing" --issuer aws \
				--group trustx --policy trustx-device >run.out 2>&1 || die "$(cat run.out)"
			struck "$fault@$operation" trustx aws scrap "$thing" --confirm "$thing"
			[ "$(state 'list(s["things"]), [c["status"] for c in s["certificates"].values()]')" = \
				"([], ['INACTIVE'])" ] || die "$thing: $(state s)"
			says 'nothing|' trustx aws scrap "$thing"
			[ "$(state 'len(j)')" -gt 0 ]
			fails 5 'AWS has no thing' trustx -d "$chip" aws status
			struck "$fault@DeleteCertificate" trustx aws scrap --orphans
			[ "$(state 'len(s["certificates"])')" = 0 ] || die "$thing: the orphan is left"
			! grep -q '"orphan"' state/trustx/*.journal ||
				says '^Deleted: +0$' trustx aws scrap --orphans
			rm -r state
			control '' '{"reset":true}' >control.out
			trustx aws setup -q >setup.out
		done
	done
}

pids=
for worker in setup 'authority default DescribeCACertificate GetRegistrationCode RegisterCACertificate' \
	'authority sni-only DescribeCACertificate RegisterCACertificate' \
	'scrap DescribeThing ListThingPrincipals DescribeCertificate ListPrincipalThings' \
	'scrap UpdateCertificate DetachThingPrincipal ListAttachedPolicies' \
	'scrap DetachPolicy DeleteCertificate DeleteThing'; do
	# shellcheck disable=SC2086 # a function and its arguments
	($worker) &
	pids="$pids $!"
done
failed=0
for pid in $pids; do
	wait "$pid" || failed=1
done
[ "$failed" -eq 0 ] || die 'see above'
