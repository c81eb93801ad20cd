import FileFormats
import Records

/// A key of config.json that some families have: how a description is read from it, and written.
struct ConfigurationKey: Sendable {
    let name: String
    typealias Read =
        @Sendable (ConfigurationFile, String, inout DecoderConfiguration)
        throws(FormatError) -> Void

    /// Changes what the family and the keys before have said.
    let read: Read
    /// The value of the key; nil leaves it out.
    let write: @Sendable (DecoderConfiguration) -> JSONValue?

    init(
        _ name: String, read: @escaping Read,
        write: @escaping @Sendable (DecoderConfiguration) -> JSONValue?
    ) {
        self.name = name
        self.read = read
        self.write = write
    }
}

extension ConfigurationKey {
    typealias Flag = WritableKeyPath<DecoderConfiguration, Bool> & Sendable

    /// The function within the feed-forward network.
    static func activation(_ name: String = "hidden_act") -> ConfigurationKey {
        ConfigurationKey(name) { json, key, decoder throws(FormatError) in
            decoder.block.activation = try json.activation(key, else: decoder.block.activation)
        } write: {
            .string($0.block.activation.rawValue)
        }
    }

    /// A flag that says one thing, or several at once; where it is missing they stay.
    static func flag(_ name: String, _ places: any Flag...) -> ConfigurationKey {
        ConfigurationKey(name) { json, key, decoder throws(FormatError) in
            for place in places {
                decoder[keyPath: place] = try json.flag(key, else: decoder[keyPath: place])
            }
        } write: { decoder in
            .bool(places.allSatisfy { decoder[keyPath: $0] })
        }
    }

    /// Biases of all four layers of attention.
    static let attentionBias = flag(
        "attention_bias", \.block.attentionBias, \.block.attentionOutputBias)

    /// Biases of the feed-forward network.
    static let feedForwardBias = flag("mlp_bias", \.block.feedForwardBias)

    /// The share of a head that is rotated; it stands among the settings of rotary positions in
    /// the newer spelling.
    static let partialRotary = ConfigurationKey("partial_rotary_factor") {
        json, key, decoder throws(FormatError) in
        let share = try json.number(key, else: decoder.block.rotaryShare)
        decoder.block.rotaryShare = json.rope[key]?.number ?? share
    } write: {
        .number($0.block.rotaryShare)
    }

    /// How many frequencies turn with time, height and width.
    static func multimodalSections(else fallback: [Int]) -> ConfigurationKey {
        ConfigurationKey("rope_scaling") { json, _, decoder throws(FormatError) in
            decoder.multimodalSections = try json.multimodalSections(else: fallback)
        } write: { _ in
            nil
        }
    }

    // MARK: What there is no kernel for

    /// A flag that must be off.
    static func unsupported(_ name: String) -> ConfigurationKey {
        ConfigurationKey(name) { json, key, _ throws(FormatError) in
            if try json.flag(key, else: false) { throw json.error(key, "is not supported") }
        } write: { _ in
            .bool(false)
        }
    }

    /// A number that must be null: where it is missing, the configuration class assumes one.
    static func onlyNull(_ name: String) -> ConfigurationKey {
        ConfigurationKey(name) { json, key, _ throws(FormatError) in
            if json.values[key] != .null { throw json.error(key, "is not supported; null is") }
        } write: { _ in
            .null
        }
    }

    /// Windows of attention in some layers, where `layer_types` does not say that there are none: a
    /// window that is as long as the longest sequence is none either.
    ///
    /// - Parameter fallback: what the configuration class assumes.
    static func slidingWindow(else fallback: Int) -> ConfigurationKey {
        ConfigurationKey("sliding_window") { json, key, decoder throws(FormatError) in
            if json.has("layer_types") { return }
            if json.values[key] == .null { return }
            let window = try json.integer(key, else: fallback)
            guard window >= decoder.maximumPositions else {
                throw json.error(
                    key,
                    "\(window) is less than max_position_embeddings, \(decoder.maximumPositions); "
                        + "windows of attention are not supported")
            }
        } write: { _ in
            .null
        }
    }
}
