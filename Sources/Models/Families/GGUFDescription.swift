import FileFormats

/// How llama.cpp writes a family.
struct GGUFDescription: Sendable {
    /// `general.architecture`, with which the family's keys begin.
    let architecture: String
    /// Whether the rows of q and k have the halves of each head interleaved.
    var interleavesHeads = false
    var normEpsilonKey = "attention.layer_norm_rms_epsilon"
    /// Reads what the family has beside the keys of every decoder.
    var read: Read = { _, _ in }

    typealias Read =
        @Sendable (GGUFMetadata, inout DecoderConfiguration) throws(FormatError) -> Void
}

/// The metadata of a GGUF file below its architecture's name, with errors that name the key.
struct GGUFMetadata: Sendable {
    let file: GGUF
    let architecture: String

    var path: String { file.file.path }

    func error(_ key: String, _ reason: String) -> FormatError {
        FormatError(file: path, item: "\(architecture).\(key)", reason: reason)
    }

    subscript(key: String) -> GGUFValue? { file.metadata["\(architecture).\(key)"] }

    func integer(_ key: String, else fallback: Int? = nil) throws(FormatError) -> Int {
        guard let value = self[key]?.integer ?? fallback else { throw error(key, "is missing") }
        return value
    }

    func number(_ key: String, else fallback: Double) -> Double { self[key]?.float ?? fallback }

    /// Refuses a number that a model without the feature has not, or has as 0.
    ///
    /// - Parameter fallback: what llama.cpp assumes.
    func refuse(_ key: String, else fallback: Double) throws(FormatError) {
        if number(key, else: fallback) != 0 { throw error(key, "is not supported") }
    }
}
