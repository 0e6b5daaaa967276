/// A line of words as a shell splits it, without running any: quotes of both kinds, and the backslash.
enum CommandWords {
    /// The words; `nil` where a quotation is not closed or the line ends with a backslash.
    ///
    /// The rules are those of Python's `shlex.split`, which the AWS CLI reads `credential_process` with.
    static func split(_ line: String) -> [String]? {
        var words: [String] = []
        // A word begins with its first character or quotation mark: two of these alone are an empty word.
        var word: String.UnicodeScalarView?
        var quote: Unicode.Scalar?
        var rest = line.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch (scalar, quote) {
            case ("\\", nil), ("\\", "\""):
                guard let next = rest.popFirst() else { return nil }
                // Within quotes it stands for itself but before what it can protect there.
                if quote != nil, next != "\"", next != "\\" { word?.append(scalar) }
                word = word ?? String.UnicodeScalarView()
                word?.append(next)
            case (_, let open?):
                if scalar == open { quote = nil } else { word?.append(scalar) }
            case ("'", nil), ("\"", nil):
                quote = scalar
                word = word ?? String.UnicodeScalarView()
            case (" ", nil), ("\t", nil), ("\r", nil), ("\n", nil):
                if let word { words.append(String(word)) }
                word = nil
            case (_, nil):
                word = word ?? String.UnicodeScalarView()
                word?.append(scalar)
            }
        }
        if let word { words.append(String(word)) }
        return quote == nil ? words : nil
    }
}
