import GTokenCore
import XCTest

final class FleetDocumentTests: XCTestCase {
    private func fleet(_ text: String) throws(FleetDocumentError) -> [Binding] {
        try FleetDocument(Array(text.utf8)).bindings
    }

    private let head = """
        "apiVersion": "gtoken/v1",
        "defaults": { "project": "my-project", "clusterName": "main", "clusterLocation": "europe-west1" },
        """

    func testReadsBindingsWithDefaultsAndComments() throws {
        let bindings = try fleet(
            """
            { // Two of them.
              \(head)
              "bindings": [
                { "namespace": "shop", "serviceAccount": "orders", "googleServiceAccount": "orders-gsa",
                  "role": "shop/orders", "policies": ["AmazonSQSFullAccess", "arn:aws:iam::aws:policy/job-function/X"],
                  "inlinePolicies": {"queue": {"Version": "2012-10-17", "Statement": []}},
                  "tags": {"team": "shop=1"}, "maxSessionDuration": "2h", "allowsKeySource": true,
                  "stsRegionalEndpoints": true /* as text, too */ },
                { "namespace": "shop", "serviceAccount": "stock", "identity": "cluster", "role": "stock",
                  "clusterName": "second", "tokenExpiration": "1h", "region": "eu-west-1" }
              ]
            }
            """
        )
        XCTAssertEqual(bindings.count, 2)
        let (first, second) = (bindings[0], bindings[1])
        XCTAssertEqual(
            first.googleServiceAccount?.description,
            "orders-gsa@my-project.iam.gserviceaccount.com"
        )
        XCTAssertEqual(first.role.name.path, "/shop/")
        XCTAssertEqual(first.role.name.name, "orders")
        XCTAssertEqual(
            first.role.policies,
            [.name("AmazonSQSFullAccess"), .arn("arn:aws:iam::aws:policy/job-function/X")]
        )
        XCTAssertEqual(first.role.inlinePolicies.keys.sorted(), ["queue"])
        XCTAssertEqual(first.role.tags, ["team": "shop=1"])
        XCTAssertEqual(first.role.maxSessionSeconds, 7200)
        XCTAssertTrue(first.allowsKeySource)
        XCTAssertEqual(first.podSettings.usesRegionalSTS, true)
        XCTAssertEqual(first.audience, "gtoken/sts/assume-role-with-web-identity")
        XCTAssertEqual(second.identity, .cluster)
        XCTAssertNil(second.googleServiceAccount)
        XCTAssertEqual("\(second.cluster)", "projects/my-project/locations/europe-west1/clusters/second")
        XCTAssertEqual(second.audience, "sts.amazonaws.com")
        XCTAssertEqual(second.podSettings.tokenExpirationSeconds, 3600)
        XCTAssertEqual(second.role.maxSessionSeconds, 3600)
    }

    func testNamesThePlaceOfWhatIsWrong() {
        let good = #""namespace": "n", "serviceAccount": "s", "googleServiceAccount": "account", "role": "r""#
        let cases: [(text: String, message: String)] = [
            ("[]", "the document: expected an object"),
            (#"{"apiVersion": "v2"}"#, #"apiVersion: expected "gtoken/v1""#),
            (#"{"apiVersion": "gtoken/v1"}"#, "bindings: expected an array of objects"),
            (#"{"apiVersion": "gtoken/v1", "bindings": []}"#, "bindings: expected at least one binding"),
            (
                #"{"apiVersion": "gtoken/v1", "binding": []}"#,
                "binding: there is no such member, did you mean bindings?"
            ),
            (
                "{\(head) \"bindings\": [{\(good), \"policys\": \"x\"}]}",
                "bindings[0].policys: there is no such member, did you mean policies?"
            ),
            ("{\(head) \"bindings\": [{\(good), \"role\": \"x\"}]}", "bindings[0].role: it stands twice"),
            ("{\(head) \"bindings\": [{}]}", "bindings[0].namespace is missing"),
            (
                #"{"apiVersion": "gtoken/v1", "bindings": [{\#(good)}]}"#,
                "bindings[0].project is missing"
            ),
            (
                "{\(head) \"bindings\": [{\(good), \"maxSessionDuration\": \"13h\"}]}",
                "bindings[0].maxSessionDuration: '13h' cannot be used, expected a duration such as 30s or 1h30m, "
                    + "from 1h0m0s to 12h0m0s"
            ),
            (
                "{\(head) \"bindings\": [{\(good), \"policies\": \"A\"}]}",
                "bindings[0].policies: 'string' cannot be used, expected an array of strings"
            ),
            (
                "{\(head) \"bindings\": [{\(good), \"policies\": [\"A\", \"a b\"]}]}",
                "bindings[0].policies[1]: 'a b' cannot be used, expected a policy's name or ARN"
            ),
            (
                "{\(head) \"bindings\": [{\(good), \"tags\": {\"gtoken/x\": \"y\"}}]}",
                "bindings[0].tags.gtoken/x: 'gtoken/x=y' cannot be used, expected KEY=VALUE, at most 128 and 256 characters"
            ),
            (
                "{\(head) \"bindings\": [{\(good), \"inlinePolicies\": {\"p\": []}}]}",
                "bindings[0].inlinePolicies.p: 'array' cannot be used, expected one policy document"
            ),
            (
                "{\(head) \"bindings\": [{\(good), \"clusterName\": \"Main\"}]}",
                "bindings[0].clusterName: 'Main' cannot be used, expected a GKE cluster's name "
                    + "(1 to 40 of a-z, 0-9 and -, a letter first)"
            ),
            ("{\"apiVersion\": \"gtoken/v1\",}", "unexpected byte 0x7d at offset 27 of the JSON"),
        ]
        for (text, message) in cases {
            XCTAssertThrowsError(try fleet(text), text) { XCTAssertEqual("\($0)", message) }
        }
    }

    func testDefaultsMayNotHaveUnknownMembersEither() {
        XCTAssertThrowsError(
            try fleet(#"{"apiVersion": "gtoken/v1", "defaults": {"projct": "x"}, "bindings": [{}]}"#)
        ) {
            XCTAssertEqual(
                $0 as? FleetDocumentError,
                .unknownMember("defaults.projct", suggestion: "project")
            )
        }
    }

    func testBlanksCommentsAndNothingElse() {
        let cases = [
            ("a // b\nc", "a     \nc"), ("a /* b\nc */ d", "a     \n     d"),
            (#""// no" // yes"#, #""// no"       "#),
            (#""\"// no""#, #""\"// no""#), ("/* open", "       "), ("/", "/"), ("\"open //", "\"open //"),
            ("/*/", "   "),
            ("\"\\", "\"\\"),
        ]
        for (text, expected) in cases {
            let blanked = String(decoding: JSONComments.blanked(Array(text.utf8)), as: UTF8.self)
            XCTAssertEqual(blanked, expected)
        }
    }
}
