# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""One AWS account and region: certificates, things, policies, groups, types, and the calls that change
them, with AWS's idempotency and errors (AWS IoT API reference 2015-05-28; AWS IoT Developer Guide).
Knows nothing of HTTP but paths; times are those of the stand-in's clock."""
import base64
import hashlib
import json
import re
import uuid

import certs

ACCOUNT = '123456789012'
NO_CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n'
PAGE = 25
POLICY_CHARACTERS = 2048
POLICIES_PER_PRINCIPAL = 10
SUBJECTS_PER_CA = 10
NAME = re.compile(r'[a-zA-Z0-9:_-]{1,128}')
POLICY_NAME = re.compile(r'[\w+=,.@-]{1,128}')
ATTRIBUTE = re.compile(r'[a-zA-Z0-9_.,@/:#-]{1,128}')
VALUE = re.compile(r'[a-zA-Z0-9_.,@/:#=\[\]-]{0,800}')

OPERATIONS = []


class Refusal(Exception):
    """AWS's answer to what it does not do."""

    def __init__(self, status, name, message, **members):
        super().__init__(message)
        self.status, self.name, self.message, self.members = status, name, message, members


def invalid(message):
    return Refusal(400, 'InvalidRequestException', message)


def missing(message='The specified resource does not exist'):
    return Refusal(404, 'ResourceNotFoundException', message)


def exists(message, resource_id, arn):
    return Refusal(409, 'ResourceAlreadyExistsException', message, resourceId=resource_id, resourceArn=arn)


def operation(method, path, query=(), body=(), principal=None, resources=('*',)):
    """resources: ARNs for IAM behind arn:...:, made from the request; principal: the header's name."""
    pattern = re.compile(re.sub(r'\{(\w+)\}', r'(?P<\1>[^/]+)', path))

    def register(function):
        words = function.__name__.split('_')
        name = {'csr': 'Csr', 'ca': 'CA'}
        function.operation = ''.join(name.get(word, word.capitalize()) for word in words)
        function.method, function.pattern, function.query = method, pattern, query
        function.body, function.principal, function.resources = body, principal, resources
        OPERATIONS.append(function)
        return function
    return register


def find_operation(method, path):
    """The call and its labels, still encoded. Literal paths stand before those with labels."""
    for function in OPERATIONS:
        match = function.pattern.fullmatch(path)
        if match and function.method == method:
            return function, match.groupdict()
    return None, {}


class Record:
    """A certificate, CA, thing, ..; created is when it came to be."""

    def __init__(self, **members):
        self.__dict__.update(members)


def page_of(items, request, size, token):
    """Tokens have a '+' and a '/' in them, as AWS's have now and then."""
    start = 0
    if request.query.get(token):
        try:
            text = base64.b64decode(request.query[token], validate=True)
            start = int(text.removeprefix(b'\xfb\xef\xbe?'))
        except ValueError:
            raise invalid('Invalid marker') from None
    size = int(request.query.get(size, PAGE))
    if not 1 <= size <= 250:
        raise invalid('Page size must be between 1 and 250')
    end = start + size
    following = base64.b64encode(b'\xfb\xef\xbe?%d' % end).decode() if end < len(items) else None
    return items[start:end], following


def truth(request, name, default):
    text = request.query.get(name, default)
    if text not in ('true', 'false'):
        raise invalid('%s must be true or false' % name)
    return text == 'true'


