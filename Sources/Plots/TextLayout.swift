/// The width of text in the charts' font, near enough to lay things out by.
func textWidth(_ text: String, size: Double = 12.5) -> Double {
    text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x2E80 ? 0.57 : 1.05) } * size
}

/// Text cut with an ellipsis where it would be wider than `width`.
func fitted(_ text: String, into width: Double, size: Double = 12.5) -> String {
    guard textWidth(text, size: size) > width + 0.5 else { return text }
    var result = text
    while !result.isEmpty, textWidth(result + "…", size: size) > width { result.removeLast() }
    return result + "…"
}

/// Text in lines no wider than `width`, broken between words.
func wrapped(_ text: String, into width: Double, size: Double) -> [String] {
    var lines: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
        if let last = lines.last, textWidth("\(last) \(word)", size: size) <= width {
            lines[lines.count - 1] = "\(last) \(word)"
        } else {
            lines.append(String(word))
        }
    }
    return lines.map { fitted($0, into: width, size: size) }
}
