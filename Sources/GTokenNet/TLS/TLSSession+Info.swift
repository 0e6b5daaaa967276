private import COpenSSL

extension TLSSession {
    /// The version agreed on; nil before the handshake is done.
    package var version: TLSVersion? {
        guard unsafe SSL_is_init_finished(pointer) == 1 else { return nil }
        return unsafe TLSVersion(wireValue: SSL_version(pointer))
    }

    /// The protocol agreed on by ALPN, if one was.
    package var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        unsafe SSL_get0_alpn_selected(pointer, &name, &length)
        guard let name = unsafe name, length > 0 else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }
}
