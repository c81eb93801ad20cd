/// The structure of a DICOM file (PS3.10): where its elements lie.
///
/// A value is read only where one of the accessors is asked for it by tag, and the program asks
/// for none that describes a patient.
struct DicomFile: Sendable {
    let bytes: [UInt8]
    let syntax: TransferSyntax
    /// Group 2, always explicit and little endian.
    let meta: [DicomElement]
    let elements: [DicomElement]

    /// - Throws: `.truncated`, `.corrupt`, `.tooLarge`, `.unsupported` for a transfer syntax.
    init(_ bytes: [UInt8]) throws(ImageProblem) {
        guard try ImageFormat(of: bytes) == .dicom else { throw .unknownFormat(nil) }
        var parser = DicomParser(bytes)
        let start = 132
        let head = try parser.elements(in: start..<bytes.count, .explicit, onlyGroup: 2)
        let text = head.elements.first { $0.tag == DicomTag(0x0002, 0x0010) }
            .map { Self.text(of: bytes[$0.value]) }
        guard let text else { throw .corrupt("no transfer syntax") }
        guard let syntax = TransferSyntax(rawValue: text) else {
            let isUID = text.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
            throw .unsupported("transfer syntax \(isUID ? text : "that is no UID")")
        }
        self.bytes = bytes
        self.syntax = syntax
        meta = head.elements
        elements = try parser.elements(in: head.end..<bytes.count, syntax.encoding).elements
    }

    func element(_ group: Int, _ element: Int) -> DicomElement? {
        let tag = DicomTag(group, element)
        return elements.first { $0.tag == tag }
    }

    /// Text without the padding at its end.
    func text(_ element: DicomElement) -> String { Self.text(of: bytes[element.value]) }

    private static func text(of value: ArraySlice<UInt8>) -> String {
        String(decoding: value, as: UTF8.self).trimmedEnd
    }
}

extension StringProtocol {
    /// Without spaces and zeros at the end, with which DICOM makes lengths even.
    fileprivate var trimmedEnd: String {
        var text = String(self)
        while let last = text.unicodeScalars.last, last == " " || last == "\0" {
            text.unicodeScalars.removeLast()
        }
        return text
    }
}
