"""gtoken as it runs in a Pod: tokens from each source, kept fresh, checked, and exchanged for a role's credentials."""

import json

from emulate import ROLE


def pod(steps, clouds):
    environment = clouds.environment
    steps.run("gtoken", "check", "--file=token", status=1)
    steps.run("gtoken", "--file=token", environment=environment)
    steps.run("gtoken", "check", "--file=token")
    steps.run("gtoken", "inspect", "--file=token", says=[clouds.google["uniqueId"], "accounts.google.com:oaud"])
    steps.run("gtoken", environment=environment, result="gtoken.out")
    for name in ("service-account", "impersonated"):
        file = {"GOOGLE_APPLICATION_CREDENTIALS": clouds.credentials[name]}
        steps.run("gtoken", "--source=adc", environment=environment | file, result="gtoken.out")

    role = [f"--role-arn={ROLE}", "--region=eu-west-1"]
    printed = steps.run("gtoken", "credential-process", *role, environment=environment, result=None)
    with steps.step("credential-process printed credentials"):
        assert json.loads(printed)["SessionToken"], "there is no SessionToken"

    fresh, url = steps.folder / "fresh", steps.folder / "url"
    arguments = [f"--file={fresh}", "--refresh"]
    with steps.process("gtoken --refresh", ["gtoken", *arguments], environment) as process:
        with steps.step("gtoken --refresh writes a token"):
            process.wait_for(fresh.exists, "token")
    steps.run("gtoken", "check", "--file=fresh")
    arguments = ["--listen-address=127.0.0.1:0", f"--url-file={url}", f"--authorization-token-file={fresh}-key"]
    with steps.process("gtoken serve", ["gtoken", "serve", *role, *arguments], environment) as process:
        with steps.step("gtoken serve listens"):
            process.wait_for(url.exists, "address")
