#!/usr/bin/env python3
"""What a physician takes away, read by programs that are not ours.

  target/python/bin/python e2e/credentials.py --program target/debug/credence

Credentials go to openbadgeslib, which knows only the issuer's name, and to PyJWT, which knows only the JWK set; the
transcript's JSON goes to jsonschema. The last line counts what came out as it should.

transcript.schema.json has the names of the field's draft. As the draft is written, three things could not hold, and it
differs there: Certification and NPI stand inside of Licensure, where they mean nothing, while PersonalInfo refuses all
others; the members of a license and of a certification stand where keywords belong; a time is asked for without its
zone, though `date-time` has one. CertifyingBoard and CreditStatus are ours: the draft has no place for a board's answer.
"""
import argparse
import base64
import binascii
import contextlib
import datetime
import json
import pathlib
import re
import sys
import tempfile
import urllib.parse
import urllib.request

import jsonschema
import jwt
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(REPOSITORY / "bench"), str(REPOSITORY / "examples/python")]
from server import Server  # noqa: E402  the folder of measuring scripts knows how to start a demo
import credence  # noqa: E402  the client that reports

SCHEMA = REPOSITORY / "e2e/transcript.schema.json"
TRANSCRIPT = "/passport/transcript/credential.jwt"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True, help="the binary to start")
    given = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="credence-credentials-") as work:
        with Server(given.program.resolve(), pathlib.Path(work) / "demo", "--physicians", "600") as server:
            for name, wrong in checks(server):
                print(f"{'FAIL' if wrong else 'ok  '}  {name}{f': {wrong}' if wrong else ''}", flush=True)
                passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"credentials: {passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


def checks(server):
    """Each check as its name and what is wrong, which is empty if all is well."""
    verify = Verifiers(server.base)
    cookie = server.sign_in("physician")
    before = completions(server, cookie)
    report(server, "add")
    completion = (completions(server, cookie) - before).pop()
    certificate = f"/passport/completions/{completion}/credential.jwt"
    tokens = {
        "a transcript": read(server, TRANSCRIPT, cookie),
        "a transcript with the address in clear": read(server, f"{TRANSCRIPT}?holder=email", cookie),
        "one completion": read(server, certificate, cookie),
    }
    for name, token in tokens.items():
        yield f"openbadgeslib verifies {name}, its issuer and its status", verify.badge(token)
        yield f"PyJWT verifies {name} by the JWK set", verify.token(token)
    yield from altered(verify, tokens["one completion"])
    yield "another installation's name is not believed", refused(verify.badge_of_another, tokens["a transcript"])
    yield "the transcript as JSON has the draft's names", names(read(server, "/passport/transcript.json", cookie))
    yield "a transcript with a wrong name is found out", not names('{"ACCMETranscripts": [{"Members": {}}]}')

    report(server, "delete")
    # a credential that is new puts the list that the server keeps for some seconds aside
    renewed = read(server, TRANSCRIPT, cookie)
    for name in ("a transcript", "one completion"):
        why = verify.badge(tokens[name])
        yield f"openbadgeslib refuses {name} once a credit on it is withdrawn", "'revocation' is set" not in why and (why or "believed")
    yield "openbadgeslib verifies the transcript that took its place", verify.badge(renewed)


class Verifiers:
    """Each method gives the reason why a token is refused, or nothing."""

    def __init__(self, base):
        self.place = urllib.parse.urlsplit(base).netloc
        # from the address that everybody knows, never from the token
        self.issuer = f"did:web:{self.place.replace(':', '%3A')}"
        self.keys = jwt.PyJWKClient(f"{base}/.well-known/jwks.json")

    def download(self, url):
        """A DID is looked up by https, which a demo does not speak."""
        asked = urllib.parse.urlsplit(url)
        if asked.netloc != self.place:
            raise OSError(f"nothing leads to {asked.netloc}")
        with urllib.request.urlopen(asked._replace(scheme="http").geturl(), timeout=60) as answer:
            return answer.read()

    def badge(self, token, issuer=None):
        try:
            verifier = OB3Verifier.for_issuer_did(issuer or self.issuer, download=self.download)
            verifier.verify(token, check_status=True, download=self.download)
        except OB3VerificationError as error:
            return str(error)
        return ""

    def badge_of_another(self, token):
        """The keys are found, but the name is another's: `localhost` is not `127.0.0.1`."""
        other = self.issuer.replace("127.0.0.1", "localhost")
        mine, self.place = self.place, self.place.replace("127.0.0.1", "localhost")
        try:
            return self.badge(token, other)
        finally:
            self.place = mine

    def token(self, token):
        try:
            key = self.keys.get_signing_key_from_jwt(token)
            jwt.decode(token, key, algorithms=["EdDSA"], issuer=self.issuer, options={"require": ["iss", "jti", "nbf"]})
        except (jwt.PyJWTError, binascii.Error, UnicodeDecodeError) as error:
            return f"{type(error).__name__} {error}"
        return ""


def altered(verify, token):
    """One bit of one byte in the middle of each part, and no signature at all."""
    parts = token.split(".")
    for place, part in enumerate(("header", "content", "signature")):
        raw = bytearray(base64.urlsafe_b64decode(parts[place] + "=="))
        raw[len(raw) // 2] ^= 1
        changed = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        other = ".".join(parts[:place] + [changed] + parts[place + 1:])
        yield f"openbadgeslib refuses a changed byte in the {part}", refused(verify.badge, other)
        yield f"PyJWT refuses a changed byte in the {part}", refused(verify.token, other)
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    yield "openbadgeslib refuses one without a signature", refused(verify.badge, f"{header}.{parts[1]}.")


def refused(verify, token):
    return "" if verify(token) else "believed"


def names(text):
    """What jsonschema has against a transcript."""
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.FormatChecker()
    if "date-time" not in checker.checkers:
        return "rfc3339-validator is missing, so times would not be looked at"
    faults = jsonschema.Draft202012Validator(schema, format_checker=checker).iter_errors(json.loads(text))
    return "; ".join(f"{fault.json_path} {fault.message}" for fault in faults)


def read(server, path, cookie):
    with contextlib.closing(server.connect()) as connection:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        text = answer.read().decode()
    if answer.status != 200:
        sys.exit(f"{path} answers {answer.status}")
    return text


def completions(server, cookie):
    page = read(server, "/passport/transcript", cookie)
    return set(re.findall(r'href="/passport/completions/([0-9a-f-]{36})"', page))


def report(server, action):
    """The provider reports a completion of the physician who signs in, or withdraws it."""
    who = server.demo["physicians"][0]
    learner = credence.learner(who["first"], who["last"], who["birth"], [(who["state"], who["license"])])
    day = str(datetime.date.today() - datetime.timedelta(days=5))
    one = credence.completion(learner, server.demo["activities"][2], day, "ccid:e2e:1", cme=1.5, action=action)
    client = credence.Client(f"{server.base}/api/pars/v1", server.demo["tokens"]["provider"])
    answer, = client.submit([one])
    if answer["result"] not in ("accepted", "deleted"):
        sys.exit(f"the report was not taken: {answer}")


main()
