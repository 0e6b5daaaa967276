extension Collection<UInt8> {
    /// Whether `text` stands somewhere in these bytes.
    ///
    /// In place of the standard library's `contains(_:)` of one text in another: that one belongs to the module of
    /// regular expressions, all of which would be in a static binary for it, 1.2 MB.
    package func contains(text: String) -> Bool {
        var rest = self[...]
        while true {
            if rest.starts(with: text.utf8) { return true }
            if rest.popFirst() == nil { return false }
        }
    }
}
