extension String {
    /// This text as it must stand in a container's `command`, `args`, `env` or probe to arrive unchanged.
    ///
    /// There Kubernetes puts the value of `VAR` for `$(VAR)` and one `$` for `$$`, and leaves every other `$`
    /// alone (k8s.io/kubernetes/third_party/forked/golang/expansion).
    var literalInContainer: String {
        var copy = self
        guard copy.withUTF8({ unsafe $0.contains(UInt8(ascii: "$")) }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            text.unicodeScalars.append(scalar)
            if scalar == "$" { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
