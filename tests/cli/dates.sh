# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Certificates last longer than the time of 32 bits, which ends in 2038.
trustx ca init -q ca
trustx -d sim:chip csr create -q --subject CN=device -o device.csr
for days in 1 5000 10000; do
	trustx ca sign ca -q -i device.csr --days $days -o device.pem
	openssl x509 -in device.pem -noout -enddate >end
	want=$(python3 -c "import datetime
end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=$days)
print(end.strftime('%b'), end.day, end.year)")
	got=$(sed 's/^notAfter=//' end | awk '{ print $1, $2, $4 }')
	[ "$got" = "$want" ] || die "$days days from now: ends $got, want $want"
done
trustx -d sim:chip cert write -q --ca ca/root.pem device.pem
says '^Chain: +ends at' trustx -d sim:chip cert verify --ca ca/root.pem
