/// A key together with the property that holds it.
public struct SettingKey<Settings: Sendable>: Sendable {
    public let description: KeyDescription
    /// The property.
    let path: PartialKeyPath<Settings> & Sendable
    private let fault: @Sendable (Settings) -> RecipeFault?

    /// A key of a property whose values all will do.
    ///
    /// - Parameters:
    ///   - type: where it is not the property's own.
    ///   - isFree: see ``KeyDescription/isFree``.
    package init<Value: SettingValue>(
        _ name: String, _ path: KeyPath<Settings, Value> & Sendable, type: KeyType? = nil,
        isFree: Bool = false, _ meaning: String
    ) {
        self.init(
            KeyDescription(name, type ?? Value.keyType, isFree: isFree, meaning), path
        ) { _ in nil }
    }

    /// A key of a number.
    ///
    /// - Parameters:
    ///   - bounds: what it must be.
    ///   - applies: whether the bounds hold; elsewhere the key is not looked at.
    ///   - isFree: see ``KeyDescription/isFree``.
    package init<Value: SettingValue>(
        _ name: String, _ path: KeyPath<Settings, Value> & Sendable, _ bounds: Bounds,
        where applies: @escaping @Sendable (Settings) -> Bool = { _ in true },
        isFree: Bool = false, _ meaning: String
    ) {
        self.init(
            KeyDescription(name, Value.keyType, bounds: bounds, isFree: isFree, meaning), path
        ) { settings in
            guard applies(settings), let value = settings[keyPath: path].asNumber,
                !bounds.contains(value)
            else { return nil }
            let told = bounds.tellsValue ? "is \(settings[keyPath: path]), " : ""
            return RecipeFault(key: name, reason: told + bounds.text)
        }
    }

    /// A key of a list.
    package init<Element>(
        _ name: String, _ path: KeyPath<Settings, [Element]> & Sendable, _ type: KeyType,
        _ meaning: String
    ) {
        self.init(KeyDescription(name, type, meaning), path) { _ in nil }
    }

    private init(
        _ description: KeyDescription, _ path: PartialKeyPath<Settings> & Sendable,
        fault: @escaping @Sendable (Settings) -> RecipeFault?
    ) {
        (self.description, self.path, self.fault) = (description, path, fault)
    }

    /// - Throws: where the value is out of its bounds.
    func check(_ settings: Settings) throws(RecipeFault) {
        if let fault = fault(settings) { throw fault }
    }
}

/// Settings each of whose properties is a key, described one by one.
public protocol DescribedSettings: Codable, Sendable, Hashable {
    init()
    /// All of them, in the order of the documents.
    static var keys: [SettingKey<Self>] { get }
}

extension DescribedSettings {
    public static var descriptions: [KeyDescription] { keys.map(\.description) }

    /// The name of a property's key.
    public static func key(_ path: PartialKeyPath<Self>) -> String {
        guard let key = keys.first(where: { $0.path == path }) else {
            preconditionFailure("\(path) is described by no key")
        }
        return key.description.name
    }

    /// - Throws: the first value out of its bounds.
    package func checkBounds() throws(RecipeFault) {
        for key in Self.keys { try key.check(self) }
    }
}
