"""Google's own library for Python takes our stand-in for Google: it gets ID tokens from it and verifies them."""

import json
import sys
import unittest

import emulate
from tools import BIN, have, run

AUDIENCE = "gtoken/sts/assume-role-with-web-identity"

#: What every script begins with: its arguments, and ways to end it.
PRELUDE = """
import json, sys
import google.auth.transport.requests
from google.auth import compute_engine, exceptions, iam, impersonated_credentials
from google.oauth2 import id_token, service_account
import google.oauth2.credentials
google_document, audience, path = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3]
request = google.auth.transport.requests.Request()
iam._IAM_IDTOKEN_ENDPOINT = iam._IAM_IDTOKEN_ENDPOINT.replace(
    "https://iamcredentials.googleapis.com", google_document["url"])
def verified(token, audience=audience):
    return id_token.verify_token(token, request, audience=audience, certs_url=google_document["certificates"])
def done(credentials):
    credentials.refresh(request)
    print(json.dumps(verified(credentials.token)))
"""

FETCH = "print(json.dumps(verified(id_token.fetch_id_token(request, audience))))"

METADATA = """
done(compute_engine.IDTokenCredentials(request, audience, use_metadata_identity_endpoint=True))
"""

IMPERSONATE = """
me = google_document["serviceAccount"]
if path == "metadata":
    source = compute_engine.Credentials()
else:
    login = json.load(open(path))
    # The library knows one token endpoint for logins, whatever their file says.
    source = google.oauth2.credentials.Credentials(None, token_uri=google_document["url"] + "/token",
        **{name: login[name] for name in ("client_id", "client_secret", "refresh_token")})
target = impersonated_credentials.Credentials(source_credentials=source, target_principal=me,
    target_scopes=["https://www.googleapis.com/auth/cloud-platform"])
done(impersonated_credentials.IDTokenCredentials(target, target_audience=audience, include_email=True))
"""

KEY = """
done(service_account.IDTokenCredentials.from_service_account_file(path, target_audience=audience))
"""

OTHER_KEY = """
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
key = json.load(open(path))
key["private_key"] = rsa.generate_private_key(65537, 2048).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
credentials = service_account.IDTokenCredentials.from_service_account_info(key, target_audience=audience)
try:
    credentials.refresh(request)
    print(json.dumps("a token"))
except exceptions.RefreshError as error:
    print(json.dumps(error.args[1]))
"""

OTHER_AUDIENCE = """
token = id_token.fetch_id_token(request, audience)
refused = []
for change in (lambda: verified(token, "another"), lambda: verified(token[:-8] + "AAAAAAAA")):
    try:
        change()
    except Exception as error:
        refused.append(type(error).__name__)
print(json.dumps(refused))
"""


@have("google.auth", "requests", "jwt")
class GoogleAuth(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clouds = emulate.shared()

    def python(self, script, path="", environment=None):
        """What a script prints as JSON."""
        command = [sys.executable, "-c", PRELUDE + script, json.dumps(self.clouds.google), AUDIENCE, str(path)]
        answer = run(command, {**self.clouds.environment, **(environment or {})}, self.clouds.home)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return json.loads(answer.stdout)

    def check(self, claims, azp=None):
        """The claims of the Pod's account, by whichever way."""
        unique_id = self.clouds.google["uniqueId"]
        self.assertEqual(claims["iss"], "https://accounts.google.com")
        self.assertEqual(claims["aud"], AUDIENCE)
        self.assertEqual(claims["sub"], unique_id)
        self.assertEqual(claims["azp"], azp or unique_id)
        self.assertEqual(claims["email"], self.clouds.google["serviceAccount"])
        self.assertEqual(claims["exp"] - claims["iat"], 3600)

    def test_it_gets_the_token_of_a_pod(self):
        self.check(self.python(FETCH))

    def test_it_gets_a_token_from_the_metadata_server(self):
        self.check(self.python(METADATA))

    def test_it_gets_a_token_from_iam_credentials_as_the_pod(self):
        self.check(self.python(IMPERSONATE, "metadata"))

    def test_it_gets_a_token_from_iam_credentials_with_a_login(self):
        self.check(self.python(IMPERSONATE, self.clouds.credentials["authorized-user"]))

    def test_it_gets_a_token_with_a_key_whose_azp_is_the_email(self):
        path = self.clouds.credentials["service-account"]
        email = self.clouds.google["serviceAccount"]
        self.check(self.python(KEY, path), azp=email)
        self.check(self.python(FETCH, environment={"GOOGLE_APPLICATION_CREDENTIALS": path}), azp=email)

    def test_a_key_that_is_not_the_accounts_gets_none(self):
        refusal = self.python(OTHER_KEY, self.clouds.credentials["service-account"])
        self.assertEqual(refusal, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})

    def test_it_refuses_another_audience_and_another_signature(self):
        self.assertEqual(self.python(OTHER_AUDIENCE), ["InvalidAudienceError", "InvalidSignatureError"])

    def test_it_verifies_what_gtoken_got_from_each_source(self):
        files = self.clouds.credentials
        cases = [
            (["--source=metadata"], {}, None),
            (["--source=auto"], {}, None),
            (["--source=iam-credentials", "--include-email"], {}, None),
            (["--source=adc"], {"GOOGLE_APPLICATION_CREDENTIALS": files["service-account"]}, "email"),
            (
                ["--source=adc", "--include-email"],
                {"GOOGLE_APPLICATION_CREDENTIALS": files["impersonated"]},
                None,
            ),
        ]
        for arguments, environment, azp in cases:
            with self.subTest(arguments=arguments):
                file = self.clouds.home / "gtoken.out"
                answer = run(
                    [str(BIN / "gtoken"), f"--file={file}", *arguments],
                    {**self.clouds.environment, **environment},
                    self.clouds.home,
                )
                self.assertEqual(answer.returncode, 0, answer.stderr)
                claims = self.python("print(json.dumps(verified(open(path).read().strip())))", file)
                self.check(claims, azp=azp and self.clouds.google["serviceAccount"])
