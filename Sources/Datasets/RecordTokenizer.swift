import Records

/// Turns the records of one purpose into what its trainer reads.
public protocol RecordTokenizer<Record, Example>: Sendable {
    associatedtype Record: DatasetRecord
    associatedtype Example: TokenizedRecord

    /// Turns text and conversations into ids, and measures images.
    var encoding: any TextEncoding { get }
    /// The most tokens a sequence may have.
    var maxLength: Int { get }
    /// What happens to longer ones.
    var overlong: OverlongPolicy { get }

    /// What a record gives, at full length.
    ///
    /// - Throws: `RecordFault` when the template refuses it or there is nothing to learn.
    func examples(_ record: Record) throws(RecordFault) -> [Example]

    /// The example within `maxLength`.
    ///
    /// - Throws: `RecordFault` when it is too long, or has nothing left to learn when it is cut.
    func fitted(_ example: Example) throws(RecordFault) -> Example
}

/// A record as a trainer reads it.
public protocol TokenizedRecord: Sendable, Hashable {
    /// The record's id, or `line N` where it has none.
    var id: String { get }
    /// Where the record begins in its file, counted from 1.
    var line: Int { get }
    /// What decides on which side of a validation split it falls, when it has no images: records
    /// of one identity stay together.
    var identity: UInt64 { get }
    /// Tokens of its longest sequence: what a maximum length bounds.
    var tokenCount: Int { get }
    /// Training targets among them.
    var labelCount: Int { get }
    /// In the order of their tokens, with rows of the sequence, or of the prompt where there are
    /// answers to it.
    var images: [PlacedImage] { get }
}
