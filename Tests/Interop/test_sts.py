"""The AWS CLI and boto3, with exactly the injected environment and the token file that gtoken or the kubelet wrote."""

import json
import pathlib
import sys

from demo import DemoCase, shared
from tools import aws_command, have, have_aws, run

BOTO3_CALLER = """
import boto3, json
session = boto3.Session()
identity = boto3.client("sts").get_caller_identity()
print(json.dumps({"arn": identity["Arn"], "account": identity["Account"],
                  "method": session.get_credentials().method}))
"""

BOTO3_ASSUME = """
import boto3, botocore, datetime, os, pathlib
sts = boto3.client("sts", config=botocore.config.Config(signature_version=botocore.UNSIGNED,
                                                        retries={"total_max_attempts": 1}))
try:
    answer = sts.assume_role_with_web_identity(
        RoleArn=os.environ["AWS_ROLE_ARN"], RoleSessionName=os.environ["AWS_ROLE_SESSION_NAME"],
        WebIdentityToken=pathlib.Path(os.environ["AWS_WEB_IDENTITY_TOKEN_FILE"]).read_text())
    life = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    print(answer["AssumedRoleUser"]["Arn"], answer["Provider"], round(life.total_seconds() / 60))
except botocore.exceptions.ClientError as error:
    print(error.response["Error"]["Code"])
"""


class CallerIdentity(DemoCase):
    @have_aws()
    def test_aws_cli_is_the_role(self):
        command = aws_command() + ["sts", "get-caller-identity", "--output", "json"]
        answer = run(command, self.pod.environment, self.pod.home)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(json.loads(answer.stdout)["Arn"], self.pod.expected_arn())

    @have("boto3")
    def test_boto3_is_the_role_by_web_identity(self):
        answer = run([sys.executable, "-c", BOTO3_CALLER], self.pod.environment, self.pod.home)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        seen = json.loads(answer.stdout)
        self.assertEqual(seen["arn"], self.pod.expected_arn())
        self.assertEqual(seen["account"], self.pod.expected_arn().split(":")[4])
        self.assertEqual(seen["method"], "assume-role-with-web-identity")


class ClusterCallerIdentity(CallerIdentity):
    """The same as a Pod that has no Google account and no extra container."""

    identity = "cluster"

    def test_it_is_another_role_than_that_of_the_other_pod(self):
        self.assertNotEqual(self.pod.expected_arn(), shared().pods["google"].expected_arn())


@have("boto3")
class AssumeRole(DemoCase):
    """boto3 reads our STS's XML: the answer's fields, and the error codes of what must be refused."""

    provider = "accounts.google.com"

    def assume(self, **changed):
        answer = run([sys.executable, "-c", BOTO3_ASSUME], {**self.pod.environment, **changed}, self.pod.home)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer.stdout.strip()

    def test_answer_has_every_field(self):
        self.assertEqual(self.assume(), f"{self.pod.expected_arn()} {self.provider} 60")

    def test_another_role_is_denied(self):
        role = self.pod.environment["AWS_ROLE_ARN"] + "-of-somebody-else"
        self.assertEqual(self.assume(AWS_ROLE_ARN=role), "AccessDenied")

    def test_a_changed_signature_is_refused(self):
        head, _, signature = self.pod.token().rpartition(".")
        # The first character: the last one's low bits may not count.
        forged = f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
        file = self.pod.home / "forged"
        file.write_text(forged)
        self.assertEqual(self.assume(AWS_WEB_IDENTITY_TOKEN_FILE=str(file)), "InvalidIdentityToken")

    def test_what_is_no_token_is_refused(self):
        file = self.pod.home / "garbage"
        file.write_text("not.a.token")
        self.assertEqual(self.assume(AWS_WEB_IDENTITY_TOKEN_FILE=str(file)), "InvalidIdentityToken")


class ClusterAssumeRole(AssumeRole):
    identity = "cluster"
    provider = (
        "arn:aws:iam::123456789012:oidc-provider/container.googleapis.com/v1/projects/demo-project"
        "/locations/europe-west1/clusters/demo-cluster"
    )

    def test_the_tokens_of_the_two_identities_cannot_stand_in_for_each_other(self):
        for taker, giver in (("google", "cluster"), ("cluster", "google")):
            pods = shared().pods
            code = self.assume(
                AWS_ROLE_ARN=pods[taker].environment["AWS_ROLE_ARN"],
                AWS_WEB_IDENTITY_TOKEN_FILE=pods[giver].environment["AWS_WEB_IDENTITY_TOKEN_FILE"],
            )
            self.assertEqual(code, "AccessDenied", taker)


class InjectedEnvironment(DemoCase):
    def test_the_clients_get_what_the_patch_injected(self):
        pod = self.pod.document("pod-patched.json")
        for container in pod["spec"]["containers"]:
            injected = {v["name"]: v for v in container.get("env", []) if v["name"].startswith("AWS_")}
            if "AWS_WEB_IDENTITY_TOKEN_FILE" not in injected:
                continue
            ours = {n: v for n, v in self.pod.environment.items() if not n.startswith("AWS_ENDPOINT_URL")}
            self.assertEqual(sorted(injected), sorted(ours))
            for name, variable in injected.items():
                if "valueFrom" in variable:
                    self.assertEqual(variable["valueFrom"], {"fieldRef": {"fieldPath": "metadata.name"}})
                    # The API server completes a generated name after admission.
                    self.assertTrue(ours[name].startswith(pod["metadata"]["generateName"]), ours[name])
                else:
                    self.assertEqual(ours[name], variable["value"], name)
            return
        self.fail("no container has the injected environment")

    def test_the_token_file_is_alone_in_its_volume_and_readable(self):
        token = pathlib.Path(self.pod.environment["AWS_WEB_IDENTITY_TOKEN_FILE"])
        self.assertTrue(token.is_file())
        self.assertEqual(token.stat().st_mode & 0o777, 0o644)
        self.assertEqual(sorted(p.name for p in token.parent.iterdir()), [token.name])


class ClusterInjectedEnvironment(InjectedEnvironment):
    identity = "cluster"

    def test_nothing_runs_beside_the_application(self):
        spec = self.pod.document("pod-patched.json")["spec"]
        self.assertNotIn("initContainers", spec)
        self.assertEqual(len(spec["containers"]), 1)
