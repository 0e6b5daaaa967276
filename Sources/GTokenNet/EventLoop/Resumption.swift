/// A suspended task that waits for an answer, to be resumed exactly once.
///
/// Over `UnsafeContinuation`, since a checked one is a heap allocation for each wait; every holder takes its
/// resumption out of where it is kept before it resumes it, which is what makes twice impossible.
@safe struct Resumption<Answer: Sendable>: Sendable {
    private let continuation: UnsafeContinuation<Answer, Never>

    init(_ continuation: UnsafeContinuation<Answer, Never>) {
        unsafe self.continuation = continuation
    }

    func callAsFunction(_ answer: Answer) {
        unsafe continuation.resume(returning: answer)
    }
}

/// Suspends the task until the resumption, which `body` puts where somebody finds it, is called.
@inline(__always)
nonisolated(nonsending) func suspend<Answer: Sendable>(_ body: (Resumption<Answer>) -> Void) async -> Answer {
    unsafe await withUnsafeContinuation { continuation in
        body(unsafe Resumption(continuation))
    }
}