class Account:
    def __init__(self, clock, region='eu-central-1', settle=0.0, detach=0.0, issuer=None):
        self.clock, self.region = clock, region
        self.settle, self.detach = settle, detach    # seconds until 404 ends; until a detachment is done
        self.partition = 'aws-cn' if region.startswith('cn-') else 'aws-us-gov' if region.startswith('us-gov') else 'aws'
        self.issuer = issuer or certs.Issuer()
        self.misissue = None                         # key, subject, id, pem, account: what a certificate is wrong about
        self.code = hashlib.sha256(b'registration code').hexdigest()
        self.clear()

    def clear(self):
        self.certificates, self.authorities, self.things = {}, {}, {}
        self.policies, self.groups, self.types = {}, {}, {}

    def arn(self, resource):
        return 'arn:%s:iot:%s:%s:%s' % (self.partition, self.region, ACCOUNT, resource)

    def resources_of(self, function, request):
        """For IAM: the ARNs that a call needs the right for."""
        values = {**request.labels, **request.body, 'principal': request.principal or '', 'arn': self.arn('')}
        values.update((name, '') for name in ('target', 'thingName', 'thingGroupName') if name not in values)
        return [resource.format(**values) for resource in function.resources]

    # ---- looking things up ----

    def now(self):
        return self.clock()

    def fresh(self, record):
        """AWS may not know yet, for a while, what it has just made."""
        return self.now() - record.created < self.settle

    def look(self, table, key, message='The specified resource does not exist', settled=True):
        record = table.get(key)
        if record is None or (settled and self.fresh(record)):
            raise missing(message)
        return record

    def certificate_by_arn(self, arn):
        prefix = self.arn('cert/')
        if not arn.startswith(prefix):
            raise invalid('Invalid principal: %s' % arn)
        return self.look(self.certificates, arn.removeprefix(prefix))

    def settle_detachments(self):
        for cert in self.certificates.values():
            for thing, when in list(cert.leaving.items()):
                if self.now() >= when:
                    del cert.leaving[thing]
                    cert.things.pop(thing, None)

    def principals_of(self, thing):
        return [cert for cert in self.certificates.values() if thing in cert.things]

    # ---- account ----

    @operation('GET', '/endpoint', query=['endpointType'])
    def describe_endpoint(self, request):
        kind = request.query.get('endpointType', 'iot:Data')
        if kind not in ('iot:Data', 'iot:Data-ATS', 'iot:CredentialProvider', 'iot:Jobs'):
            raise invalid('Invalid endpoint type %s' % kind)
        suffix = 'amazonaws.com.cn' if self.partition == 'aws-cn' else 'amazonaws.com'
        return {'endpointAddress': 'a1b2c3d4e5f6g7%s.iot.%s.%s'
                % ('-ats' if kind == 'iot:Data-ATS' else '', self.region, suffix)}

    @operation('GET', '/registrationcode')
    def get_registration_code(self, _request):
        return {'registrationCode': self.code}

    # ---- certificates ----

    def add_certificate(self, cert, status, mode='DEFAULT', ca=None):
        key = certs.id_of(cert)
        if self.misissue == 'id':
            key = hashlib.sha256(certs.pem_of(cert).encode()).hexdigest()
        if key in self.certificates:
            raise exists('The certificate is already provisioned or registered', key, self.arn('cert/' + key))
        self.certificates[key] = record = Record(
            id=key, arn=self.arn('cert/' + key), pem=certs.pem_of(cert), status=status, created=self.now(),
            changed=self.now(), mode=mode, ca=ca, policies=[], things={}, leaving={})
        return record

    @operation('POST', '/certificates', query=['setAsActive'], body=['certificateSigningRequest'])
    def create_certificate_from_csr(self, request):
        pem = request.text('certificateSigningRequest', 4096)
        active = truth(request, 'setAsActive', 'false')
        try:
            csr = certs.load_request(pem)
        except ValueError:
            raise invalid('The certificate signing request is not valid') from None
        key = certs.foreign_key() if self.misissue == 'key' else None
        subject = certs.name_of(certs.ISSUER) if self.misissue == 'subject' else None
        record = self.add_certificate(self.issuer.issue(csr, key, subject), 'ACTIVE' if active else 'INACTIVE')
        arn = record.arn.replace(ACCOUNT, '9' * 12) if self.misissue == 'account' else record.arn
        pem = NO_CERTIFICATE if self.misissue == 'pem' else record.pem
        return {'certificateArn': arn, 'certificateId': record.id, 'certificatePem': pem}

    def parse_certificate(self, pem):
        try:
            return certs.load_certificate(pem)
        except ValueError:
            raise Refusal(400, 'CertificateValidationException', 'The certificate is not valid') from None

    def status_of(self, request):
        status = request.body.get('status', 'INACTIVE')
        if status not in ('ACTIVE', 'INACTIVE'):
            raise Refusal(406, 'CertificateStateException', 'The status %s is not allowed' % status)
        return status

    @operation('POST', '/certificate/register-no-ca', body=['certificatePem', 'status'])
    def register_certificate_without_ca(self, request):
        cert = self.parse_certificate(request.text('certificatePem', 65536))
        record = self.add_certificate(cert, self.status_of(request), 'SNI_ONLY')
        return {'certificateArn': record.arn, 'certificateId': record.id}

    @operation('POST', '/certificate/register', query=['setAsActive'],
               body=['certificatePem', 'caCertificatePem', 'status'])
    def register_certificate(self, request):
        cert = self.parse_certificate(request.text('certificatePem', 65536))
        found = [ca for ca in self.authorities.values()
                 if ca.status == 'ACTIVE' and certs.is_signed_by(cert, certs.load_certificate(ca.pem))]
        if not found:
            raise Refusal(400, 'CertificateValidationException', 'No registered and active CA signed the certificate')
        status = 'ACTIVE' if truth(request, 'setAsActive', 'false') else self.status_of(request)
        record = self.add_certificate(cert, status, found[0].mode, found[0].id)
        return {'certificateArn': record.arn, 'certificateId': record.id}

    @staticmethod
    def summary(cert):
        return {'certificateArn': cert.arn, 'certificateId': cert.id, 'status': cert.status,
                'certificateMode': cert.mode, 'creationDate': cert.created}

    @operation('GET', '/certificates', query=['pageSize', 'marker', 'isAscendingOrder'])
    def list_certificates(self, request):
        items = [cert for cert in self.certificates.values() if not self.fresh(cert)]
        if not truth(request, 'isAscendingOrder', 'false'):
            items.reverse()
        items, marker = page_of(items, request, 'pageSize', 'marker')
        return {'certificates': [self.summary(cert) for cert in items], 'nextMarker': marker}

    @operation('GET', '/certificates/{id}', resources=['{arn}cert/{id}'])
    def describe_certificate(self, request):
        cert = self.look(self.certificates, request.labels['id'])
        parsed = certs.load_certificate(cert.pem)
        return {'certificateDescription': {
            **self.summary(cert), 'certificatePem': cert.pem, 'caCertificateId': cert.ca, 'ownedBy': ACCOUNT,
            'lastModifiedDate': cert.changed, 'customerVersion': 1, 'generationId': str(uuid.UUID(cert.id[:32])),
            'validity': dict(zip(('notBefore', 'notAfter'), certs.period_of(parsed)))}}

    @operation('PUT', '/certificates/{id}', query=['newStatus'], resources=['{arn}cert/{id}'])
    def update_certificate(self, request):
        status = request.query.get('newStatus')
        if status not in ('ACTIVE', 'INACTIVE', 'REVOKED'):
            raise invalid('newStatus %s is not allowed' % status)
        cert = self.look(self.certificates, request.labels['id'])
        if cert.status == 'REVOKED' and status != 'REVOKED':
            raise Refusal(406, 'CertificateStateException', 'A revoked certificate stays revoked. Id: %s' % cert.id)
        cert.status, cert.changed = status, self.now()

    @operation('DELETE', '/certificates/{id}', query=['forceDelete'], resources=['{arn}cert/{id}'])
    def delete_certificate(self, request):
        cert = self.look(self.certificates, request.labels['id'])
        if cert.status == 'ACTIVE':
            raise Refusal(406, 'CertificateStateException',
                          'Certificate must be deactivated (not ACTIVE) before deletion. Id: %s' % cert.id)
        if cert.things:
            raise Refusal(409, 'DeleteConflictException',
                          'Things must be detached before deletion (arn: %s)' % cert.arn)
        if cert.policies and not truth(request, 'forceDelete', 'false'):
            raise Refusal(409, 'DeleteConflictException',
                          'Certificate policies must be detached before deletion (arn: %s)' % cert.arn)
        del self.certificates[cert.id]

    # ---- authorities ----

    @operation('POST', '/cacertificate', query=['setAsActive', 'allowAutoRegistration'],
               body=['caCertificate', 'verificationCertificate', 'certificateMode', 'registrationConfig', 'tags'])
    def register_ca_certificate(self, request):
        ca = self.parse_certificate(request.text('caCertificate', 65536))
        mode = request.body.get('certificateMode', 'DEFAULT')
        proof = request.body.get('verificationCertificate')
        if mode not in ('DEFAULT', 'SNI_ONLY') or (proof is None) != (mode == 'SNI_ONLY'):
            raise invalid('The mode %s and the verification certificate do not fit' % mode)
        if not certs.is_signed_by(ca, ca):
            raise Refusal(400, 'CertificateValidationException', 'The CA certificate is not self-signed')
        if proof is not None:
            cert = self.parse_certificate(proof)
            if certs.common_name(cert) != self.code:
                raise Refusal(400, 'RegistrationCodeValidationException', 'The common name is not the registration code')
            if not certs.is_signed_by(cert, ca):
                raise Refusal(400, 'CertificateValidationException', 'The CA did not sign the verification certificate')
        key = certs.id_of(ca)
        if key in self.authorities:
            raise exists('CA certificate already exists.', key, self.arn('cacert/' + key))
        same = [one for one in self.authorities.values() if certs.load_certificate(one.pem).subject == ca.subject]
        if len(same) >= SUBJECTS_PER_CA:
            raise Refusal(410, 'LimitExceededException', 'Too many CA certificates with this subject')
        active = truth(request, 'setAsActive', 'false')
        self.authorities[key] = Record(id=key, arn=self.arn('cacert/' + key), pem=certs.pem_of(ca), mode=mode,
                                       status='ACTIVE' if active else 'INACTIVE', created=self.now())
        return {'certificateArn': self.arn('cacert/' + key), 'certificateId': key}

    @operation('GET', '/cacertificate/{id}', resources=['{arn}cacert/{id}'])
    def describe_ca_certificate(self, request):
        ca = self.look(self.authorities, request.labels['id'])
        return {'certificateDescription': {
            'certificateArn': ca.arn, 'certificateId': ca.id, 'certificatePem': ca.pem, 'status': ca.status,
            'certificateMode': ca.mode, 'creationDate': ca.created, 'ownedBy': ACCOUNT,
            'autoRegistrationStatus': 'DISABLE'}}

    @operation('PUT', '/cacertificate/{id}', query=['newStatus', 'newAutoRegistrationStatus'],
               body=['registrationConfig', 'removeAutoRegistration'], resources=['{arn}cacert/{id}'])
    def update_ca_certificate(self, request):
        ca = self.look(self.authorities, request.labels['id'])
        ca.status = request.query.get('newStatus', ca.status)

    # ---- things ----

    def wish_of(self, request):
        payload = request.body.get('attributePayload') or {}
        attributes = payload.get('attributes') or {}
        kind = request.body.get('thingTypeName')
        for name, value in attributes.items():
            if not ATTRIBUTE.fullmatch(name) or not isinstance(value, str) or not VALUE.fullmatch(value):
                raise invalid('Invalid attribute %s: %s' % (name, value))
        if len(attributes) > (50 if kind else 3):
            raise invalid('Too many attributes')
        if kind is not None:
            self.look(self.types, kind, 'Thing type %s does not exist' % kind)
        return kind, attributes

    @operation('POST', '/things/{thing}', body=['thingTypeName', 'attributePayload', 'billingGroupName'],
               resources=['{arn}thing/{thing}'])
    def create_thing(self, request):
        name = request.labels['thing']
        if not NAME.fullmatch(name):
            raise invalid('Thing name %s is invalid' % name)
        kind, attributes = self.wish_of(request)
        thing = self.things.get(name)
        if thing is not None and (thing.type, thing.attributes) != (kind, attributes):
            raise exists('Thing %s already exists in account with different attributes' % name, thing.id, thing.arn)
        if thing is None:
            self.things[name] = thing = Record(
                name=name, arn=self.arn('thing/' + name), id=str(uuid.uuid4()), type=kind, attributes=attributes,
                groups=[], version=1, created=self.now())
        return {'thingName': name, 'thingArn': thing.arn, 'thingId': thing.id}

    @operation('GET', '/things', query=['nextToken', 'maxResults', 'attributeName', 'attributeValue', 'thingTypeName'])
    def list_things(self, request):
        items, token = page_of(list(self.things.values()), request, 'maxResults', 'nextToken')
        return {'things': [{'thingName': thing.name, 'thingTypeName': thing.type, 'thingArn': thing.arn,
                            'attributes': thing.attributes, 'version': thing.version} for thing in items],
                'nextToken': token}

    @operation('GET', '/things/{thing}', resources=['{arn}thing/{thing}'])
    def describe_thing(self, request):
        name = request.labels['thing']
        thing = self.look(self.things, name, 'Thing %s does not exist' % name)
        return {'defaultClientId': name, 'thingName': name, 'thingId': thing.id, 'thingArn': thing.arn,
                'thingTypeName': thing.type, 'attributes': thing.attributes, 'version': thing.version}

    @operation('PATCH', '/things/{thing}', resources=['{arn}thing/{thing}'],
               body=['thingTypeName', 'attributePayload', 'expectedVersion', 'removeThingType'])
    def update_thing(self, request):
        thing = self.look(self.things, request.labels['thing'])
        if request.body.get('expectedVersion', thing.version) != thing.version:
            raise Refusal(409, 'VersionConflictException', 'The version is %d' % thing.version)
        kind, attributes = self.wish_of(request)
        merge = (request.body.get('attributePayload') or {}).get('merge')
        thing.attributes = {**(thing.attributes if merge else {}), **attributes}
        thing.type, thing.version = kind or thing.type, thing.version + 1
        return {}

    @operation('DELETE', '/things/{thing}', query=['expectedVersion'], resources=['{arn}thing/{thing}'])
    def delete_thing(self, request):
        name = request.labels['thing']
        if self.principals_of(name):
            raise invalid('Cannot delete. Thing %s is still attached to one or more principals' % name)
        self.things.pop(name, None)

    @operation('PUT', '/things/{thing}/principals', query=['thingPrincipalType'], principal='x-amzn-principal',
               resources=['{principal}'])
    def attach_thing_principal(self, request):
        name, kind = request.labels['thing'], request.query.get('thingPrincipalType', 'NON_EXCLUSIVE_THING')
        if kind not in ('EXCLUSIVE_THING', 'NON_EXCLUSIVE_THING'):
            raise invalid('thingPrincipalType %s is not allowed' % kind)
        self.look(self.things, name)
        cert = self.certificate_by_arn(request.principal)
        others = [k for thing, k in cert.things.items() if thing != name]
        if 'EXCLUSIVE_THING' in others or (others and kind == 'EXCLUSIVE_THING'):
            raise invalid('The principal is exclusively attached to another thing')
        cert.things.setdefault(name, kind)
        cert.leaving.pop(name, None)

    @operation('DELETE', '/things/{thing}/principals', principal='x-amzn-principal', resources=['{principal}'])
    def detach_thing_principal(self, request):
        name = request.labels['thing']
        self.look(self.things, name)
        cert = self.certificate_by_arn(request.principal)
        if name in cert.things:
            cert.leaving.setdefault(name, self.now() + self.detach)

    @operation('GET', '/things/{thing}/principals', query=['nextToken', 'maxResults'],
               resources=['{arn}thing/{thing}'])
    def list_thing_principals(self, request):
        name = request.labels['thing']
        self.look(self.things, name, 'Thing %s does not exist' % name)
        items, token = page_of(self.principals_of(name), request, 'maxResults', 'nextToken')
        return {'principals': [cert.arn for cert in items], 'nextToken': token}

    @operation('GET', '/things/{thing}/principals-v2', query=['nextToken', 'maxResults', 'thingPrincipalType'],
               resources=['{arn}thing/{thing}'])
    def list_thing_principals_v2(self, request):
        name = request.labels['thing']
        self.look(self.things, name, 'Thing %s does not exist' % name)
        items, token = page_of(self.principals_of(name), request, 'maxResults', 'nextToken')
        return {'thingPrincipalObjects': [{'principal': cert.arn, 'thingPrincipalType': cert.things[name]}
                                          for cert in items], 'nextToken': token}

    @operation('GET', '/principals/things', query=['nextToken', 'maxResults'], principal='x-amzn-principal',
               resources=['{principal}'])
    def list_principal_things(self, request):
        cert = self.certificate_by_arn(request.principal)
        items, token = page_of(list(cert.things), request, 'maxResults', 'nextToken')
        return {'things': items, 'nextToken': token}

    # ---- types and groups ----

    def add_named(self, table, name, kind, properties):
        """A type or group: an equal one may be made again."""
        if not NAME.fullmatch(name):
            raise invalid('The name %s is invalid' % name)
        arn = self.arn('%s/%s' % (kind, name))
        one = table.get(name)
        if one is not None and one.properties != properties:
            raise exists('%s %s already exists in account with different properties' % (kind, name), one.id, one.arn)
        if one is None:
            table[name] = one = Record(name=name, arn=arn, id=str(uuid.uuid4()), properties=properties,
                                       policies=[], created=self.now())
        return one

    @operation('POST', '/thing-types/{name}', body=['thingTypeProperties', 'tags'], resources=['{arn}thingtype/{name}'])
    def create_thing_type(self, request):
        one = self.add_named(self.types, request.labels['name'], 'thingtype', request.body.get('thingTypeProperties'))
        return {'thingTypeName': one.name, 'thingTypeArn': one.arn, 'thingTypeId': one.id}

    @operation('GET', '/thing-types/{name}', resources=['{arn}thingtype/{name}'])
    def describe_thing_type(self, request):
        one = self.look(self.types, request.labels['name'])
        return {'thingTypeName': one.name, 'thingTypeArn': one.arn, 'thingTypeId': one.id,
                'thingTypeProperties': one.properties or {}}

    @operation('PUT', '/thing-groups/addThingToThingGroup',
               body=['thingGroupName', 'thingGroupArn', 'thingName', 'thingArn', 'overrideDynamicGroups'],
               resources=['{arn}thing/{thingName}', '{arn}thinggroup/{thingGroupName}'])
    def add_thing_to_thing_group(self, request):
        group = self.look(self.groups, request.body.get('thingGroupName'))
        thing = self.look(self.things, request.body.get('thingName'))
        if group.name not in thing.groups and len(thing.groups) >= 10:
            raise invalid('The thing is in ten groups')
        if group.name not in thing.groups:
            thing.groups.append(group.name)

    @operation('PUT', '/thing-groups/removeThingFromThingGroup',
               body=['thingGroupName', 'thingGroupArn', 'thingName', 'thingArn'],
               resources=['{arn}thing/{thingName}', '{arn}thinggroup/{thingGroupName}'])
    def remove_thing_from_thing_group(self, request):
        group = self.look(self.groups, request.body.get('thingGroupName'))
        thing = self.look(self.things, request.body.get('thingName'))
        if group.name in thing.groups:
            thing.groups.remove(group.name)

    @operation('GET', '/things/{thing}/thing-groups', query=['nextToken', 'maxResults'],
               resources=['{arn}thing/{thing}'])
    def list_thing_groups_for_thing(self, request):
        thing = self.look(self.things, request.labels['thing'])
        items, token = page_of(thing.groups, request, 'maxResults', 'nextToken')
        return {'thingGroups': [{'groupName': name, 'groupArn': self.groups[name].arn} for name in items],
                'nextToken': token}

    @operation('POST', '/thing-groups/{name}', body=['parentGroupName', 'thingGroupProperties', 'tags'],
               resources=['{arn}thinggroup/{name}'])
    def create_thing_group(self, request):
        one = self.add_named(self.groups, request.labels['name'], 'thinggroup',
                             request.body.get('thingGroupProperties'))
        return {'thingGroupName': one.name, 'thingGroupArn': one.arn, 'thingGroupId': one.id}

    @operation('GET', '/thing-groups/{name}', resources=['{arn}thinggroup/{name}'])
    def describe_thing_group(self, request):
        one = self.look(self.groups, request.labels['name'])
        return {'thingGroupName': one.name, 'thingGroupArn': one.arn, 'thingGroupId': one.id, 'version': 1,
                'thingGroupProperties': one.properties or {}, 'thingGroupMetadata': {'creationDate': one.created}}

    # ---- policies ----

    def check_document(self, text):
        try:
            document = json.loads(text)
            good = isinstance(document, dict) and document.get('Version') in ('2012-10-17', '2008-10-17') \
                and bool(document.get('Statement'))
        except ValueError:
            good = False
        if not good:
            raise Refusal(400, 'MalformedPolicyException', 'Policy document is malformed')
        if len(re.sub(r'\s', '', text)) > POLICY_CHARACTERS:
            raise Refusal(400, 'MalformedPolicyException', 'Policy document is longer than 2048 characters')

    @operation('POST', '/policies/{policy}', body=['policyDocument', 'tags'], resources=['{arn}policy/{policy}'])
    def create_policy(self, request):
        name, document = request.labels['policy'], request.text('policyDocument', 404600)
        if not POLICY_NAME.fullmatch(name):
            raise invalid('Policy name %s is invalid' % name)
        self.check_document(document)
        if name in self.policies:
            raise exists('Policy cannot be created - name already exists (name=%s)' % name, name,
                         self.arn('policy/' + name))
        self.policies[name] = Record(name=name, arn=self.arn('policy/' + name), document=document, created=self.now())
        return {'policyName': name, 'policyArn': self.arn('policy/' + name), 'policyDocument': document,
                'policyVersionId': '1'}

    @operation('GET', '/policies', query=['marker', 'pageSize', 'ascendingOrder'])
    def list_policies(self, request):
        items, marker = page_of(list(self.policies.values()), request, 'pageSize', 'marker')
        return {'policies': [{'policyName': one.name, 'policyArn': one.arn} for one in items], 'nextMarker': marker}

    @operation('GET', '/policies/{policy}', resources=['{arn}policy/{policy}'])
    def get_policy(self, request):
        one = self.look(self.policies, request.labels['policy'], 'Policy not found')
        return {'policyName': one.name, 'policyArn': one.arn, 'policyDocument': one.document,
                'defaultVersionId': '1', 'creationDate': one.created, 'lastModifiedDate': one.created,
                'generationId': hashlib.sha256(one.document.encode()).hexdigest()}

    @operation('DELETE', '/policies/{policy}', resources=['{arn}policy/{policy}'])
    def delete_policy(self, request):
        one = self.look(self.policies, request.labels['policy'], 'Policy not found')
        if self.targets_of(one.name):
            raise Refusal(409, 'DeleteConflictException', 'The policy is attached to %d targets'
                          % len(self.targets_of(one.name)))
        del self.policies[one.name]

    def holder_of(self, target):
        """What a policy can be attached to."""
        group = self.arn('thinggroup/')
        if target.startswith(group):
            return self.look(self.groups, target.removeprefix(group))
        if not target.startswith('arn:'):
            raise invalid('Invalid target %s' % target)
        return self.certificate_by_arn(target)

    def targets_of(self, policy):
        return [one.arn for table in (self.certificates, self.groups) for one in table.values()
                if policy in one.policies]

    def attach(self, policy, target):
        holder = self.holder_of(target)
        self.look(self.policies, policy, 'Policy not found')
        if policy in holder.policies:
            return
        if len(holder.policies) >= POLICIES_PER_PRINCIPAL:
            raise Refusal(410, 'LimitExceededException', 'Cannot attach more than 10 policies to %s' % target)
        holder.policies.append(policy)

    @operation('PUT', '/target-policies/{policy}', body=['target'], resources=['{target}'])
    def attach_policy(self, request):
        self.attach(request.labels['policy'], request.text('target', 256))

    @operation('POST', '/target-policies/{policy}', body=['target'], resources=['{target}'])
    def detach_policy(self, request):
        holder = self.holder_of(request.text('target', 256))
        if request.labels['policy'] in holder.policies:
            holder.policies.remove(request.labels['policy'])

    @operation('PUT', '/principal-policies/{policy}', principal='x-amzn-iot-principal', resources=['{principal}'])
    def attach_principal_policy(self, request):
        self.attach(request.labels['policy'], request.principal)

    @operation('POST', '/attached-policies/{target}', query=['recursive', 'marker', 'pageSize'],
               resources=['{target}'])
    def list_attached_policies(self, request):
        truth(request, 'recursive', 'false')
        names = self.holder_of(request.labels['target']).policies
        items, marker = page_of(names, request, 'pageSize', 'marker')
        return {'policies': [{'policyName': name, 'policyArn': self.arn('policy/' + name)} for name in items],
                'nextMarker': marker}

    @operation('POST', '/policy-targets/{policy}', query=['marker', 'pageSize'], resources=['{arn}policy/{policy}'])
    def list_targets_for_policy(self, request):
        self.look(self.policies, request.labels['policy'], 'Policy not found')
        items, marker = page_of(self.targets_of(request.labels['policy']), request, 'pageSize', 'marker')
        return {'targets': items, 'nextMarker': marker}

    # ---- for tests ----

    def copy(self, table, count):
        """Make lists long: more certificates like the first one, more things that it is attached to."""
        first = next(iter(self.certificates.values()))
        for i in range(count):
            key = hashlib.sha256(b'%d' % i).hexdigest()
            if table == 'things':
                first.things['copy:%d' % i] = 'NON_EXCLUSIVE_THING'
            else:
                self.certificates[key] = Record(**{**vars(first), 'id': key, 'arn': self.arn('cert/' + key),
                                                   'created': first.created + i * 1e-6})

    def dump(self):
        """All of it, for tests to look at."""
        self.settle_detachments()
        tables = ('certificates', 'authorities', 'things', 'policies', 'groups', 'types')
        return {name: {key: vars(record) for key, record in getattr(self, name).items()} for name in tables}
