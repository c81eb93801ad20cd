import Foundation
import Statistics

/// A share of one as "55.2 %".
func percent(_ share: Double) -> String { "\(decimal(share * 100, 1)) %" }

/// "49.0 to 61.1 %".
func percentRange(_ interval: Interval) -> String {
    "\(decimal(interval.lower * 100, 1)) to \(percent(interval.upper))"
}

/// A difference of shares as "+14.2 pp".
func points(_ difference: Double) -> String { "\(signed(difference)) pp" }

/// "+4.0 to +24.1 pp".
func pointRange(_ interval: Interval) -> String {
    "\(signed(interval.lower)) to \(points(interval.upper))"
}

/// "p = 0.012", or "p < 0.001".
func probability(_ p: Double) -> String {
    p < 0.001 ? "p < 0.001" : "p = \(decimal(p, 3))"
}

/// A number with so many decimals, whatever the locale; never "-0".
func decimal(_ number: Double, _ decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", number)
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero ? text.replacing("-", with: "") : text
}

/// The same, with all digits where two do not say which number it is: two that differ read
/// differently.
func distinctDecimal(_ number: Double) -> String {
    let text = decimal(number, 2)
    return Double(text) == number ? text : "\(number)"
}

private func signed(_ difference: Double) -> String {
    let text = decimal(difference * 100, 1)
    return text.hasPrefix("-") || Double(text) == 0 ? text : "+" + text
}
