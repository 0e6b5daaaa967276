"""A Job that uploads to S3 and publishes to SNS, with the environment and token file of the demo's Pod."""

import json
import pathlib
import re
import sys

from demo import DemoCase
from tools import Process, aws_command, have, have_aws, run


@have("boto3", "flask", "flask_cors", "moto")
class Job(DemoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        server = [sys.executable, "-c", "from moto.server import main; main()"]
        cls.moto = Process(server + ["-H", "127.0.0.1", "-p", "0"])
        cls.addClassCleanup(cls.moto.stop)
        cls.endpoint = cls.moto.wait_for(
            lambda: re.search(r"http://127\.0\.0\.1:\d+", cls.moto.text()), "address"
        ).group()
        cls.environment = {
            **cls.pod.environment,
            "AWS_ENDPOINT_URL_S3": cls.endpoint,
            "AWS_ENDPOINT_URL_SNS": cls.endpoint,
        }

    def client(self, service):
        """The operator's view of the stand-in account, with credentials of its own."""
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=self.environment["AWS_REGION"],
            aws_access_key_id="operator",
            aws_secret_access_key="operator",
        )

    def account(self, name):
        """A bucket, and a topic whose messages arrive in a queue."""
        region = self.environment["AWS_REGION"]
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self.client("s3").create_bucket(Bucket=name, **where)
        topic = self.client("sns").create_topic(Name=name)["TopicArn"]
        queue = self.client("sqs").create_queue(QueueName=name)["QueueUrl"]
        arn = self.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        self.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"])
        return topic, queue

    def assert_done(self, name, queue, body, message):
        stored = self.client("s3").get_object(Bucket=name, Key="result.txt")["Body"].read()
        self.assertEqual(stored.decode(), body)
        received = self.client("sqs").receive_message(QueueUrl=queue)["Messages"]
        self.assertEqual(json.loads(received[0]["Body"])["Message"], message)

    def test_boto3_uploads_and_publishes(self):
        topic, queue = self.account("boto3-job")
        job = pathlib.Path(__file__).with_name("job.py")
        answer = run([sys.executable, str(job), "boto3-job", topic, "42"], self.environment, self.pod.home)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assert_done("boto3-job", queue, "42", '{"uploaded": "result.txt"}')

    @have_aws()
    def test_aws_cli_uploads_and_publishes(self):
        topic, queue = self.account("cli-job")
        result = self.pod.home / "result.txt"
        result.write_text("43")
        for arguments in (
            ["s3", "cp", str(result), "s3://cli-job/result.txt"],
            ["sns", "publish", "--topic-arn", topic, "--message", "uploaded"],
        ):
            answer = run(aws_command() + arguments, self.environment, self.pod.home)
            self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assert_done("cli-job", queue, "43", "uploaded")

    def test_without_the_token_file_there_are_no_credentials(self):
        topic, _ = self.account("no-token-job")
        environment = {**self.environment, "AWS_WEB_IDENTITY_TOKEN_FILE": str(self.pod.home / "absent")}
        job = pathlib.Path(__file__).with_name("job.py")
        answer = run([sys.executable, str(job), "no-token-job", topic, "44"], environment, self.pod.home)
        self.assertNotEqual(answer.returncode, 0)
        self.assertIn("No such file", answer.stderr)
