import Foundation

/// How a chart writes its values.
public enum NumberStyle: Sendable, Hashable {
    /// As they are.
    case plain
    /// A share of one, as per cent: 0.552 is "55.2 %".
    case percent
    /// A difference of shares, in percentage points with its sign: 0.142 is "+14.2 pp".
    case difference

    /// A measured value with its unit.
    func value(_ number: Double) -> String { digits(number) + unit }

    /// What follows the digits.
    var unit: String {
        switch self {
        case .plain: ""
        case .percent: "\u{A0}%"
        case .difference: "\u{A0}pp"
        }
    }

    /// A measured value without its unit: three decimals, or one of per cent.
    func digits(_ number: Double) -> String {
        switch self {
        case .plain: fixed(number, decimals: 3)
        case .percent: fixed(number * 100, decimals: 1)
        case .difference: signed(fixed(number * 100, decimals: 1), number)
        }
    }

    /// A measured value without its unit where there is little room: two decimals, or whole per cent.
    func shortDigits(_ number: Double) -> String {
        switch self {
        case .plain: fixed(number, decimals: 2)
        case .percent: fixed(number * 100, decimals: 0)
        case .difference: signed(fixed(number * 100, decimals: 0), number)
        }
    }

    /// A tick's label, with the decimals that tell it from a neighbour `step` away.
    func label(_ tick: Double, step: Double) -> String {
        switch self {
        case .plain: Self.plain(tick, step: step)
        case .percent: Self.plain(tick * 100, step: step * 100) + "\u{A0}%"
        case .difference: signed(Self.plain(tick * 100, step: step * 100), tick - step / 2)
        }
    }

    private func signed(_ text: String, _ number: Double) -> String {
        number > 0 ? "+" + text : text
    }

    private static func plain(_ tick: Double, step: Double) -> String {
        if abs(tick) < step * 1e-6 { return "0" }
        if step < 1e-4 || step >= 1e9 { return scientific(tick) }
        if step >= 1e6 { return fixed(tick / 1e6, decimals: decimals(of: step / 1e6)) + "M" }
        if step >= 1e3 { return fixed(tick / 1e3, decimals: decimals(of: step / 1e3)) + "k" }
        return fixed(tick, decimals: decimals(of: step))
    }

    private static func decimals(of step: Double) -> Int {
        (0...8).first { abs(step * pow(10, Double($0))).isNearlyWhole } ?? 8
    }

    /// Two digits and a power of ten, as in "2.5e-5".
    private static func scientific(_ number: Double) -> String {
        let parts = String(format: "%.1e", number).split(separator: "e")
        let mantissa = parts[0].hasSuffix(".0") ? parts[0].dropLast(2) : parts[0]
        return "\(mantissa)e\(Int(parts[1]) ?? 0)"
    }
}

/// A number with so many decimals and a true minus sign, whatever the locale.
func fixed(_ number: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", number)
    guard text.hasPrefix("-") else { return text }
    let digits = text.dropFirst()
    return digits.allSatisfy { $0 == "0" || $0 == "." } ? String(digits) : "\u{2212}\(digits)"
}

extension Double {
    fileprivate var isNearlyWhole: Bool { abs(self - rounded()) < 1e-6 * Swift.max(1, self) }
}
