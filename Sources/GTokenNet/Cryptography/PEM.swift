private import COpenSSL
private import GTokenCore

/// Why PEM text did not give what was asked for.
enum PEMError: Error, Equatable {
    /// No block of the kind asked for.
    case missing
    /// A block of the kind is there and cannot be read, in OpenSSL's words.
    case malformed(reason: String)
}

/// Reading and writing of PEM text (RFC 7468), whose blocks of other kinds and text between them are skipped.
enum PEM {
    /// Every `CERTIFICATE` block, in order; at least one.
    ///
    /// One unreadable block is an error: a bundle that is quietly shorter than its file is found out late.
    static func certificates(in text: [UInt8]) throws(PEMError) -> [Certificate] {
        var certificates: [Certificate] = []
        try unsafe reading(text) { (bio) throws(PEMError) in
            while true {
                OpenSSLFailure.clear()
                guard let certificate = unsafe PEM_read_bio_X509(bio, nil, refusePassword, nil) else { break }
                unsafe certificates.append(Certificate(owning: certificate))
            }
            let failure = OpenSSLFailure.drain()
            guard let failure, failure.isEndOfPEM else {
                throw PEMError.malformed(reason: failure?.text ?? "no reason given")
            }
        }
        guard !certificates.isEmpty else { throw PEMError.missing }
        return certificates
    }

    /// The first private key, in any of OpenSSL's forms (PKCS#8, SEC 1, PKCS#1), unencrypted.
    static func privateKey(in text: [UInt8]) throws(PEMError) -> AsymmetricKey {
        try unsafe key(in: text, label: "PRIVATE KEY-----") { bio in
            unsafe PEM_read_bio_PrivateKey(bio, nil, refusePassword, nil)
        }
    }

    /// The first `PUBLIC KEY` block (SubjectPublicKeyInfo).
    static func publicKey(in text: [UInt8]) throws(PEMError) -> AsymmetricKey {
        try unsafe key(in: text, label: "PUBLIC KEY-----") { bio in
            unsafe PEM_read_bio_PUBKEY(bio, nil, refusePassword, nil)
        }
    }

    /// What `body` writes to a memory BIO; empty when it returns other than 1.
    static func text(_ body: (OpaquePointer) -> Int32) -> [UInt8] {
        guard let bio = unsafe BIO_new(BIO_s_mem()) else { return [] }
        defer { unsafe BIO_free(bio) }
        guard unsafe body(bio) == 1 else { return [] }
        return [UInt8](capacity: unsafe BIO_ctrl_pending(bio)) { span in
            unsafe span.withUnsafeMutableBufferPointer { buffer, count in
                let read = unsafe BIO_read(bio, buffer.baseAddress, Int32(clamping: buffer.count))
                count = max(0, Int(read))
            }
        }
    }

    private static func key(
        in text: [UInt8],
        label: String,
        read: (OpaquePointer) -> OpaquePointer?
    ) throws(PEMError) -> AsymmetricKey {
        try unsafe reading(text) { (bio) throws(PEMError) in
            OpenSSLFailure.clear()
            if let key = unsafe read(bio) {
                OpenSSLFailure.clear()
                return unsafe AsymmetricKey(owning: key)
            }
            let reason = OpenSSLFailure.drainText()
            // OpenSSL's decoder says "unsupported" both of a key that it cannot read and of no key at all.
            guard text.contains(text: label) else { throw PEMError.missing }
            throw PEMError.malformed(reason: reason)
        }
    }

    private static func reading<Result>(
        _ text: [UInt8],
        _ body: (OpaquePointer) throws(PEMError) -> Result
    ) throws(PEMError) -> Result {
        try unsafe text.span.withUnsafeBytes { (bytes) throws(PEMError) in
            guard let length = Int32(exactly: bytes.count), length > 0,
                let bio = unsafe BIO_new_mem_buf(bytes.baseAddress, length)
            else { throw PEMError.missing }
            defer { unsafe BIO_free(bio) }
            return try unsafe body(bio)
        }
    }
}

extension OpenSSLFailure {
    /// Whether reading PEM stopped because there is no further block.
    fileprivate var isEndOfPEM: Bool { library == ERR_LIB_PEM && reason == PEM_R_NO_START_LINE }
}

/// Answers a question for a passphrase with "none": OpenSSL's own answer is to ask on the terminal and wait.
private let refusePassword:
    @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
        _,
        _,
        _,
        _ in -1
    }
