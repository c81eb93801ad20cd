/// Comma-separated values (RFC 4180) that a spreadsheet does not run as formulas.
enum CSVWriter {
    /// The rows, each ended by CRLF, every cell in quotes.
    static func text(_ rows: [[String]]) -> String {
        rows.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
    }

    /// A text that begins like a formula gets an apostrophe in front
    /// (https://owasp.org/www-community/attacks/CSV_Injection).
    private static func cell(_ text: String) -> String {
        let first = text.unicodeScalars.first
        let isFormula = first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
