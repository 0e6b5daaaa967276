"""The tokens of both identities, verified as AWS does it: discovery, keys, RS256; the cryptography is pyca's."""

import base64
import json
import time
import urllib.request

from demo import DemoCase
from tools import PATIENCE, have


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def fetch(url):
    # No proxy of the environment's is between us and loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=PATIENCE) as answer:
        return json.load(answer)


def is_signed(token, keys):
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    signed, _, signature = token.rpartition(".")
    header = json.loads(decode(signed.split(".")[0]))
    key = next(key for key in keys if key["kid"] == header["kid"])
    if not (header["alg"] == key["alg"] == "RS256" and key["kty"] == "RSA" and key["use"] == "sig"):
        return False
    exponent, modulus = (int.from_bytes(decode(key[name]), "big") for name in ("e", "n"))
    try:
        public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
        public.verify(decode(signature), signed.encode(), padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


@have("cryptography")
class Keys(DemoCase):
    def claims(self):
        return json.loads(decode(self.pod.token().split(".")[1]))

    def subject_and_audience(self):
        return "104387266351829007741", "gtoken/sts/assume-role-with-web-identity"

    def test_the_token_is_signed_with_a_key_of_its_issuer(self):
        configuration = fetch(self.pod.discovery)
        self.assertEqual(configuration["issuer"], self.claims()["iss"])
        self.assertEqual(configuration["id_token_signing_alg_values_supported"], ["RS256"])
        keys = fetch(configuration["jwks_uri"])["keys"]
        self.assertTrue(is_signed(self.pod.token(), keys))
        head, payload, signature = self.pod.token().split(".")
        changed = json.dumps({**json.loads(decode(payload)), "sub": "somebody else"}).encode()
        forged = base64.urlsafe_b64encode(changed).decode().rstrip("=")
        self.assertFalse(is_signed(f"{head}.{forged}.{signature}", keys))

    def test_the_token_says_whose_it_is_and_whom_it_is_for(self):
        claims = self.claims()
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        subject, expected = self.subject_and_audience()
        self.assertEqual((claims["sub"], audience), (subject, [expected]))
        self.assertLess(claims["iat"] - 60, time.time())
        self.assertGreater(claims["exp"], time.time())


class ClusterKeys(Keys):
    identity = "cluster"

    def subject_and_audience(self):
        """As the Pod that was admitted says: its ServiceAccount, and the audience of its volume."""
        pod = self.pod.document("pod-patched.json")
        [volume] = [v for v in pod["spec"]["volumes"] if v["name"] == "gtoken-volume"]
        [source] = volume["projected"]["sources"]
        account = f"{pod['metadata']['namespace']}:{pod['spec']['serviceAccountName']}"
        return f"system:serviceaccount:{account}", source["serviceAccountToken"]["audience"]

    def test_the_token_is_bound_to_the_pod_and_lives_as_long_as_the_volume_asks(self):
        claims = self.claims()
        pod = self.pod.document("pod-patched.json")
        [volume] = [v for v in pod["spec"]["volumes"] if v["name"] == "gtoken-volume"]
        seconds = volume["projected"]["sources"][0]["serviceAccountToken"]["expirationSeconds"]
        self.assertEqual(claims["exp"] - claims["iat"], seconds)
        bound = claims["kubernetes.io"]
        self.assertEqual(bound["serviceaccount"]["name"], pod["spec"]["serviceAccountName"])
        self.assertEqual(bound["pod"]["name"], self.pod.environment["AWS_ROLE_SESSION_NAME"])
