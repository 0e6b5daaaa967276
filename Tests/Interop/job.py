"""The guide's use case as its own program: upload a result to S3, then say so on an SNS topic.

It knows nothing of tokens or roles: the SDK finds its credentials in the environment of the Pod.
"""

import json
import sys

import boto3

bucket, topic, body = sys.argv[1:]
boto3.client("s3").put_object(Bucket=bucket, Key="result.txt", Body=body.encode())
boto3.client("sns").publish(TopicArn=topic, Message=json.dumps({"uploaded": "result.txt"}))
