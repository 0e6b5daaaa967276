import Foundation

@testable import GTokenCore

extension FuzzTarget {
    /// Times, durations, quantities, addresses, ARNs and names: each short text is given to all.
    static let text = FuzzTarget(name: "text", run: TextFuzz.run)
}

/// What is read is the same after it was written and read again, and a time is Foundation's.
private enum TextFuzz {
    static func run(_ bytes: [UInt8]) {
        let text = bytes.text
        checkTime(text)
        if let duration = Duration(goText: text) {
            require(Duration(goText: duration.goText) == duration, "a duration: \(duration.goText)")
        }
        if let quantity = ResourceQuantity(parsing: text) {
            require(quantity.description.isIdentical(to: text), "a quantity is as written")
            require(quantity.amount >= 0, "and not negative")
        }
        if let address = ListenAddress(parsing: text) {
            require(ListenAddress(parsing: address.description) == address, "an address: \(address)")
        }
        if let level = LogLevel(parsing: text) {
            require(LogLevel(parsing: "\(level)") == level, "a log level")
        }
        checkPointer(text)
        names(text)
        _ = SigV4Authorization(parsing: text)
        require(RoleSessionName.shortened(from: text).description.utf8.count <= 64, "a session name's length")
        require(
            (try? RoleSessionName(parsing: "\(RoleSessionName.shortened(from: text))")) != nil,
            "and letters"
        )
    }

    private static func names(_ text: String) {
        same(text) { try RoleARN(parsing: $0) }
        same(text) { try RoleSessionName(parsing: $0) }
        same(text) { try AWSRegion(parsing: $0) }
        same(text) { try GoogleProjectID(parsing: $0) }
        same(text) { try GoogleServiceAccountEmail(parsing: $0) }
        same(text) { try GoogleUniqueID(parsing: $0) }
        same(text) { try WorkloadPoolMember(parsing: $0) }
    }

    /// A name is printed as it was read, and has none but printable ASCII.
    private static func same<Name: CustomStringConvertible>(_ text: String, _ parse: (String) throws -> Name)
    {
        do {
            let name = try parse(text)
            require(name.description.isIdentical(to: text), "\(Name.self) prints as it was: \(name)")
            require(text.utf8.allSatisfy { 0x21...0x7E ~= $0 }, "\(Name.self) is ASCII")
        } catch {
            let description = "\(error)"
            require(!description.contains("\n") && description.utf8.count < 300, "an error is one short line")
        }
    }

    private static func checkPointer(_ text: String) {
        guard let pointer = try? JSONPointer(parsing: text) else { return }
        require(pointer.description.isIdentical(to: text), "a pointer prints as it was")
    }

    private static func checkTime(_ text: String) {
        guard let time = UnixTime(rfc3339: text) else { return }
        require(UnixTime(rfc3339: time.rfc3339(fractionDigits: 9)) == time, "a time: \(time)")
        let digits = time.rfc3339.split { "-T:Z".contains($0) }.compactMap { Int($0) }
        require(digits.count == 6, "it is written with all its parts")
        var date = DateComponents()
        (date.year, date.month, date.day) = (digits[0], digits[1], digits[2])
        (date.hour, date.minute, date.second) = (digits[3], digits[4], digits[5])
        // Year 0 is 1 BC to Foundation, and before 1582 its calendar is another.
        guard digits[0] > 1582 else { return }
        require(
            calendar.date(from: date)?.timeIntervalSince1970 == Double(time.seconds),
            "Foundation has the same second"
        )
    }

    private static let calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()
}
