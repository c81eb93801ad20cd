import Answers

/// The eight imaging modalities of OmniMedVQA's published splits.
///
/// Sources: Hu et al., "OmniMedVQA" (2024); Lai et al., "Med-R1" (2025).
public enum ImagingModality: String, Sendable, Hashable, Codable, CaseIterable {
    case ct = "CT"
    case mri = "MRI"
    case xray = "X-ray"
    case ultrasound = "Ultrasound"
    case dermoscopy = "Dermoscopy"
    case fundus = "Fundus photography"
    case oct = "OCT"
    case microscopy = "Microscopy"

    /// The modality that a column, a file's name or an option means: `CT(Computed
    /// Tomography)_test`, `MR (Mag-netic Resonance Imaging)`. Nil where none is named, or several.
    public init?(named text: String) {
        let found = Set(Self.allCases.filter { $0.isNamed(in: TextWords(text).words) })
        // An OCT's full name holds the word tomography, an OCT of a fundus is an OCT.
        let known = found.contains(.oct) ? [.oct] : found
        guard known.count == 1, let modality = known.first else { return nil }
        self = modality
    }

    /// Whole words, or beginnings where they end with a hyphen.
    private var names: [[String]] {
        switch self {
        case .ct: [["ct"], ["computed", "tomography"], ["computerized", "tomography"]]
        case .mri: [["mri"], ["mr"], ["magnetic", "resonance"]]
        case .xray: [["xray"], ["x", "ray"], ["radiograph-"]]
        case .ultrasound: [["ultrasound"], ["ultrasonograph-"], ["sonogra-"]]
        case .dermoscopy: [["dermoscop-"], ["dermatoscop-"]]
        case .fundus: [["fundus"]]
        case .oct: [["oct"], ["optical", "coherence"]]
        case .microscopy: [["microscop-"], ["histopatholog-"]]
        }
    }

    private func isNamed(in words: [String]) -> Bool {
        names.contains { name in
            words.indices.contains { start in
                words.count - start >= name.count
                    && zip(name, words[start...]).allSatisfy(Self.matches)
            }
        }
    }

    private static func matches(_ pattern: String, _ word: String) -> Bool {
        pattern.hasSuffix("-") ? word.hasPrefix(pattern.dropLast()) : word == pattern
    }
}

/// A text as lower-case words of letters and digits; a hyphen within a word joins its parts.
struct TextWords: Hashable {
    let words: [String]

    init(_ text: String) {
        var words: [String] = []
        var word = ""
        let scalars = Array(text.lowercased().unicodeScalars)
        for (place, scalar) in scalars.enumerated() {
            let isPart = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            if isPart {
                word.unicodeScalars.append(scalar)
            } else if scalar != "-" || word.isEmpty || place + 1 == scalars.count {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
        }
        self.words = word.isEmpty ? words : words + [word]
    }

    /// The words between spaces.
    var joined: String { words.joined(separator: " ") }
}
