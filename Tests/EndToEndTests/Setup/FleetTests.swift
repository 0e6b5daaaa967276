import Foundation
import GTokenCore
import GTokenEmulator
import GTokenRuntime
import TestSupport
import XCTest

/// `gtokenctl apply --file` of many bindings at once.
final class FleetTests: XCTestCase {
    /// Four of five with a Google service account, one known by the cluster; ten namespaces.
    private static func fleet(_ count: Int) -> String {
        let bindings = (0..<count).map { number in
            let identity =
                number % 5 == 4
                ? #""identity": "cluster""# : #""googleServiceAccount": "app-\#(number)-gsa""#
            return
                #"{"namespace": "team-\#(number % 10)", "serviceAccount": "app-\#(number)", \#(identity), "#
                + #""role": "fleet/app-\#(number)", "policies": ["AmazonS3ReadOnlyAccess"], "#
                + #""inlinePolicies": {"own": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "#
                + #""Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:app-\#(number)"}]}}}"#
        }
        return #"{"apiVersion": "gtoken/v1", "#
            + #""defaults": {"project": "demo-project", "clusterName": "main", "clusterLocation": "europe-west1"}, "#
            + #""bindings": [\#(bindings.joined(separator: ","))]}"#
    }

    func testTwoHundredAreRightTheFirstTimeAndLeftAloneTheSecond() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        try XCTSkipUnless(BuiltTool.isInstalled("moto_server"), "moto_server is not installed")
        let moto = try await Moto()
        let stage = try await SetupStage(awsEndpoint: moto.url)
        let file = try stage.write("fleet.json", Self.fleet(200))
        var figures: [String] = []
        for (verb, status, summary) in [
            ("apply", Int32(0), "571 created, 160 updated, 1 unchanged"), ("plan", 0, "732 unchanged"),
        ] {
            let (start, google, kubernetes, aws) = (
                ContinuousClock.now, stage.google.journal.entries.count,
                stage.kubernetes.journal.entries.count,
                moto.requests
            )
            let result = try await stage.run([verb, "--file=\(file)"])
            XCTAssertEqual(result.status, status, result.errors)
            XCTAssertEqual(result.output, summary + "\n")
            let calls = (
                google: stage.google.journal.entries.count - google, aws: moto.requests - aws,
                kubernetes: stage.kubernetes.journal.entries.count - kubernetes
            )
            // What the tool says it took; one more call of AWS asks STS who calls.
            let said = "\(calls.google) of Google's APIs, \(calls.aws - 1) of AWS IAM, "
            XCTAssertTrue(result.errors.contains(said), "\(said)\n\(result.errors.suffix(200))")
            figures.append(
                "\(verb) took \(ContinuousClock.now - start) with \(calls.google) calls of Google, \(calls.aws) of AWS and "
                    + "\(calls.kubernetes) of Kubernetes"
            )
        }
        print("fleet of 200: \(figures.joined(separator: "; "))")
        await stage.stop()
        moto.stop()
    }

    func testKilledAtTenMomentsItEndsWhereItWouldHave() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await SetupStage()
        let file = try stage.write("fleet.json", Self.fleet(30))
        var generator = SeededGenerator(seed: 20)
        for _ in 0..<10 {
            let process = try stage.start(["apply", "--file=\(file)"])
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...1200, using: &generator)))
            process.send(signal: SIGKILL)
            _ = process.waitBlocking()
        }
        let apply = try await stage.run(["apply", "--file=\(file)"])
        XCTAssertEqual(apply.status, 0, apply.errors)
        let plan = try await stage.run(["plan", "--file=\(file)"])
        XCTAssertEqual(plan.status, 0, plan.output + plan.errors)
        XCTAssertEqual(plan.output, "120 unchanged\n")
        let delete = try await stage.run(["delete", "--yes", "--file=\(file)"])
        XCTAssertEqual(delete.status, 0, delete.errors)
        for number in 0..<10 { XCTAssertNil(stage.kubernetes.object(.namespaces, "team-\(number)")) }
        await stage.stop()
    }

    func testAnOutageOfAWSIsWaitedOut() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await SetupStage()
        let file = try stage.write("fleet.json", Self.fleet(10))
        let process = try stage.start(["apply", "--file=\(file)"])
        try await eventually("a role is made") {
            stage.aws.journal.entries.contains { $0.note.hasPrefix("CreateRole") } ? true : nil
        }
        var faults = AWSFaults()
        faults.isDown = true
        stage.aws.setFaults(faults)
        let asked = stage.aws.journal.entries.count
        try await eventually("AWS is asked in vain") {
            stage.aws.journal.entries.count > asked + 20 ? true : nil
        }
        stage.aws.setFaults(AWSFaults())
        let status = try await eventually("it ends", within: .seconds(120)) { process.exitStatus() }
        XCTAssertEqual(status, 0)
        let plan = try await stage.run(["plan", "--file=\(file)"])
        XCTAssertEqual(plan.status, 0, plan.output + plan.errors)
        await stage.stop()
    }

    func testALongOutageOfAWSIsWaitedForOnceAndEachObjectThatLacksIsNamed() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await SetupStage()
        let file = try stage.write("fleet.json", Self.fleet(40))
        let process = try stage.start(["apply", "--file=\(file)", "--patience=4s"])
        try await eventually("a role is made") {
            stage.aws.journal.entries.contains { $0.note.hasPrefix("CreateRole") } ? true : nil
        }
        var faults = AWSFaults()
        faults.isDown = true
        stage.aws.setFaults(faults)
        // The forty roles would wait for a minute and a half, were each to wait by itself in rows of sixteen.
        let status = try await eventually("it ends", within: .seconds(60)) { process.exitStatus() }
        XCTAssertEqual(status, 69)
        let errors = stage.startedErrors.split(separator: "\n")
        let failed = errors.filter { $0.hasPrefix("gtokenctl: error: AWS role fleet/app-") }
        XCTAssertFalse(failed.isEmpty, stage.startedErrors)
        XCTAssertTrue(failed.allSatisfy { $0.contains("503") }, stage.startedErrors)
        XCTAssertTrue(errors.contains("hint: run the command again: what is done already is kept"))
        // Each ServiceAccount waits for its role.
        let unbegun = errors.filter { $0.hasPrefix("gtokenctl: not begun: ServiceAccount") }
        XCTAssertEqual(unbegun.count, failed.count, stage.startedErrors)
        stage.aws.setFaults(AWSFaults())
        for (verb, status) in [("plan", Int32(2)), ("apply", 0), ("plan", 0)] {
            let result = try await stage.run([verb, "--file=\(file)"])
            XCTAssertEqual(result.status, status, result.output + result.errors)
        }
        await stage.stop()
    }

    func testASignalLetsWhatIsUnderWayComeToItsEnd() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await SetupStage()
        let file = try stage.write("fleet.json", Self.fleet(30))
        let process = try stage.start(["apply", "--file=\(file)", "--parallelism=4"])
        try await eventually("a role is made") {
            stage.aws.journal.entries.contains { $0.note.hasPrefix("CreateRole") } ? true : nil
        }
        process.send(signal: SIGTERM)
        let status = try await eventually("it ends") { process.exitStatus() }
        XCTAssertEqual(status, 69, "what was not begun is not done")
        let plan = try await stage.run(["plan", "--file=\(file)"])
        XCTAssertEqual(plan.status, 2)
        // Nothing is half made: what is there is as it should be.
        XCTAssertFalse(plan.output.contains("~ AWS role"), plan.output)
        await stage.stop()
    }
}
