/// The basic profile of PS3.15 annex E: what becomes of each attribute.
enum ConfidentialityProfile {
    enum Action: Character {
        case remove = "X"
        case empty = "Z"
        /// A made-up value.
        case dummy = "D"
        /// Another UID, the same for the same.
        case replaceUID = "U"
        /// The sequence stays and is looked through.
        case keep = "K"
    }

    struct Rule {
        let action: Action
        let representation: DicomRepresentation
        let name: String
    }

    /// Table E.1-1 as `Scripts/reference/dicom_profile.py` writes it.
    private static let rules: [DicomTag: Rule] = {
        let text = String(decoding: PackageResources.confidentiality_txt, as: UTF8.self)
        let pairs = text.split(separator: "\n").compactMap { line -> (DicomTag, Rule)? in
            let parts = line.split(separator: " ", maxSplits: 3)
            guard parts.count == 4, let tag = Int(parts[0], radix: 16),
                let action = parts[1].first.flatMap(Action.init)
            else { return nil }
            let rule = Rule(
                action: action, representation: DicomRepresentation(String(parts[2])),
                name: String(parts[3]))
            return (DicomTag(tag >> 16, tag & 0xFFFF), rule)
        }
        return Dictionary(pairs) { first, _ in first }
    }()

    static var count: Int { rules.count }

    /// nil for what stays as it is.
    static func rule(for element: DicomElement) -> Rule? {
        let tag = element.tag
        let kind = element.representation ?? .unknown
        func removed(_ name: String) -> Rule {
            Rule(action: .remove, representation: kind, name: name)
        }
        if tag.isPrivate { return removed("Private Attributes") }
        // Retired, and wrong behind anything that was removed.
        if tag.element == 0 { return removed("Group Length") }
        switch (tag.group & 0xFF00, tag.element) {
        case (0x5000, _): return removed("Curve Data")
        case (0x6000, 0x3000): return removed("Overlay Data")
        case (0x6000, 0x4000): return removed("Overlay Comments")
        default: break
        }
        if let rule = rules[tag] { return rule }
        // Names of persons that came into the standard after the table.
        return kind.letters == "PN" ? removed("Person Name \(tag)") : nil
    }
}
