"""What needs no service: versions, help, documents, certificates; and the demo, which brings its own."""


TOOLS = {
    "gtoken": ["check", "inspect", "credential-process", "serve"],
    "gtoken-webhook": ["server"],
    "gtokenctl": ["plan", "apply", "status", "delete", "doctor", "audit", "trust-policy", "manifests", "terraform"]
    + ["install", "upgrade", "uninstall", "certs", "demo", "emulate", "completion"],
}


def front(steps):
    for tool, commands in TOOLS.items():
        steps.run(tool, "--version", says=[tool])
        steps.run(tool, "--help", says=["Usage:"])
        for command in commands:
            steps.run(tool, command, "--help", says=["Usage:"])
        steps.run(tool, "--no-such-option", status=64, says=["hint: "])


def documents(steps):
    for shell in ("bash", "zsh", "fish"):
        steps.run("gtokenctl", "completion", shell, says=["terraform"])
    steps.run("gtokenctl", "trust-policy", "--google-unique-id=104387266351829007741", says=["accounts.google.com:oaud"])
    fleet = ["--file=fleet.json", "--aws-account=123456789012"]
    steps.run("gtokenctl", "manifests", *fleet, says=["arn:aws:iam::123456789012:role/warehouse/stock"])
    steps.run("gtokenctl", "manifests", *fleet, "-o", "json", says=['"kind": "List"'])
    steps.run("gtokenctl", "terraform", "--file=fleet.json", says=["aws_iam_role"])
    steps.run("gtokenctl", "terraform", "--file=fleet.json", "--output-dir=terraform")
    steps.run("gtokenctl", "certs", "--output-dir=certs", says=["gtoken-webhook-svc.gtoken.svc"])
    steps.run("gtokenctl", "certs", "--output-dir=certs", says=["stays"])
    steps.run("gtokenctl", "apply", status=78, says=["--project is missing"])


def demo(steps):
    steps.run("gtokenctl", "demo", says=["The Pods call AWS as", "identity cluster"])
    steps.run("gtokenctl", "demo", "-o", "json", says=["reports-publisher"])
