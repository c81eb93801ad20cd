/// Text within the pixels, which no tag takes away.
enum BurnedInText {
    /// Kinds of images whose machines write names and dates into the picture.
    private static let writers: [String: String] = [
        "US": "ultrasound", "IVUS": "intravascular ultrasound", "SC": "secondary capture",
        "XC": "external camera", "ES": "endoscopy", "GM": "microscopy", "OT": "other",
        "XA": "angiography", "RF": "fluoroscopy", "OP": "ophthalmic photography",
        "BDUS": "ultrasound bone densitometry", "ECG": "electrocardiography",
    ]

    /// Why somebody should look at the picture; nil where nothing speaks for text.
    static func warning(about file: DicomFile) -> String? {
        switch file.element(0x0028, 0x0301).map(file.text) {
        case "YES": return "the file says that text is burned into its pixels"
        case "NO": return nil
        default: break
        }
        if isCapture(file) { return "a secondary capture that does not say it holds no text" }
        guard let name = modality(of: file).flatMap({ writers[$0] }) else { return nil }
        return "\(name) that does not say it holds no text"
    }

    /// A code of the standard's list; nil for anything else that may stand there.
    static func modality(of file: DicomFile) -> String? {
        guard let text = file.element(0x0008, 0x0060).map(file.text),
            (2...16).contains(text.count),
            text.allSatisfy({ $0.isASCII && ($0.isUppercase || $0.isNumber) })
        else { return nil }
        return text
    }

    /// By SOP Class: Secondary Capture Image Storage and its relatives.
    private static func isCapture(_ file: DicomFile) -> Bool {
        file.element(0x0008, 0x0016).map(file.text)?.hasPrefix("1.2.840.10008.5.1.4.1.1.7") ?? false
    }
}
