import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

final class AWSAccessTests: XCTestCase {
    private static let config = """
        [default]
        region = eu-west-1
        [profile local]
        region = us-east-1
        services = mine
        endpoint_url = https://aws.example
        [services mine]
        iam =
          endpoint_url = https://iam.example/path
        [profile plain]
        endpoint_url = http://aws.example
        [profile ignoring]
        endpoint_url = https://aws.example
        ignore_configured_endpoint_urls = true
        [profile china]
        region = cn-north-1
        [profile nowhere]
        region = moon
        """

    private let folder: TemporaryDirectory = {
        guard let folder = try? TemporaryDirectory() else { preconditionFailure("no temporary directory") }
        return folder
    }()

    override func setUpWithError() throws { _ = try folder.write("config", Array(Self.config.utf8)) }

    private func access(
        _ profile: String? = nil,
        region: String? = nil,
        _ variables: [String: String] = [:]
    ) throws -> AWSAccess {
        var variables = variables
        variables["AWS_CONFIG_FILE"] = folder.file("config")
        return try AWSAccess(
            profile: profile,
            region: try region.map(AWSRegion.init(parsing:)),
            variables: variables,
            clock: ManualClock(),
            transport: { request throws(HTTPClientError) in throw .closedEarly(url: "\(request.url)") },
            run: { program throws(SubprocessError) in
                throw .notStarted(program: program.arguments[0], errno: 2)
            }
        )
    }

    func testTheRegionIsTheNearestThatIsSet() throws {
        let both = ["AWS_REGION": "us-west-1", "AWS_DEFAULT_REGION": "us-west-2"]
        let cases: [(String?, String?, [String: String], String?, String)] = [
            (nil, "eu-north-1", both, "eu-north-1", "aws"), (nil, nil, both, "us-west-1", "aws"),
            (nil, nil, ["AWS_DEFAULT_REGION": "us-west-2"], "us-west-2", "aws"),
            (nil, nil, [:], "eu-west-1", "aws"), ("china", nil, [:], "cn-north-1", "aws-cn"),
            (nil, nil, ["AWS_PROFILE": "china"], "cn-north-1", "aws-cn"), ("ignoring", nil, [:], nil, "aws"),
        ]
        for (profile, region, variables, expected, partition) in cases {
            let access = try access(profile, region: region, variables)
            XCTAssertEqual(access.region?.description, expected)
            XCTAssertEqual(access.partition.name, partition)
        }
        XCTAssertThrowsError(try access("nowhere")) { error in
            XCTAssertTrue("\(error)".hasPrefix("AWS profile nowhere: region: "), "\(error)")
        }
        XCTAssertThrowsError(try access(nil, ["AWS_REGION": "moon"])) { error in
            XCTAssertTrue("\(error)".hasPrefix("AWS_REGION: "), "\(error)")
        }
    }

    func testTheEndpointIsTheNearestThatIsSet() throws {
        let all = ["AWS_ENDPOINT_URL": "http://127.0.0.1:5000"]
        let one = ["AWS_ENDPOINT_URL_IAM": "https://[::1]:8443", "AWS_ENDPOINT_URL": "http://localhost:5000"]
        let cases: [(String?, [String: String], String, String)] = [
            (nil, [:], "https://iam.amazonaws.com/", "https://sts.eu-west-1.amazonaws.com/"),
            (nil, all, "http://127.0.0.1:5000/", "http://127.0.0.1:5000/"),
            (nil, one, "https://[::1]:8443/", "http://localhost:5000/"),
            ("local", [:], "https://iam.example/path", "https://aws.example/"),
            ("local", all, "http://127.0.0.1:5000/", "http://127.0.0.1:5000/"),
            ("ignoring", [:], "https://iam.amazonaws.com/", "https://sts.amazonaws.com/"),
            (
                "local", ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"], "https://iam.amazonaws.com/",
                "https://sts.us-east-1.amazonaws.com/"
            ),
            (
                "china", [:], "https://iam.cn-north-1.amazonaws.com.cn/",
                "https://sts.cn-north-1.amazonaws.com.cn/"
            ),
        ]
        for (profile, variables, iam, sts) in cases {
            let access = try access(profile, variables)
            XCTAssertEqual("\(access.endpoint(.iam).url)", iam)
            XCTAssertEqual("\(access.endpoint(.sts).url)", sts)
        }
    }

    func testPlainHTTPIsForThisMachineOnly() {
        let reason = "plain http is for this machine only: use https"
        XCTAssertThrowsError(try access("plain")) { error in
            XCTAssertEqual("\(error)", "AWS profile plain: endpoint_url: \(reason)")
        }
        XCTAssertThrowsError(try access(nil, ["AWS_ENDPOINT_URL": "http://10.0.0.1"])) { error in
            XCTAssertEqual("\(error)", "AWS_ENDPOINT_URL: \(reason)")
        }
        XCTAssertThrowsError(try access(nil, ["AWS_ENDPOINT_URL_STS": "ftp://localhost"])) { error in
            XCTAssertEqual(
                "\(error)",
                "AWS_ENDPOINT_URL_STS: the URL's scheme is neither http nor https"
            )
        }
    }
}
