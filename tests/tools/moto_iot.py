# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""moto_iot.py [CA.pem CA.key]: moto's server on 127.0.0.1, on a free port that it names.

With a CA its certificates are for the key of the request, as AWS's are, and have the id that AWS
gives them. Without one it is moto as it comes, whose certificates are for a key nobody has.
"""
import datetime
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from moto.iot import models
from moto.iot.exceptions import InvalidRequestException
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

NOT_AFTER = datetime.datetime(2049, 12, 31, 23, 59, 59)


def load_request(pem):
    try:
        request = x509.load_pem_x509_csr((pem or '').encode())
    except ValueError:
        request = None
    if request is None or not request.is_signature_valid:
        raise InvalidRequestException('Invalid certificate signing request')
    return request


def sign_requests(ca_path, key_path):
    with open(ca_path, 'rb') as file:
        ca = x509.load_pem_x509_certificate(file.read())
    with open(key_path, 'rb') as file:
        key = serialization.load_pem_private_key(file.read(), None)

    def create_certificate_from_csr(backend, csr, set_as_active):
        request = load_request(csr)
        cert = (x509.CertificateBuilder().subject_name(request.subject).issuer_name(ca.subject)
                .public_key(request.public_key()).serial_number(x509.random_serial_number())
                .not_valid_before(datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=2))
                .not_valid_after(NOT_AFTER)
                .add_extension(x509.BasicConstraints(ca=False, path_length=None), True).sign(key, hashes.SHA256()))
        pem = cert.public_bytes(serialization.Encoding.PEM).decode()
        return backend.register_certificate(pem, ca_certificate_pem=None, set_as_active=set_as_active,
                                            status='INACTIVE')
    models.IoTBackend.create_certificate_from_csr = create_certificate_from_csr
    models.FakeCertificate.compute_cert_id = models.FakeCertificate.compute_der_cert_id


class Quiet(WSGIRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log(self, *args):
        pass


def main():
    # It takes all holders of policies for certificates when it deletes one.
    models.FakeThingGroup.certificate_id = None
    if len(sys.argv) == 3:
        sign_requests(*sys.argv[1:])
    server = make_server('127.0.0.1', 0, DomainDispatcherApplication(create_backend_app), threaded=True,
                         request_handler=Quiet)
    print('listening on http://127.0.0.1:%d' % server.port, flush=True)
    server.serve_forever()


if __name__ == '__main__':
    main()
