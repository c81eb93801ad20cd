import FileFormats
import Foundation
import Testing

/// Damages a small file in every place and opens what is left.
struct Corruption {
    let original: [UInt8]
    let url: URL
    /// Opens the damaged file and touches all data that it claims to have.
    let open: (URL) throws(FormatError) -> Void

    /// Cuts the file at every byte; it may only open where nothing but `padding` bytes are lost.
    func truncateEverywhere(padding: Int = 0) throws {
        for count in original.indices {
            try Data(original[..<count]).write(to: url)
            if count >= original.count - padding {
                try open(url)
            } else {
                #expect(throws: FormatError.self, "cut at \(count)") { try open(url) }
            }
        }
    }

    /// Changes every byte in several ways: each file opens or gives a `FormatError`.
    ///
    /// What would fail here is a crash.
    func flipEverywhere(in range: Range<Int>) throws {
        for index in range {
            for mask: UInt8 in [0x01, 0x80, 0x40, 0xFF, 0x10] {
                var bytes = original
                bytes[index] ^= mask
                try Data(bytes).write(to: url)
                try? open(url)
            }
        }
    }
}
