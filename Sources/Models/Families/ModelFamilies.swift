import FileFormats

/// The families that can be loaded, found by the name that a file gives itself.
public struct ModelFamilies: Sendable {
    /// Decoders.
    public var text: [ModelFamily]
    /// Models that see, each over a decoder.
    var seeing: [VisionFamily]

    /// What this program knows.
    public static let known = ModelFamilies(
        text: [.llama, .qwen2, .qwen3, .smolLM3, .stableLM, .gemma2],
        seeing: [.llava, .qwen2VL, .qwen25VL])

    /// These and one more.
    public func adding(_ family: ModelFamily) -> ModelFamilies {
        ModelFamilies(text: text + [family], seeing: seeing)
    }

    /// The family of a text model's config.json, or of a text part.
    ///
    /// - Parameter fallback: the `model_type` of a file without one.
    /// - Throws: ``FormatError`` that lists what there is.
    func text(_ json: ConfigurationFile, else fallback: String = "none") throws(FormatError)
        -> ModelFamily
    {
        let type = json.values["model_type"]?.string ?? fallback
        guard let family = text.first(where: { $0.type == type }) else {
            throw json.error("model_type", Self.refusal(type, text.map(\.type)))
        }
        return family
    }

    /// The family of a config.json whose model sees; nil where it is a text model's.
    ///
    /// - Throws: ``FormatError`` that lists what there is.
    func seeing(_ json: ConfigurationFile) throws(FormatError) -> VisionFamily? {
        let type = try json.text("model_type", else: "none")
        if let family = seeing.first(where: { $0.type == type }) { return family }
        guard text.contains(where: { $0.type == type }) else {
            throw json.error(
                "model_type", Self.refusal(type, text.map(\.type) + seeing.map(\.type)))
        }
        return nil
    }

    /// The family of a GGUF file, with how it is written there.
    ///
    /// - Throws: ``FormatError`` that lists what there is.
    func family(of file: GGUF) throws(FormatError) -> (ModelFamily, GGUFDescription) {
        let key = "general.architecture"
        let name = file.metadata[key]?.string ?? "none"
        let families = text.compactMap { family in family.gguf.map { (family, $0) } }
        guard let found = families.first(where: { $0.1.architecture == name }) else {
            throw FormatError(
                file: file.file.path, item: key,
                reason: Self.refusal(name, families.map(\.1.architecture)))
        }
        return found
    }

    private static func refusal(_ name: String, _ known: [String]) -> String {
        let most = known.dropLast().joined(separator: ", ")
        return "'\(name)' is not supported; \(most) and \(known.last ?? "") are"
    }
}
