import FileFormats
import Layers
import Records

extension ConfigurationFile {
    /// The settings of rotary positions: `rope_parameters` in the newer spelling, `rope_scaling` in
    /// the older one.
    var rope: JSONValue {
        let places = [values["rope_parameters"], values["rope_scaling"]].compactMap { $0 }
        return places.first { $0 != .null } ?? .null
    }

    func ropeTheta(else fallback: Double) throws(FormatError) -> Double {
        try number("rope_theta", else: rope["rope_theta"]?.number ?? fallback)
    }

    func ropeScaling() throws(FormatError) -> RotaryScaling? {
        guard rope == .null || rope.object != nil else {
            throw error("rope_scaling", "is not an object")
        }
        let type = (rope["rope_type"] ?? rope["type"])?.string ?? "default"
        switch type {
        // Sections of frequencies, ``multimodalSections(else:)``, are no scaling.
        case "default", "mrope": return nil
        case "linear": return .linear(factor: try part("factor"))
        case "llama3":
            return .llama3(
                factor: try part("factor"), lowFrequency: try part("low_freq_factor"),
                highFrequency: try part("high_freq_factor"),
                original: try originalPositions())
        default: throw error("rope_scaling", "'\(type)' is not supported; linear and llama3 are")
        }
    }

    /// How many frequencies turn with time, height and width.
    func multimodalSections(else fallback: [Int]) throws(FormatError) -> [Int] {
        guard let value = rope["mrope_section"], value != .null else { return fallback }
        let sections = value.array?.compactMap(\.integer) ?? []
        guard sections.count == 3, value.array?.count == 3 else {
            throw error("rope_scaling.mrope_section", "is not a list of three whole numbers")
        }
        return sections
    }

    private func originalPositions() throws(FormatError) -> Int {
        let key = "original_max_position_embeddings"
        guard let value = rope[key]?.integer, value > 0 else {
            throw error("rope_scaling.\(key)", "is missing or not a positive whole number")
        }
        return value
    }

    private func part(_ key: String) throws(FormatError) -> Double {
        guard let value = rope[key]?.number, value > 0 else {
            throw error("rope_scaling.\(key)", "is missing or not a positive number")
        }
        return value
    }
}
