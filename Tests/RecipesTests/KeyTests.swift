import Foundation
import Records
import Testing

@testable import Recipes

/// Every key of a recipe is described, once, and says what is so.
struct KeyTests {
    private func object(_ value: some Encodable) throws -> [String: JSONValue] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try JSONDecoder().decode([String: JSONValue].self, from: encoder.encode(value))
    }

    @Test(arguments: TrainingMethod.allCases)
    func keysAndDescriptionsAreTheSame(method: TrainingMethod) throws {
        func keys<R: Recipe>(_: R.Type) throws -> Set<String> { Set(try object(R()).keys) }
        let names = method.recipe.descriptions.map(\.name)
        let own = try keys(method.recipe)
        #expect(Set(names) == own)
        #expect(Set(names).count == names.count)
        #expect(names.count > 40)
    }

    /// Changing the property that a key is said to be of changes that key and no other.
    @Test func keysAreOfTheirProperties() throws {
        try check(TrainingSettings.self)
        try check(SupervisedSettings.self)
        try check(RewardModelSettings.self)
        try check(PreferenceSettings.self)
        try check(KTOSettings.self)
        try check(RolloutSettings.self)
        try check(PPOKeys.self)
        try check(GRPOKeys.self)
        try check(RLOOKeys.self)
    }

    private func check<Settings: DescribedSettings>(_: Settings.Type) throws {
        let before = try object(Settings())
        #expect(Settings.keys.count == before.count)
        for key in Settings.keys {
            let after = try object(Settings().changed(key.path))
            let changed = after.keys.filter { after[$0] != before[$0] }
            #expect(changed == [key.description.name], "\(Settings.self)")
            #expect(Settings.key(key.path) == key.description.name)
        }
    }

    @Test func defaultsAreAllowed() throws {
        for listed in try ListedKey.all() {
            let key = listed.key
            for (method, value) in listed.defaults {
                if let bounds = key.bounds {
                    let number = try #require(value.number, "\(key.name)")
                    #expect(bounds.contains(number), "\(method): \(key.name)")
                }
                #expect(key.fault(of: value) == nil, "\(method): \(key.name)")
                let isRight =
                    switch key.type {
                    case .text, .path, .choice: value.string != nil
                    case .integer: value.integer != nil
                    case .number: value.number != nil
                    case .flag: value.bool != nil
                    case .texts, .choices, .mappings, .trainingFiles, .rewards: value.array != nil
                    }
                #expect(isRight, "\(method): \(key.name) is \(value)")
            }
        }
    }

    @Test func meaningsAreOnePlainLine() throws {
        for key in try ListedKey.all().map(\.key) {
            #expect(key.meaning.count > 10 && !key.meaning.contains("\n"), "\(key.name)")
            #expect(!key.meaning.hasSuffix("."), "\(key.name)")
        }
    }

    @Test func theListTellsMethodsAndTheirDefaults() throws {
        let keys = try ListedKey.all()
        func listed(_ name: String) -> [ListedKey] { keys.filter { $0.key.name == name } }
        let rate = try #require(listed("learning_rate").first)
        #expect(Set(rate.defaults.keys) == Set(TrainingMethod.allCases))
        #expect(rate.defaults[.sft] == .number(2e-4) && rate.defaults[.ppo] == .number(3e-6))
        #expect(listed("packing").map(\.defaults) == [[.sft: .bool(false)]])
        // A loss's words are another method's no words.
        #expect(
            listed("loss_type").map { Set($0.defaults.keys) } == [[.sft], [.dpo], [.kto], [.grpo]])
        #expect(listed("kl_estimator").map(\.key.type) == [.choice(["k1", "k3"])])
        let free = Set(keys.filter(\.key.isFree).map(\.key.name))
        #expect(
            free == [
                "output_dir", "logging_steps", "eval_steps", "save_steps", "save_total_limit",
            ])
        for method in TrainingMethod.allCases {
            #expect(keys.count { $0.defaults[method] != nil } == method.recipe.descriptions.count)
        }
    }

    @Test func bounds() {
        #expect(Bounds.share.contains(0) && Bounds.share.contains(1) && !Bounds.share.contains(1.1))
        #expect(!Bounds.shareBelowOne.contains(1) && Bounds.aboveZero.contains(1e-9))
        #expect(!Bounds.aboveZero.contains(0) && !Bounds.aboveZero.contains(.nan))
        #expect(Bounds.countOrMinusOne.contains(-1) && !Bounds.countOrMinusOne.contains(0))
    }
}

extension DescribedSettings {
    /// The same with another value of one property.
    fileprivate func changed(_ path: PartialKeyPath<Self>) throws -> Self {
        var result = self
        switch path {
        case let path as WritableKeyPath<Self, String>: result[keyPath: path] += "x"
        case let path as WritableKeyPath<Self, Bool>: result[keyPath: path].toggle()
        case let path as WritableKeyPath<Self, Int>: result[keyPath: path] += 1
        case let path as WritableKeyPath<Self, UInt64>: result[keyPath: path] += 1
        case let path as WritableKeyPath<Self, Double>: result[keyPath: path] += 0.25
        case let path as WritableKeyPath<Self, [String]>: result[keyPath: path].append("x")
        case let path as WritableKeyPath<Self, [JSONValue]>: result[keyPath: path].append(.null)
        default:
            let type = try #require(Swift.type(of: path).valueType as? any SettingChoice.Type)
            try result.choose(type, path)
        }
        return result
    }

    private mutating func choose<Choice: SettingChoice>(
        _: Choice.Type, _ path: PartialKeyPath<Self>
    ) throws {
        let path = try #require(path as? WritableKeyPath<Self, Choice>)
        let now = self[keyPath: path]
        self[keyPath: path] = try #require(Choice.allCases.first { $0 != now })
    }
}
