import Layers

/// Which adapters are on the model: the few last used, and those in use, so that many versions need
/// no more memory.
struct AdapterSlots {
    /// Adapters that stay though none is in use.
    private static let usual = 4
    /// The last used at the end.
    private var used: [(name: AdapterName, folder: String)] = []

    mutating func name(of folder: String) -> AdapterName? {
        guard let place = used.firstIndex(where: { $0.folder == folder }) else { return nil }
        let slot = used.remove(at: place)
        used.append(slot)
        return slot.name
    }

    /// A name without an adapter, else the one whose use is longest ago, but none in use.
    func free(keeping busy: Set<AdapterName>) -> AdapterName {
        if used.count >= Self.usual, let last = used.first(where: { !busy.contains($0.name) }) {
            return last.name
        }
        let names = (0...used.count).map { AdapterName(rawValue: "slot-\($0)") }
        return names.first { name in !used.contains { $0.name == name } } ?? names[0]
    }

    mutating func forget(_ name: AdapterName) { used.removeAll { $0.name == name } }

    mutating func remember(_ name: AdapterName, _ folder: String) { used.append((name, folder)) }
}
