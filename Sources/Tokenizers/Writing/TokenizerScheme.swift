import Records

/// The parts of `tokenizer.json` that say how a vocabulary is used.
struct TokenizerScheme {
    let tokenizer: Tokenizer

    private var isByteLevel: Bool { tokenizer.vocabulary.spelling == .byteAlphabet }

    var normalizer: JSONValue {
        var steps: [JSONValue] = []
        if tokenizer.normalizer.composesUnicode { steps.append(step("NFC")) }
        if tokenizer.normalizer.prependsMark {
            steps.append(step("Prepend", ["prepend": .string(SpaceMark.text)]))
        }
        if tokenizer.normalizer.marksSpaces { steps.append(replace(" ", by: SpaceMark.text)) }
        if steps.count < 2 { return steps.first ?? .null }
        return step("Sequence", ["normalizers": .array(steps)])
    }

    var preTokenizer: JSONValue {
        switch tokenizer.preTokenizer {
        case .gpt2: byteLevel(splits: true)
        case .smollm:
            sequence([
                step("Digits", ["individual_digits": .bool(true)]), byteLevel(splits: true),
            ])
        case .llama3(let digits):
            sequence([
                split(PreTokenizerReader.llama3Pattern(digits: digits)),
                byteLevel(splits: false),
            ])
        case .whole: .null
        case .metaspace(let metaspace):
            step(
                "Metaspace",
                [
                    "replacement": .string(SpaceMark.text),
                    "prepend_scheme": .string(metaspace.prefix.rawValue),
                    "split": .bool(metaspace.splits),
                ])
        }
    }

    var decoder: JSONValue {
        if isByteLevel { return byteLevel(splits: true) }
        var steps = [replace(SpaceMark.text, by: " ")]
        if hasBytes { steps.append(step("ByteFallback")) }
        steps.append(step("Fuse"))
        if tokenizer.stripsFirstSpace {
            let space: [String: JSONValue] = [
                "content": .string(" "), "start": .integer(1), "stop": .integer(0),
            ]
            steps.append(step("Strip", space))
        }
        return step("Sequence", ["decoders": .array(steps)])
    }

    /// The settings of the model, in the order in which Hugging Face writes them.
    var model: [(key: String, value: JSONValue)] {
        var unknown: JSONValue = .null
        var (fusesUnknown, hasFallback) = (false, false)
        if case .characters(let fallback) = tokenizer.encoder.alphabet {
            let text = fallback.unknown.flatMap { tokenizer.token(for: Int($0)) }
            unknown = text.map { .string($0) } ?? .null
            (fusesUnknown, hasFallback) = (fallback.fusesUnknown, fallback.byteIDs != nil)
        }
        return [
            ("unk_token", unknown), ("continuing_subword_prefix", .null),
            ("end_of_word_suffix", .null), ("fuse_unk", .bool(fusesUnknown)),
            ("byte_fallback", .bool(hasFallback)),
            ("ignore_merges", .bool(tokenizer.encoder.keepsWholeWords)),
        ]
    }

    private var hasBytes: Bool {
        (0..<tokenizer.vocabularySize).contains { tokenizer.vocabulary.kind(of: $0) == .byte }
    }

    private func byteLevel(splits: Bool) -> JSONValue {
        step(
            "ByteLevel",
            [
                "add_prefix_space": .bool(false), "trim_offsets": .bool(true),
                "use_regex": .bool(splits),
            ])
    }

    private func sequence(_ steps: [JSONValue]) -> JSONValue {
        step("Sequence", ["pretokenizers": .array(steps)])
    }

    private func replace(_ old: String, by new: String) -> JSONValue {
        step(
            "Replace",
            ["pattern": .object(["String": .string(old)]), "content": .string(new)])
    }

    private func split(_ pattern: String) -> JSONValue {
        step(
            "Split",
            [
                "behavior": .string("Isolated"), "invert": .bool(false),
                "pattern": .object(["Regex": .string(pattern)]),
            ])
    }

    private func step(_ type: String, _ settings: [String: JSONValue] = [:]) -> JSONValue {
        .object(settings.merging(["type": .string(type)]) { first, _ in first })
    }
}
