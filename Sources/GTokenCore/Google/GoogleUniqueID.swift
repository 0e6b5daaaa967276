/// The number by which Google knows a service account for ever, the `sub` of its ID tokens.
///
/// It is text, never an integer: it does not fit 64 bits. An account that is deleted and made again under
/// the same e-mail has another one.
public struct GoogleUniqueID: Sendable, Hashable {
    /// The digits.
    public let description: String

    /// Reads a unique id.
    ///
    /// Google's have 21 digits; 20 to 30 are accepted, which tells them from a project's
    /// number (12 digits).
    ///
    /// - Throws: ``NameError`` where `text` is anything else, for example an e-mail.
    public init(parsing text: String) throws(NameError) {
        try NameRule.checkCharacters(text, .googleUniqueID, \.isDigit)
        try NameRule.checkLength(text, 20...30, .googleUniqueID)
        description = text
    }
}

extension GoogleUniqueID: CustomStringConvertible {}
