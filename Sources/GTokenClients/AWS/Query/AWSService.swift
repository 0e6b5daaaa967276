package import GTokenCore
package import GTokenNet

/// A service of AWS that is spoken to with the Query protocol: a form in, XML out.
package enum AWSService: String, Sendable, CaseIterable {
    /// Identity and Access Management.
    case iam
    /// Security Token Service.
    case sts

    /// The version of the API.
    package var apiVersion: String {
        switch self {
        case .iam: "2010-05-08"
        case .sts: "2011-06-15"
        }
    }

    /// The service as errors name it.
    package var title: String { "AWS \(rawValue.uppercased())" }

    /// The variable that names another endpoint for this service alone, `AWS_ENDPOINT_URL_IAM`.
    package var endpointVariable: String { "AWS_ENDPOINT_URL_\(rawValue.uppercased())" }
}

/// Where a service of AWS is asked, and the region that its requests are signed for.
package struct AWSEndpoint: Sendable, Equatable {
    /// The service.
    package let service: AWSService
    /// What requests are sent to.
    package var url: HTTPURL
    /// The region in their signatures.
    package var signingRegion: String

    /// Makes an endpoint.
    package init(_ service: AWSService, url: HTTPURL, signingRegion: String) {
        self.service = service
        self.url = url
        self.signingRegion = signingRegion
    }

    /// AWS's own endpoint of a service, for whoever works in a region; without one, in the commercial partition.
    package init(_ service: AWSService, region: AWSRegion?) {
        let host: String
        switch service {
        case .iam:
            let iam = (region?.partition ?? .aws).iam
            (host, signingRegion) = (iam.host, iam.signingRegion)
        case .sts:
            (host, signingRegion) = (
                region?.stsHost ?? "sts.amazonaws.com", region?.description ?? "us-east-1"
            )
        }
        guard let url = try? HTTPURL(scheme: .https, host: host) else {
            // Invariant: a region's code and the table's names make host names.
            preconditionFailure()
        }
        self.service = service
        self.url = url
    }
}

extension AWSPartition {
    /// IAM has one endpoint a partition, and one region that its requests are signed for (AWS General Reference,
    /// "IAM endpoints").
    fileprivate var iam: (host: String, signingRegion: String) {
        switch name {
        case "aws-cn": ("iam.cn-north-1.\(dnsSuffix)", "cn-north-1")
        case "aws-us-gov": ("iam.us-gov.\(dnsSuffix)", "us-gov-west-1")
        case "aws-iso": ("iam.us-iso-east-1.\(dnsSuffix)", "us-iso-east-1")
        case "aws-iso-b": ("iam.us-isob-east-1.\(dnsSuffix)", "us-isob-east-1")
        case "aws-iso-e": ("iam.eu-isoe-west-1.\(dnsSuffix)", "eu-isoe-west-1")
        case "aws-iso-f": ("iam.us-isof-south-1.\(dnsSuffix)", "us-isof-south-1")
        case "aws-eusc": ("iam.eusc-de-east-1.\(dnsSuffix)", "eusc-de-east-1")
        default: ("iam.\(dnsSuffix)", "us-east-1")
        }
    }
}
