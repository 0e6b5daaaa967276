"""The gcloud CLI against the stand-in's administrative APIs, by the endpoint overrides that gtokenctl honours too."""

import base64
import json
import shutil
import unittest

from demo import DemoCase
from tools import run

PROJECT = "demo-project"
UPLOADER = f"uploader@{PROJECT}.iam.gserviceaccount.com"
APIS = ("IAM", "IAMCREDENTIALS", "CONTAINER", "SERVICEUSAGE", "CLOUDRESOURCEMANAGER")


@unittest.skipIf(shutil.which("gcloud") is None, "not installed here: gcloud")
class Gcloud(DemoCase):
    def gcloud(self, *arguments, fails=False):
        """What a command prints as JSON; of one that fails, its complaint."""
        base = self.pod.discovery.removesuffix("/.well-known/openid-configuration")
        environment = {f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api}": base + "/" for api in APIS}
        environment |= {
            "CLOUDSDK_AUTH_ACCESS_TOKEN": "ya29.of-an-administrator",
            "CLOUDSDK_CONFIG": str(self.pod.home / "gcloud"),
            "CLOUDSDK_CORE_PROJECT": PROJECT,
            "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
            "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "1",
            "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "1",
            # Python's folder for what it compiles is the SDK's own, and may be read-only.
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [shutil.which("gcloud"), *arguments, "--format=json"]
        answer = run(command, environment, self.pod.home)
        if fails:
            self.assertNotEqual(answer.returncode, 0, answer.stdout)
            return answer.stderr
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return json.loads(answer.stdout) if answer.stdout.strip() else None

    def test_it_describes_the_account_of_the_pod(self):
        account = self.gcloud("iam", "service-accounts", "describe", UPLOADER)
        self.assertEqual(account["email"], UPLOADER)
        payload = self.pod.token().split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        self.assertEqual(account["uniqueId"], claims["sub"])

    def test_it_reads_who_may_act_as_the_account(self):
        policy = self.gcloud("iam", "service-accounts", "get-iam-policy", UPLOADER)
        members = {b["role"]: b["members"] for b in policy["bindings"]}
        self.assertEqual(
            members["roles/iam.workloadIdentityUser"],
            [f"serviceAccount:{PROJECT}.svc.id.goog[reports/uploader]"],
        )

    def test_it_makes_binds_and_deletes_an_account(self):
        name, email = "report-app", f"report-app@{PROJECT}.iam.gserviceaccount.com"
        member = f"serviceAccount:{PROJECT}.svc.id.goog[reports/app]"
        made = self.gcloud("iam", "service-accounts", "create", name, "--display-name=Reports")
        again = self.gcloud("iam", "service-accounts", "create", name, fails=True)
        self.assertIn("already exists", again)
        bound = self.gcloud(
            "iam", "service-accounts", "add-iam-policy-binding", email,
            "--role=roles/iam.workloadIdentityUser", f"--member={member}", "--condition=None",
        )
        self.assertEqual(bound["bindings"], [{"role": "roles/iam.workloadIdentityUser", "members": [member]}])
        listed = self.gcloud("iam", "service-accounts", "list")
        self.assertIn(email, [account["email"] for account in listed])
        self.gcloud("iam", "service-accounts", "delete", email)
        gone = self.gcloud("iam", "service-accounts", "describe", email, fails=True)
        self.assertIn("NOT_FOUND", gone)
        remade = self.gcloud("iam", "service-accounts", "create", name)
        self.assertNotEqual(remade["uniqueId"], made["uniqueId"])
        self.gcloud("iam", "service-accounts", "delete", email)

    def test_a_grant_under_a_condition_is_kept_as_one(self):
        condition = "expression=request.time < timestamp('2030-01-01T00:00:00Z'),title=until-2030"
        arguments = (
            "iam", "service-accounts", "{}-iam-policy-binding", UPLOADER,
            "--role=roles/iam.serviceAccountUser", "--member=user:admin@example.com", f"--condition={condition}",
        )
        added = self.gcloud(*(argument.format("add") for argument in arguments))
        conditions = [b["condition"]["title"] for b in added["bindings"] if "condition" in b]
        self.assertEqual((added["version"], conditions), (3, ["until-2030"]))
        removed = self.gcloud(*(argument.format("remove") for argument in arguments))
        self.assertFalse(any("condition" in b for b in removed["bindings"]))

    def test_it_describes_the_project_and_the_cluster(self):
        project = self.gcloud("projects", "describe", PROJECT)
        self.assertEqual(project["projectNumber"], "123456789012")
        cluster = self.gcloud("container", "clusters", "describe", "demo-cluster", "--location=europe-west1")
        self.assertEqual(cluster["workloadIdentityConfig"]["workloadPool"], f"{PROJECT}.svc.id.goog")
        modes = [p["config"]["workloadMetadataConfig"]["mode"] for p in cluster["nodePools"]]
        self.assertEqual(modes, ["GKE_METADATA"])
        services = self.gcloud("services", "list", "--enabled")
        self.assertIn("iamcredentials.googleapis.com", [s["config"]["name"] for s in services])

    def test_it_turns_workload_identity_on(self):
        where = ("--location=europe-west1",)
        self.gcloud(
            "container", "clusters", "update", "demo-cluster", *where, f"--workload-pool={PROJECT}.svc.id.goog"
        )
        self.gcloud(
            "container", "node-pools", "update", "default-pool", "--cluster=demo-cluster", *where,
            "--workload-metadata=GKE_METADATA",
        )

    def test_it_may_not_act_as_an_account_without_the_role(self):
        complaint = self.gcloud(
            "auth", "print-identity-token", f"--impersonate-service-account={UPLOADER}", "--audiences=a", fails=True
        )
        self.assertIn("iam.serviceAccounts.getAccessToken", complaint)
