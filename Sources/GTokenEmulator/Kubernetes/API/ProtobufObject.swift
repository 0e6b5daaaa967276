import GTokenCore

/// Reads objects in Kubernetes' protobuf form, in which `kubectl create` sends the kinds that it makes itself.
///
/// Namespace, ServiceAccount, Secret and ConfigMap, and of those what `kubectl create` can set. Source: Kubernetes,
/// "Resources in the API" (protobuf encoding), and `generated.proto` of `k8s.io/api/core/v1`.
enum ProtobufObject {
    static let mediaType = "application/vnd.kubernetes.protobuf"

    /// The object as JSON; `nil` where the bytes are none of these.
    static func json(_ body: [UInt8]) -> JSONValue? {
        guard body.starts(with: Array("k8s\0".utf8)), let envelope = Message(body.dropFirst(4)),
            let type = envelope.message(1), let object = envelope.message(2)
        else { return nil }
        let kind = type.text(2)
        guard ["Namespace", "ServiceAccount", "Secret", "ConfigMap"].contains(kind) else { return nil }
        var writer = JSONWriter()
        writer.object { root in
            root.member("kind", kind)
            root.member("apiVersion", type.text(1))
            root.member("metadata") { metadata in
                metadata.object { if let given = object.message(1) { write(given, to: &$0) } }
            }
            switch kind {
            case "Secret":
                writeMap("data", object.entries(2), to: &root) { Base64.encode(Array($0)) }
                if !object.text(3).isEmpty { root.member("type", object.text(3)) }
                writeMap("stringData", object.entries(4), to: &root, text)
            case "ConfigMap":
                writeMap("data", object.entries(2), to: &root, text)
                writeMap("binaryData", object.entries(3), to: &root) { Base64.encode(Array($0)) }
            default: break
            }
        }
        return try? JSONDocument(writer.bytes).root
    }

    private static func write(_ given: Message, to metadata: inout JSONWriter) {
        for (field, name) in [(1, "name"), (2, "generateName"), (3, "namespace")]
        where !given.text(field).isEmpty {
            metadata.member(name, given.text(field))
        }
        writeMap("labels", given.entries(11), to: &metadata, text)
        writeMap("annotations", given.entries(12), to: &metadata, text)
    }

    private static func writeMap(
        _ name: String,
        _ entries: [Message],
        to object: inout JSONWriter,
        _ value: (ArraySlice<UInt8>) -> String
    ) {
        guard !entries.isEmpty else { return }
        object.member(name) { map in
            map.object { map in
                for entry in entries { map.member(entry.text(1), value(entry.bytes(2))) }
            }
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// The length-delimited fields of a message, the only ones that are read here.
    struct Message {
        private var fields: [(number: UInt64, bytes: ArraySlice<UInt8>)] = []

        /// Reads a message; `nil` where it is cut off or has a wire type that proto3 does not.
        init?(_ bytes: ArraySlice<UInt8>) {
            var rest = bytes
            while !rest.isEmpty {
                guard let tag = Self.varint(&rest) else { return nil }
                switch tag & 7 {
                case 0:
                    guard Self.varint(&rest) != nil else { return nil }
                case 1, 5:
                    let width = tag & 7 == 1 ? 8 : 4
                    guard rest.count >= width else { return nil }
                    rest.removeFirst(width)
                case 2:
                    guard let length = Self.varint(&rest), length <= UInt64(rest.count) else { return nil }
                    fields.append((tag >> 3, rest.prefix(Int(length))))
                    rest.removeFirst(Int(length))
                default: return nil
                }
            }
        }

        func bytes(_ number: UInt64) -> ArraySlice<UInt8> {
            fields.last { $0.number == number }?.bytes ?? []
        }

        func text(_ number: Int) -> String { ProtobufObject.text(bytes(UInt64(number))) }

        func message(_ number: UInt64) -> Message? {
            fields.contains { $0.number == number } ? Message(bytes(number)) : nil
        }

        func entries(_ number: UInt64) -> [Message] {
            fields.filter { $0.number == number }.compactMap { Message($0.bytes) }
        }

        private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                guard let byte = rest.popFirst() else { return nil }
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
            }
            return nil
        }
    }
}
