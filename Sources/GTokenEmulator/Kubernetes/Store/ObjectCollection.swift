/// The objects of one kind, in the order of their keys, in which lists give them.
struct ObjectCollection {
    private(set) var objects: [StoredObject] = []

    subscript(key: StoredObject.Key) -> StoredObject? {
        get {
            let index = firstIndex(from: key)
            guard index < objects.count, objects[index].key == key else { return nil }
            return objects[index]
        }
        set {
            let index = firstIndex(from: key)
            let exists = index < objects.count && objects[index].key == key
            switch (exists, newValue) {
            case (true, let new?): objects[index] = new
            case (false, let new?): objects.insert(new, at: index)
            case (true, nil): objects.remove(at: index)
            case (false, nil): break
            }
        }
    }

    /// The objects of one namespace or of all, from a key on.
    func slice(in namespace: String?, from key: StoredObject.Key?) -> ArraySlice<StoredObject> {
        let start = key.map(firstIndex(from:)) ?? 0
        guard let namespace else { return objects[start...] }
        let first = max(start, firstIndex(from: StoredObject.Key(namespace: namespace, name: "")))
        // No name is longer than 253 bytes, and none has a character above "z".
        let end = firstIndex(from: StoredObject.Key(namespace: namespace, name: "\u{10FFFF}"))
        return objects[min(first, end)..<end]
    }

    /// Where the first object stands whose key is not before this one.
    private func firstIndex(from key: StoredObject.Key) -> Int {
        // Whoever makes many objects makes them in order.
        guard let last = objects.last, !(last.key < key) else { return objects.count }
        var (low, high) = (0, objects.count)
        while low < high {
            let middle = (low + high) / 2
            if objects[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
