import Records

/// `type: model`: a trained reward model scores the completion. The engine makes it, since this
/// target knows no tensors.
public struct ModelRewardSettings: RewardSettings {
    /// The folder of the adapter with its score head.
    public var path: String

    /// A reward model in this folder.
    public init(path: String) { self.path = path }

    init(_ keys: inout SettingsReader) throws(SettingFault) {
        guard let path = try keys.text("path") else {
            throw SettingFault(key: "path", reason: "is missing: the reward model's folder")
        }
        self.path = path
    }

    var values: [String: JSONValue] { ["path": .string(path)] }
}
