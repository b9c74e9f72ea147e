# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The check of doc/conformance.md fails for every kind of gap, in a copy of what it reads.

# restore: the copy as it is in the tree.
restore() {
	rm -rf copy
	mkdir -p copy/tests copy/doc
	for part in scripts sim include tests/unit; do
		cp -r "$TRUSTX_SOURCE/$part" "copy/$part"
	done
	cp "$TRUSTX_SOURCE"/tests/*.cmake copy/tests
	cp "$TRUSTX_SOURCE"/doc/conformance.* copy/doc
}

# refuses REGEX FILE SED: with this change the check names the gap.
refuses() {
	restore
	cp "copy/$2" before
	sed -E -i "$3" "copy/$2"
	! cmp -s "copy/$2" before || die "$3 changes nothing in $2"
	fails 1 "$1" copy/scripts/make-conformance --check
}

restore
copy/scripts/make-conformance --check || die 'not up to date'
copy/scripts/make-conformance | cmp - copy/doc/conformance.md || die 'not what is printed'

refuses 'is not up to date' doc/conformance.md 's/OpenApplication/Open/'
refuses 'command 71 of Trust M V1: no row' doc/conformance.tsv '/^command\t71/d'
refuses 'command 72 of Trust X: no row' sim/applet.c 's/\{ 0x70, ALL/{ 0x72, ALL/'
refuses 'command 70 of Trust X: a row, but' sim/applet.c 's/\{ 0x70, ALL/{ 0x72, ALL/'
refuses 'object E0E1-E0E3 of Trust X: no row' doc/conformance.tsv '/^object\tE0E1/d'
refuses 'object E0E1-E0E4 of Trust X: no row' sim/catalog.c 's/0xE0E1, 0xE0E3/0xE0E1, 0xE0E4/'
refuses 'trustx_hash: no row names it' doc/conformance.tsv '/trustx_hash/d'
refuses 'generated_keys_sing: no such test' doc/conformance.tsv 's/generated_keys_sign/generated_keys_sing/'
refuses 'generated_keys_sign: no such test, not run' tests/unit/test-sim-keys.c '/RUN\(generated_keys_sign\)/d'
refuses 'sends_the_published_commands: no such test' tests/chip.cmake '/chip-golden/d'
refuses 'no test of the simulator' doc/conformance.tsv 's/rsa_is_refused_as_an_algorithm/-/'
refuses 'go together' doc/conformance.tsv 's/\ttrustx_count\t/\t-\t/'
refuses 'calls none of trustx_random' doc/conformance.tsv 's/too_few_random_bytes_are_an_error/a_refused_application_is_said/'
refuses 'does not name the object' doc/conformance.tsv 's/the_uid_has_its_form/a_long_rest_is_no_problem/'
refuses 'a source without its letter' doc/conformance.tsv 's/; I metadata$/; metadata/'
refuses 'fields, want 8' doc/conformance.tsv 's/\tCalcSign//'
