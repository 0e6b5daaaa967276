import GTokenClients
import GTokenCore
import XCTest

final class AWSEndpointTests: XCTestCase {
    /// What botocore 1.43 asks and signs for.
    func testIsWhereTheAWSCLIAsks() throws {
        let cases: [(String, AWSService, String, String)] = [
            ("us-east-1", .iam, "iam.amazonaws.com", "us-east-1"),
            ("us-east-1", .sts, "sts.us-east-1.amazonaws.com", "us-east-1"),
            ("eu-west-1", .iam, "iam.amazonaws.com", "us-east-1"),
            ("eu-west-1", .sts, "sts.eu-west-1.amazonaws.com", "eu-west-1"),
            ("cn-northwest-1", .iam, "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            ("cn-northwest-1", .sts, "sts.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"),
            ("us-gov-east-1", .iam, "iam.us-gov.amazonaws.com", "us-gov-west-1"),
            ("us-gov-east-1", .sts, "sts.us-gov-east-1.amazonaws.com", "us-gov-east-1"),
            ("us-iso-west-1", .iam, "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
            ("us-isob-east-1", .iam, "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"),
            ("eu-isoe-west-1", .iam, "iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"),
            ("us-isof-east-1", .iam, "iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"),
            ("us-isof-east-1", .sts, "sts.us-isof-east-1.csp.hci.ic.gov", "us-isof-east-1"),
            ("eusc-de-east-1", .iam, "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
            ("eusc-de-east-1", .sts, "sts.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        ]
        for (region, service, host, signingRegion) in cases {
            let endpoint = AWSEndpoint(service, region: try AWSRegion(parsing: region))
            XCTAssertEqual("\(endpoint.url)", "https://\(host)/")
            XCTAssertEqual(endpoint.signingRegion, signingRegion, host)
        }
        XCTAssertEqual("\(AWSEndpoint(.sts, region: nil).url)", "https://sts.amazonaws.com/")
        XCTAssertEqual(AWSEndpoint(.sts, region: nil).signingRegion, "us-east-1")
    }
}
