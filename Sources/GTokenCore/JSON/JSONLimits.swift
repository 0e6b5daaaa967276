/// Bounds on what ``JSONDocument`` accepts, so that hostile input costs a bounded amount of memory.
public struct JSONLimits: Equatable, Sendable {
    /// The most bytes a document may have.
    ///
    /// At most 2³¹ − 1, because every offset is kept in 32 bits; more becomes that.
    public var maxBytes: Int { didSet { maxBytes = min(maxBytes, Int(Int32.max)) } }
    /// The deepest nesting of objects and arrays; a scalar alone has depth 0.
    public var maxDepth: Int
    /// The most objects and arrays in one document; each costs 12 to 24 bytes of index.
    public var maxContainers: Int

    /// Makes a set of limits.
    public init(maxBytes: Int, maxDepth: Int, maxContainers: Int) {
        self.maxBytes = min(maxBytes, Int(Int32.max))
        self.maxDepth = maxDepth
        self.maxContainers = maxContainers
    }

    /// The limits for an AdmissionReview, also used where nothing else is asked for.
    ///
    /// - 32 MiB: the largest review a real API server was seen to send is 17.4 MB (a 2.9 MB Pod of
    ///   characters that are escaped sixfold); a request to the API is at most 3 MiB, so six times that.
    /// - depth 512: a Pod nests about 15 levels; `managedFields` follows the Pod, so about twice that.
    /// - 1 Mi containers: 3 MiB of `{},` hold that many, more than any object the API server accepts;
    ///   the index is then 12 MiB.
    public static let standard = JSONLimits(maxBytes: 32 << 20, maxDepth: 512, maxContainers: 1 << 20)
}
