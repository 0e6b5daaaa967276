import CLinux
import COpenSSL
import Glibc
import GTokenNet
import GTokenRuntime

/// OpenSSL without anything of ours, set up as our server sets it up: the floor of what a new connection can cost.
@safe struct OpenSSLAlone {
    private let server: OpaquePointer

    /// From PEM files; both contexts live as long as the process.
    init(certificate: String, key: String) throws {
        guard let server = unsafe SSL_CTX_new(TLS_server_method()),
            unsafe SSL_CTX_use_certificate_chain_file(server, certificate) == 1,
            unsafe SSL_CTX_use_PrivateKey_file(server, key, SSL_FILETYPE_PEM) == 1,
            unsafe SSL_CTX_set_ciphersuites(server, "TLS_AES_128_GCM_SHA256") == 1
        else { throw BenchError.openSSL }
        unsafe SSL_CTX_set_num_tickets(server, 0)
        unsafe SSL_CTX_set_options(server, cossl_SSL_OP_server())
        unsafe cossl_SSL_CTX_set_session_cache_mode(server, Int(SSL_SESS_CACHE_OFF))
        unsafe cossl_SSL_CTX_set_mode(server, Int(SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN))
        unsafe self.server = unsafe server
    }

    /// Full handshakes in memory, one after the other; prints the server's CPU for one, in microseconds.
    func handshakes(rounds: Int) throws {
        guard let client = unsafe SSL_CTX_new(TLS_client_method()) else { throw BenchError.openSSL }
        var nanoseconds = 0
        for _ in 0..<rounds {
            var began = Self.cpu()
            guard let ours = unsafe SSL_new(server), let toServer = unsafe BIO_new(BIO_s_mem()),
                let toClient = unsafe BIO_new(BIO_s_mem())
            else { throw BenchError.openSSL }
            unsafe SSL_set_bio(ours, toServer, toClient)
            unsafe SSL_set_accept_state(ours)
            nanoseconds += Self.cpu() - began

            guard let theirs = unsafe SSL_new(client) else { throw BenchError.openSSL }
            // Either session owns both.
            unsafe BIO_up_ref(toServer)
            unsafe BIO_up_ref(toClient)
            unsafe SSL_set_bio(theirs, toClient, toServer)
            unsafe SSL_set_connect_state(theirs)
            // The hello, the server's answer, the client's end of it, and the server's look at that.
            unsafe SSL_do_handshake(theirs)
            began = Self.cpu()
            unsafe SSL_do_handshake(ours)
            nanoseconds += Self.cpu() - began
            unsafe SSL_do_handshake(theirs)
            began = Self.cpu()
            let isDone = unsafe SSL_do_handshake(ours) == 1
            unsafe SSL_free(ours)
            nanoseconds += Self.cpu() - began
            unsafe SSL_free(theirs)
            guard isDone else { throw BenchError.openSSL }
        }
        unsafe SSL_CTX_free(client)
        try Report.print([("cpu", Double(nanoseconds) / Double(max(1, rounds)) / 1000)])
    }

    /// A server that blocks and serves one connection at a time: accept, handshake, one request, a fixed answer.
    ///
    /// It ends with the process. The request is read up to its last byte, of which it must have told the number.
    func serve(answering body: [UInt8]) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(listener, address, length) == 0 && listen(listener, 1024) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard isBound else { throw BenchError.system(errno) }
        try StandardOutput.writeLine("\(UInt16(bigEndian: address.sin_port))")
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
        let answer = Array(head.utf8) + body
        var request = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { throw BenchError.system(errno) }
            var on: Int32 = 1
            unsafe setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
            if let session = unsafe SSL_new(server) {
                unsafe SSL_set_fd(session, connection)
                if unsafe SSL_accept(session) == 1, unsafe Self.readRequest(session, &request) {
                    unsafe SSL_write(session, answer, Int32(answer.count))
                    unsafe SSL_shutdown(session)
                }
                unsafe SSL_free(session)
            }
            close(connection)
        }
    }

    /// Reads to the end of a head and a body after it; false when the client ends before.
    private static func readRequest(_ session: OpaquePointer, _ bytes: inout [UInt8]) -> Bool {
        var count = 0
        while true {
            let room = Int32(bytes.count - count)
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe SSL_read(session, buffer.baseAddress?.advanced(by: count), room)
            }
            guard got > 0 else { return false }
            count += Int(got)
            if let whole = Target.length(of: bytes[..<count]), count >= whole { return true }
        }
    }

    /// Nanoseconds that this thread has run.
    private static func cpu() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
