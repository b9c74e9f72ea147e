# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""Certificates as AWS IoT issues and judges them, and those that a TLS server may be caught with."""
import datetime
import functools
import hashlib
import ipaddress

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

NOT_AFTER = datetime.datetime(2049, 12, 31, 23, 59, 59)
ISSUER = [(NameOID.ORGANIZATIONAL_UNIT_NAME, 'Amazon Web Services'), (NameOID.ORGANIZATION_NAME, 'Amazon.com Inc.'),
          (NameOID.LOCALITY_NAME, 'Seattle'), (NameOID.STATE_OR_PROVINCE_NAME, 'Washington'),
          (NameOID.COUNTRY_NAME, 'US')]


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)


def name_of(pairs):
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in pairs])


def pem_of(cert):
    return cert.public_bytes(serialization.Encoding.PEM).decode()


def id_of(cert):
    return hashlib.sha256(cert.public_bytes(serialization.Encoding.DER)).hexdigest()


def key_pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption()).decode()


def builder_of(subject, issuer, public_key, days=None, start=None):
    start = start or now() - datetime.timedelta(minutes=2)
    end = NOT_AFTER if days is None else start + datetime.timedelta(days=days)
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
            .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end))


def usage_of(**given):
    names = ('digital_signature', 'content_commitment', 'key_encipherment', 'data_encipherment', 'key_agreement',
             'key_cert_sign', 'crl_sign', 'encipher_only', 'decipher_only')
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})


class Issuer:
    """AWS's own authority: RSA, even though devices have elliptic curves."""

    @functools.cached_property
    def key(self):
        return rsa.generate_private_key(65537, 2048)

    @functools.cached_property
    def name(self):
        return name_of(ISSUER)

    def issue(self, request, public_key=None, subject=None):
        """For a parsed request; public_key and subject replace what it asks for."""
        public_key = public_key or request.public_key()
        builder = builder_of(subject or request.subject, self.name, public_key)
        for extension, critical in (
                (x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False),
                (x509.SubjectKeyIdentifier.from_public_key(public_key), False),
                (x509.BasicConstraints(ca=False, path_length=None), True),
                (usage_of(digital_signature=True), True)):
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.key, hashes.SHA256())


def foreign_key():
    return ec.generate_private_key(ec.SECP256R1()).public_key()


def load_request(pem):
    """The request if AWS would take it, else ValueError."""
    request = x509.load_pem_x509_csr(pem.encode())
    key = request.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        good = key.curve.name in ('secp256r1', 'secp384r1', 'secp521r1')
    else:
        good = isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048
    if not good or not request.is_signature_valid:
        raise ValueError('the key or the signature')
    return request


def load_certificate(pem):
    return x509.load_pem_x509_certificate(pem.encode())


def is_signed_by(cert, issuer):
    key = issuer.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(cert.signature, cert.tbs_certificate_bytes, padding.PKCS1v15(), cert.signature_hash_algorithm)
        else:
            key.verify(cert.signature, cert.tbs_certificate_bytes, ec.ECDSA(cert.signature_hash_algorithm))
    except InvalidSignature:
        return False
    return cert.issuer == issuer.subject


def period_of(cert):
    """Unix seconds. Old versions of the library have no times with a zone."""
    times = ((cert.not_valid_before_utc, cert.not_valid_after_utc) if hasattr(cert, 'not_valid_after_utc')
             else (cert.not_valid_before, cert.not_valid_after))
    return [time.replace(tzinfo=datetime.timezone.utc).timestamp() for time in times]


def common_name(cert):
    names = cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return names[0].value if names else ''


def server_files(folder, kind):
    """roots.pem, server.pem, server.key in folder; kind: good, self-signed, wrong-host, expired."""
    folder.mkdir(parents=True, exist_ok=True)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = name_of([(NameOID.COMMON_NAME, 'stand-in root')])
    subject = name_of([(NameOID.COMMON_NAME, 'stand-in')])
    root = (builder_of(ca_name, ca_name, ca_key.public_key(), days=30)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
            .add_extension(usage_of(key_cert_sign=True, crl_sign=True), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), False)
            .sign(ca_key, hashes.SHA256()))
    hosts = [x509.DNSName('elsewhere.example')]
    if kind != 'wrong-host':
        hosts = [x509.DNSName('localhost'), x509.IPAddress(ipaddress.ip_address('127.0.0.1'))]
    start = now() - datetime.timedelta(days=40) if kind == 'expired' else None
    own = kind == 'self-signed'
    leaf = (builder_of(subject, subject if own else ca_name, key.public_key(), days=30, start=start)
            .add_extension(x509.SubjectAlternativeName(hosts), False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
            .sign(key if own else ca_key, hashes.SHA256()))
    (folder / 'roots.pem').write_text(pem_of(root))
    (folder / 'server.pem').write_text(pem_of(leaf))
    (folder / 'server.key').write_text(key_pem(key))
