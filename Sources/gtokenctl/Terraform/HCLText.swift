/// Texts in Terraform's language (HCL native syntax specification, "Template Expressions").
enum HCLText {
    /// A text in quotes, which says exactly that text.
    ///
    /// `${` and `%{` would begin templates; their first character is doubled. What cannot be seen, or would change how the
    /// line is seen, is written as its code point. Terraform itself then takes the text to Unicode's normal form NFC.
    static func quoted(_ text: String) -> String {
        "\"\(escaped(text))\""
    }

    /// How many columns `terraform fmt` takes the quoted text for: each character as people see them is one.
    static func quotedWidth(_ text: String) -> Int { escaped(text).count + 2 }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        let scalars = text.unicodeScalars
        for index in scalars.indices {
            let scalar = scalars[index]
            let next = scalars.index(after: index)
            switch scalar {
            case "\"", "\\": escaped += "\\\(scalar)"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case "$", "%":
                let beginsTemplate = next != scalars.endIndex && scalars[next] == "{"
                escaped += beginsTemplate ? "\(scalar)\(scalar)" : "\(scalar)"
            default:
                // A mark at the beginning would sit on the quote.
                let isHidden = isHidden(scalar) || index == scalars.startIndex && isMark(scalar)
                if isHidden { escaped += codePoint(scalar) } else { escaped.unicodeScalars.append(scalar) }
            }
        }
        return escaped
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let isShort = digits.count <= 4
        return (isShort ? "\\u" : "\\U") + String(repeating: "0", count: (isShort ? 4 : 8) - digits.count)
            + digits
    }
}
