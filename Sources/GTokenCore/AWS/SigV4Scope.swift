/// What a signature of AWS is good for: one day, one region, one service.
public struct SigV4Scope: Sendable, Hashable {
    /// The day in UTC, as `20150830`.
    public var date: String
    /// The region's code.
    public var region: String
    /// The service's name for signing, such as `sts`.
    public var service: String

    /// Makes the scope of a day.
    public init(time: UnixTime, region: String, service: String) {
        date = String(Self.timestamp(time).prefix(8))
        self.region = region
        self.service = service
    }

    init(date: String, region: String, service: String) {
        self.date = date
        self.region = region
        self.service = service
    }

    /// A time as `X-Amz-Date` has it: `20150830T123600Z`.
    public static func timestamp(_ time: UnixTime) -> String {
        time.rfc3339.filter { $0 != "-" && $0 != ":" }
    }

    /// The time that an `X-Amz-Date` names; `nil` where it is malformed.
    public static func time(timestamp: String) -> UnixTime? {
        let bytes = Array(timestamp.utf8)
        guard bytes.count == 16 else { return nil }
        func field(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        let day = "\(field(0..<4))-\(field(4..<6))-\(field(6..<8))"
        let time = UnixTime(rfc3339: "\(day)T\(field(9..<11)):\(field(11..<13)):\(field(13..<15))Z")
        // The fixed parts are checked by writing the time again.
        return time.flatMap { Self.timestamp($0) == timestamp ? $0 : nil }
    }

    static let terminator = "aws4_request"
}

extension SigV4Scope: CustomStringConvertible {
    /// The scope as it stands in a credential: `20150830/us-east-1/sts/aws4_request`.
    public var description: String { "\(date)/\(region)/\(service)/\(Self.terminator)" }
}
