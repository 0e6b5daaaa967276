private import COpenSSL

/// The ciphertext on its way in and out of a session, and the `BIO` through which OpenSSL reaches it.
///
/// OpenSSL's own memory BIO never gives storage back: a session that once took a large body would hold 64 KiB and
/// more for as long as it idles, times thousands of connections. This one holds nothing while nothing is pending.
final class CiphertextBuffers {
    private var input: [UInt8] = []
    /// How much of `input` OpenSSL has read.
    private var inputStart = 0
    private var output: [UInt8] = []

    /// Storage up to this size is kept for the next message rather than given back.
    private static let keptCapacity = 2048

    /// Bytes that came from the network and were not read yet.
    var pendingInput: Int { input.count - inputStart }

    /// Takes bytes of the network in.
    func append(_ ciphertext: Span<UInt8>) {
        // What was read is dropped when it is at least half: moving the rest then costs less than it cost to read.
        if inputStart > pendingInput {
            input.removeSubrange(..<inputStart)
            inputStart = 0
        }
        unsafe ciphertext.withUnsafeBufferPointer { unsafe input.append(contentsOf: $0) }
    }

    /// Makes room for the records of this much plaintext, so that a large write grows the storage once.
    func reserveOutput(forPlaintext count: Int) {
        // A record of 16 KiB carries 22 bytes more in TLS 1.3 and 29 in TLS 1.2 (RFC 8446 section 5.2, RFC 5288).
        let needed = output.count + count + (count / 16384 + 1) * 32
        // Growing to the exact size each time would copy what is there with each small write.
        if needed > 2 * output.capacity { output.reserveCapacity(needed) }
    }

    /// Appends the bytes for the network and forgets them.
    func takeOutput(into bytes: inout [UInt8]) {
        guard !output.isEmpty else { return }
        if bytes.isEmpty, bytes.capacity < output.count {
            bytes = output
            output = []
        } else {
            bytes.append(contentsOf: output)
            Self.clear(&output)
        }
    }

    /// A BIO over these buffers, which must outlive it; the caller owns it.
    func makeBIO() -> OpaquePointer? {
        guard let method = unsafe bioMethod, let bio = unsafe BIO_new(method) else { return nil }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        unsafe BIO_set_init(bio, 1)
        return unsafe bio
    }

    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, pendingInput)
        unsafe input.withUnsafeBytes { bytes in
            unsafe buffer.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes[inputStart..<(inputStart + count)])
            )
        }
        inputStart += count
        if pendingInput == 0 {
            inputStart = 0
            Self.clear(&input)
        }
        return count
    }

    fileprivate func write(_ buffer: UnsafeRawBufferPointer) {
        unsafe output.append(contentsOf: buffer)
    }

    private static func clear(_ bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: bytes.capacity <= keptCapacity)
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

private func buffers(of bio: OpaquePointer?) -> CiphertextBuffers? {
    guard let data = unsafe BIO_get_data(bio) else { return nil }
    return unsafe Unmanaged<CiphertextBuffers>.fromOpaque(data).takeUnretainedValue()
}

/// Gives what there is, or says "try again later" when there is nothing.
private func readCiphertext(
    _ bio: OpaquePointer?,
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ count: Int32
) -> Int32 {
    unsafe cossl_BIO_clear_retry_flags(bio)
    guard let buffers = unsafe buffers(of: bio), count > 0 else { return 0 }
    guard buffers.pendingInput > 0 else {
        unsafe cossl_BIO_set_retry_read(bio)
        return -1
    }
    return unsafe Int32(buffers.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))))
}

private func writeCiphertext(_ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ count: Int32) -> Int32 {
    unsafe cossl_BIO_clear_retry_flags(bio)
    guard let buffers = unsafe buffers(of: bio), count > 0 else { return 0 }
    unsafe buffers.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
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
