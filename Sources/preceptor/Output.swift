import Foundation
import Records

/// Text to the two standard streams, unbuffered.
enum Output {
    static func print(_ text: String, terminator: String = "\n") {
        FileHandle.standardOutput.write(Data((text + terminator).utf8))
    }

    /// A remark that is not part of the result.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    /// A value as JSON, keys sorted.
    static func json(_ value: some Encodable) throws {
        print(String(decoding: try JSONEncoder.pretty.encode(value), as: UTF8.self))
    }
}
