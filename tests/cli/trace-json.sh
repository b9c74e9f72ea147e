# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# trace --json: every line against its schema.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
need_jsonschema

trustx trace show "$GOLDEN/open-read-uid.trace" --json >json.out
[ "$(wc -l <json.out)" -eq 23 ] || die "$(cat json.out)"
[ "$(member records)" = 18 ] || die "$(tail -n 1 json.out)"
[ "$(member cut)" = false ] || die "$(tail -n 1 json.out)"
sed -n 21p json.out >last.out
grep -q '"command":"GetDataObject","oid":"0xe0c2","length":27,"status":0}' last.out ||
	die "$(cat last.out)"

trustx -d trace:run.trace:sim:chip info >/dev/null
trustx trace show run.trace --json >json.out
member records >/dev/null
json 0 trustx trace show run.trace --pcapng run.pcapng
json 0 trustx trace redact run.trace -o public.trace
[ "$(member blanked)" = 0 ] || die "info showed a secret: $(cat json.out)"
json 2 trustx trace show missing
json 2 trustx trace redact run.trace
