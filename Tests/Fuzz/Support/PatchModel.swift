@testable import GTokenCore

/// RFC 6902 a second time, as plainly as it can be written: values are trees, nothing is kept of the bytes.
indirect enum Tree: Equatable {
    case scalar([UInt8])
    case text([UInt8])
    case array([Tree])
    /// Of equal names the first counts, as in ``JSONPatch``.
    case object([Member])

    struct Member: Equatable {
        var name: [UInt8]
        var value: Tree
    }

    init(_ value: JSONValue) {
        switch value.kind {
        case .string: self = .text(Array((value.string() ?? "").utf8))
        case .array: self = .array(value.elements.map(Tree.init))
        case .object:
            self = .object(value.members.map { Member(name: Array($0.name.utf8), value: Tree($0.value)) })
        case .number, .boolean, .null: self = .scalar(Array(value.rawBytes))
        }
    }

    /// The tree with an operation carried out; `nil` where it cannot be.
    func applying(_ operation: JSONPatchOperation) -> Tree? {
        switch operation {
        case .add(let path, let value): changed(path.tokens[...], Tree.parse(value), .add)
        case .replace(let path, let value): changed(path.tokens[...], Tree.parse(value), .replace)
        case .remove(let path): path.tokens.isEmpty ? nil : changed(path.tokens[...], nil, .remove)
        case .copy(let from, let path):
            value(from.tokens[...]).flatMap { changed(path.tokens[...], $0, .add) }
        case .move(let from, let path): moved(from, path)
        case .test: nil
        }
    }

    private func moved(_ from: JSONPointer, _ path: JSONPointer) -> Tree? {
        let isInside =
            path.tokens.count > from.tokens.count
            && JSONPointer(Array(path.tokens.prefix(from.tokens.count))) == from
        guard !isInside, let value = value(from.tokens[...]) else { return nil }
        if from == path { return self }
        return changed(from.tokens[...], nil, .remove)?.changed(path.tokens[...], value, .add)
    }

    private static func parse(_ bytes: [UInt8]) -> Tree? { (try? JSONDocument(bytes)).map { Tree($0.root) } }

    private func value(_ tokens: ArraySlice<String>) -> Tree? {
        guard let token = tokens.first else { return self }
        switch self {
        case .scalar, .text: return nil
        case .array(let list):
            return Self.index(token, below: list.count).flatMap { list[$0].value(tokens.dropFirst()) }
        case .object(let members):
            return members.first { $0.name == Array(token.utf8) }?.value.value(tokens.dropFirst())
        }
    }

    private enum Change { case add, replace, remove }

    private func changed(_ tokens: ArraySlice<String>, _ new: Tree?, _ change: Change) -> Tree? {
        guard new != nil || change == .remove else { return nil }
        guard let token = tokens.first else { return new }
        let isLast = tokens.count == 1
        switch self {
        case .scalar, .text: return nil
        case .array(var list):
            let isEnd = isLast && change == .add && token == "-"
            let isInsertion = isLast && change == .add
            guard
                let index = isEnd ? list.count : Self.index(token, below: list.count + (isInsertion ? 1 : 0))
            else { return nil }
            if isLast {
                switch (change, new) {
                case (.add, let new?): list.insert(new, at: index)
                case (.replace, let new?): list[index] = new
                default: list.remove(at: index)
                }
            } else {
                guard let child = list[index].changed(tokens.dropFirst(), new, change) else { return nil }
                list[index] = child
            }
            return .array(list)
        case .object(var members):
            let index = members.firstIndex { $0.name == Array(token.utf8) }
            if isLast, change == .add, index == nil, let new {
                return .object(members + [Member(name: Array(token.utf8), value: new)])
            }
            guard let index else { return nil }
            if isLast, change == .remove {
                members.remove(at: index)
            } else {
                guard let child = isLast ? new : members[index].value.changed(tokens.dropFirst(), new, change)
                else { return nil }
                members[index].value = child
            }
            return .object(members)
        }
    }

    private static func index(_ token: String, below count: Int) -> Int? {
        let isPlain = token == "0" || token.utf8.first.map { 0x31...0x39 ~= $0 } ?? false
        guard isPlain, token.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let index = Int(token), index < count
        else { return nil }
        return index
    }
}
