import FileFormats

/// A SentencePiece model of the type BPE: `tokenizer.model` of Llama and its relatives
/// (sentencepiece's `sentencepiece_model.proto`).
struct SentencePieceModel {
    /// `ModelProto.SentencePiece.Type`.
    enum PieceType: UInt64 {
        case normal = 1
        case unknown = 2
        case control = 3
        case userDefined = 4
        case unused = 5
        case byte = 6
    }

    struct Piece {
        var text = ""
        /// Of neighbours that form pieces those of the highest score merge first.
        var score: Float = 0
        var type = PieceType.normal
    }

    /// In the order of their ids.
    private(set) var pieces: [Piece] = []
    private(set) var hasBytes = false
    /// Whether a space is put before every text.
    private(set) var addsPrefix = true
    /// Ids with a role, below 0 where the model has none.
    private(set) var roles = (unk: 0, bos: 1, eos: 2, pad: -1)

    private var type: UInt64 = 1
    private var removesSpaces = true
    private var escapesSpaces = true
    private var marksEnds = false
    private var hasRules = false

    /// - Throws: `TokenizerError` for a file that is damaged, or asks for what is not supported.
    init(_ file: MappedFile) throws(TokenizerError) {
        defer { withExtendedLifetime(file) {} }
        var message = ModelMessage(file.bytes, source: file.path)
        while let (number, value) = try message.next() {
            guard let bytes = value.bytes else { continue }
            switch number {
            case 1: try readPiece(bytes, file.path)
            case 2: try readTraining(bytes, file.path)
            case 3: try readNormalization(bytes, file.path)
            case 5: try readDenormalization(bytes, file.path)
            default: break
            }
        }
        if let reason = unsupported { throw message.fault(reason) }
    }

    /// What of the model this package has no code for.
    private var unsupported: String? {
        if pieces.isEmpty { return "is no SentencePiece model: it has no pieces" }
        if type != 2 { return "a SentencePiece model of another type than BPE is not supported" }
        if removesSpaces { return "removing extra whitespace is not supported" }
        if !escapesSpaces || marksEnds { return "spaces that do not begin words are not supported" }
        if hasRules { return "normalization other than 'identity' is not supported" }
        return nil
    }

    private mutating func readPiece(
        _ bytes: UnsafeRawBufferPointer, _ source: String
    ) throws(TokenizerError) {
        var message = ModelMessage(bytes, source: source, item: "piece \(pieces.count)")
        var piece = Piece()
        while let (number, value) = try message.next() {
            switch number {
            case 1:
                guard let text = value.bytes.flatMap({ String(validating: $0, as: UTF8.self) })
                else { throw message.fault("its text is not valid UTF-8") }
                piece.text = text
            case 2: piece.score = value.float ?? .nan
            case 3:
                guard let type = value.integer.flatMap(PieceType.init) else {
                    throw message.fault("its type is not known")
                }
                piece.type = type
            default: break
            }
        }
        guard !piece.text.isEmpty else { throw message.fault("it has no text") }
        guard piece.score.isFinite else { throw message.fault("its score is not a number") }
        guard piece.type != .unused else { throw message.fault("unused pieces are not supported") }
        pieces.append(piece)
    }

    private mutating func readTraining(
        _ bytes: UnsafeRawBufferPointer, _ source: String
    ) throws(TokenizerError) {
        var message = ModelMessage(bytes, source: source, item: "trainer_spec")
        while let (number, value) = try message.next() {
            guard let integer = value.integer else { continue }
            // Negative numbers are written as 64 bits.
            let id = Int(truncatingIfNeeded: Int64(bitPattern: integer))
            switch number {
            case 3: type = integer
            case 24: marksEnds = integer != 0
            case 35: hasBytes = integer != 0
            case 40: roles.unk = id
            case 41: roles.bos = id
            case 42: roles.eos = id
            case 43: roles.pad = id
            default: break
            }
        }
    }

    private mutating func readNormalization(
        _ bytes: UnsafeRawBufferPointer, _ source: String
    ) throws(TokenizerError) {
        var message = ModelMessage(bytes, source: source, item: "normalizer_spec")
        while let (number, value) = try message.next() {
            switch number {
            case 2, 6: hasRules = hasRules || value.bytes?.isEmpty == false
            case 3: addsPrefix = value.bool ?? true
            case 4: removesSpaces = value.bool ?? true
            case 5: escapesSpaces = value.bool ?? true
            default: break
            }
        }
    }

    private mutating func readDenormalization(
        _ bytes: UnsafeRawBufferPointer, _ source: String
    ) throws(TokenizerError) {
        var message = ModelMessage(bytes, source: source, item: "denormalizer_spec")
        while let (number, value) = try message.next() {
            if number == 2 || number == 6, value.bytes?.isEmpty == false { hasRules = true }
        }
    }
}

/// A message of a model; its faults name the file and the message.
private struct ModelMessage {
    private var reader: ProtobufReader
    private let source: String
    private let item: String?

    init(_ bytes: UnsafeRawBufferPointer, source: String, item: String? = nil) {
        reader = ProtobufReader(bytes)
        (self.source, self.item) = (source, item)
    }

    /// The next field; nil behind the last.
    mutating func next() throws(TokenizerError) -> (number: Int, value: ProtobufReader.Value)? {
        do {
            return try reader.next()
        } catch {
            switch error {
            case .fieldWithoutNumber: throw fault("a field has no number")
            case .unknownKind(let position):
                throw fault("byte \(position) is not one of a SentencePiece model")
            case .longNumber: throw fault("a number is longer than ten bytes")
            case .truncated: throw fault("the file ends inside it")
            }
        }
    }

    func fault(_ reason: String) -> TokenizerError {
        TokenizerError(source: source, item: item, reason: reason)
    }
}
