import Datasets
import Foundation
import Records
import Testing

/// A record on line 7.
func source(_ json: String) throws -> RecordSource {
    let value = try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
    return RecordSource(line: 7, columns: try #require(value.object))
}

/// Why this is no record of the kind; nil when it is one.
func fault<Record: DatasetRecord>(of json: String, as _: Record.Type) throws -> RecordFault? {
    do {
        _ = try Record(source(json))
        return nil
    } catch let fault as RecordFault {
        return fault
    }
}

func user(_ content: String) -> Message { Message(role: "user", content: content) }

func assistant(_ content: String) -> Message { Message(role: "assistant", content: content) }
