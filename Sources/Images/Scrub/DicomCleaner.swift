/// Applies the profile to data sets, nested ones included.
struct DicomCleaner {
    let file: DicomFile
    var uids: UIDReplacements
    private(set) var report = DicomScrub.Report()

    init(_ file: DicomFile, uids: UIDReplacements) {
        self.file = file
        self.uids = uids
    }

    /// The elements that stay, written anew.
    ///
    /// - Parameter added: Elements of the program's own, which replace those of the file.
    mutating func clean(
        _ elements: [DicomElement], _ encoding: DicomEncoding,
        adding added: [(tag: DicomTag, representation: DicomRepresentation, text: String)] = []
    ) -> [UInt8] {
        var writer = DicomWriter(encoding)
        var waiting = added[...]
        let own = Set(added.map(\.tag))
        for element in elements where !own.contains(element.tag) {
            while let next = waiting.first, next.tag < element.tag {
                writer.write(next.tag, next.representation, text: next.text)
                waiting.removeFirst()
            }
            clean(element, &writer)
        }
        for next in waiting { writer.write(next.tag, next.representation, text: next.text) }
        return writer.bytes
    }

    private mutating func clean(_ element: DicomElement, _ writer: inout DicomWriter) {
        let rule = ConfidentialityProfile.rule(for: element)
        let kind = element.representation ?? (writer.encoding.isImplicit ? nil : .unknown)
        switch rule?.action {
        case .remove:
            if element.tag.isPrivate {
                report.privateAttributes += 1
            } else if element.tag.element != 0 {
                report.removed.insert(rule?.name ?? "")
            }
        case .empty:
            report.emptied.insert(rule?.name ?? "")
            writer.write(element.tag, kind, [])
        case .dummy:
            report.replaced.insert(rule?.name ?? "")
            let known = element.representation.flatMap { $0 == .unknown ? nil : $0 }
            writer.write(
                element.tag, kind,
                DummyValue.bytes(for: known ?? rule?.representation ?? .unknown))
        case .replaceUID:
            report.replaced.insert(rule?.name ?? "")
            let others = file.text(element).split(separator: "\\")
                .map { uids.replacement(for: String($0)) }
            let text = others.joined(separator: "\\")
            writer.write(
                element.tag, kind, Array(text.utf8) + (text.utf8.count % 2 == 0 ? [] : [0]))
        case .keep, nil: keep(element, kind, &writer)
        }
    }

    private mutating func keep(
        _ element: DicomElement, _ kind: DicomRepresentation?, _ writer: inout DicomWriter
    ) {
        guard case .items(let items, let encoding) = element.content else {
            writer.copy(file.bytes[element.range])
            return
        }
        let cleaned = items.map { clean($0, encoding) }
        if encoding == writer.encoding {
            writer.write(element.tag, kind, items: cleaned)
        } else {
            // A sequence of unknown representation is implicit within (PS3.5 6.2.2).
            var inner = DicomWriter(encoding)
            inner.write(element.tag, nil, items: cleaned)
            writer.write(element.tag, kind, Array(inner.bytes.dropFirst(8)))
        }
    }
}

/// Values that mean nothing, one for each representation.
enum DummyValue {
    static func bytes(for representation: DicomRepresentation) -> [UInt8] {
        switch representation.letters {
        case "DA": Array("19000101".utf8)
        case "TM": Array("000000".utf8)
        case "DT": Array("19000101000000".utf8)
        case "AS": Array("000Y".utf8)
        case "DS", "IS": Array("0 ".utf8)
        case "UR": Array("urn:nil ".utf8)
        case "AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UT": Array("ANONYMIZED".utf8)
        case "SQ": []
        case "UL", "SL", "FL", "AT": [0, 0, 0, 0]
        case "FD", "SV", "UV": [0, 0, 0, 0, 0, 0, 0, 0]
        default: [0, 0]
        }
    }
}
