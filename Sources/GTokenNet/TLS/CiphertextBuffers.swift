private import COpenSSL

/// The ciphertext on its way in and out of a session, and the `BIO` through which OpenSSL reaches it.
///
/// OpenSSL's own memory BIO never gives storage back: a session that once took a large body would hold 64 KiB and
/// more for as long as it idles, times thousands of connections. This one holds nothing while nothing is pending.
@safe final class CiphertextBuffers {
    /// At an address of its own, which is what OpenSSL hands back to us.
    private let pending: UnsafeMutablePointer<PendingCiphertext>

    init() {
        unsafe pending = .allocate(capacity: 1)
        unsafe pending.initialize(to: PendingCiphertext())
    }

    deinit {
        unsafe pending.deinitialize(count: 1)
        unsafe pending.deallocate()
    }

    /// Bytes that came from the network and were not read yet.
    var inputCount: Int { unsafe pending.pointee.inputCount }

    /// Takes bytes of the network in.
    func append(_ ciphertext: Span<UInt8>) {
        unsafe pending.pointee.append(ciphertext)
    }

    /// Has OpenSSL read bytes of the network where they are while `body` runs, and takes the rest in.
    func lending<Success, Failure: Error>(
        _ ciphertext: Span<UInt8>,
        _ body: () throws(Failure) -> Success
    ) throws(Failure) -> Success {
        // What came earlier goes first.
        guard inputCount == 0 else {
            append(ciphertext)
            return try body()
        }
        return try unsafe ciphertext.withUnsafeBytes { bytes throws(Failure) in
            unsafe pending.pointee.lent = bytes
            defer { unsafe pending.pointee.endLending() }
            return try body()
        }
    }

    /// Takes over storage, unless there is some, for output to come.
    func reserveOutput(in storage: consuming [UInt8]) {
        unsafe pending.pointee.reserveOutput(in: storage)
    }

    /// Makes room for the records of this much plaintext, so that a large write grows the storage once.
    func reserveOutput(forPlaintext count: Int) {
        unsafe pending.pointee.reserveOutput(forPlaintext: count)
    }

    /// Appends the bytes for the network and forgets them.
    func takeOutput(into bytes: inout [UInt8]) {
        unsafe pending.pointee.takeOutput(into: &bytes)
    }

    /// A BIO over these buffers, which must outlive it; the caller owns it.
    func makeBIO() -> OpaquePointer? {
        guard let method = unsafe bioMethod, let bio = unsafe BIO_new(method) else { return nil }
        unsafe BIO_set_data(bio, pending)
        unsafe BIO_set_init(bio, 1)
        return unsafe bio
    }
}

/// What the buffers hold.
@safe private struct PendingCiphertext {
    /// What OpenSSL reads first, for the time of a call; empty while there is `input`.
    var lent = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    private var input: [UInt8] = []
    /// How much of `input` OpenSSL has read.
    private var inputStart = 0
    private var output: [UInt8] = []

    /// Storage up to this size is kept for the next message rather than given back.
    private static let keptCapacity = 2048

    var inputCount: Int { unsafe lent.count + input.count - inputStart }

    mutating func endLending() {
        unsafe input.append(contentsOf: lent)
        unsafe lent = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    mutating func append(_ ciphertext: Span<UInt8>) {
        // What was read is dropped when it is at least half: moving the rest then costs less than it cost to read.
        if inputStart > inputCount {
            input.removeSubrange(..<inputStart)
            inputStart = 0
        }
        unsafe ciphertext.withUnsafeBufferPointer { unsafe input.append(contentsOf: $0) }
    }

    mutating func reserveOutput(in storage: consuming [UInt8]) {
        if output.isEmpty, output.capacity < storage.capacity { output = storage }
    }

    mutating func reserveOutput(forPlaintext count: Int) {
        // A record of 16 KiB carries 22 bytes more in TLS 1.3 and 29 in TLS 1.2 (RFC 8446 section 5.2, RFC 5288).
        let needed = output.count + count + (count / 16384 + 1) * 32
        // Growing to the exact size each time would copy what is there with each small write.
        if needed > 2 * output.capacity { output.reserveCapacity(needed) }
    }

    mutating func takeOutput(into bytes: inout [UInt8]) {
        guard !output.isEmpty else { return }
        if bytes.isEmpty {
            swap(&bytes, &output)
        } else {
            bytes.append(contentsOf: output)
            output.removeAll(keepingCapacity: true)
        }
        if output.capacity > Self.keptCapacity { output = [] }
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, inputCount)
        if unsafe !lent.isEmpty {
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: lent[..<count]))
            unsafe lent = UnsafeRawBufferPointer(rebasing: lent[count...])
            return count
        }
        unsafe input.withUnsafeBytes { bytes in
            unsafe buffer.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes[inputStart..<(inputStart + count)])
            )
        }
        inputStart += count
        if inputCount == 0 {
            inputStart = 0
            input.removeAll(keepingCapacity: input.capacity <= Self.keptCapacity)
        }
        return count
    }

    mutating func write(_ buffer: UnsafeRawBufferPointer) {
        unsafe output.append(contentsOf: buffer)
    }
}

/// How OpenSSL calls us: made once and never freed, nil when memory ran out at the first use.
nonisolated(unsafe) private let bioMethod: OpaquePointer? = {
    guard let method = unsafe BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "ciphertext") else {
        return nil
    }
    unsafe BIO_meth_set_read(method, readCiphertext)
    unsafe BIO_meth_set_write(method, writeCiphertext)
    unsafe BIO_meth_set_ctrl(method, controlCiphertext)
    return unsafe method
}()

private func pending(of bio: OpaquePointer?) -> UnsafeMutablePointer<PendingCiphertext>? {
    unsafe BIO_get_data(bio)?.assumingMemoryBound(to: PendingCiphertext.self)
}

/// Gives what there is, or says "try again later" when there is nothing.
private func readCiphertext(
    _ bio: OpaquePointer?,
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ count: Int32
) -> Int32 {
    unsafe cossl_BIO_clear_retry_flags(bio)
    guard let pending = unsafe pending(of: bio), count > 0 else { return 0 }
    guard unsafe pending.pointee.inputCount > 0 else {
        unsafe cossl_BIO_set_retry_read(bio)
        return -1
    }
    return unsafe Int32(
        pending.pointee.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: Int(count)))
    )
}

private func writeCiphertext(_ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ count: Int32) -> Int32 {
    unsafe cossl_BIO_clear_retry_flags(bio)
    guard let pending = unsafe pending(of: bio), count > 0 else { return 0 }
    unsafe pending.pointee.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    return count
}

/// Memory has nothing to flush; every other control is unknown to us, which 0 says.
private func controlCiphertext(
    _ bio: OpaquePointer?,
    _ command: Int32,
    _ number: Int,
    _ pointer: UnsafeMutableRawPointer?
) -> Int {
    command == BIO_CTRL_FLUSH ? 1 : 0
}
