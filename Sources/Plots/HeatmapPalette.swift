import Foundation

/// The colours of a heatmap: six steps to either side of the page's own, for light and dark pages,
/// each with the ink that is easier to read on it.
enum HeatmapPalette {
    /// Steps to one side.
    static let steps = 6

    /// The step of a value: -6 to 6, or nil where it is not a number.
    static func step(of value: Double, on scale: Heatmap.Scale) -> Int? {
        guard value.isFinite, scale.extent > 0 else { return nil }
        let place = (value - scale.middle) / scale.extent
        return Int((max(-1, min(1, place)) * Double(steps)).rounded())
    }

    /// The class of a step: `n6` to `n1`, `p0` to `p6`.
    static func name(_ step: Int) -> String { step < 0 ? "n\(-step)" : "p\(step)" }

    /// Rules for all steps, beside those of every chart.
    static let sheet: String = {
        let shapes = ".pl .u{fill:none;stroke-width:2}.pl .k{font-size:10.5px}"
        let day = rules(Page.light)
        return shapes + day + "@media(prefers-color-scheme:dark){\(rules(Page.dark))}"
    }()

    /// The colour of a step and the ink on it.
    static func colours(_ step: Int, _ page: Page) -> (fill: RGB, ink: RGB) {
        let end = step < 0 ? page.negative : page.positive
        let fill = page.middle.mixed(with: end, share: Double(abs(step)) / Double(steps))
        let inks = [RGB(0x000000), RGB(0xffffff)]
        let ink = inks.max { fill.contrast($0) < fill.contrast($1) } ?? inks[0]
        return (fill, ink)
    }

    private static func rules(_ page: Page) -> String {
        let cells = (-steps...steps).map { step in
            let (fill, ink) = colours(step, page)
            let name = name(step)
            return ".pl rect.\(name){fill:\(fill.text)}.pl text.\(name){fill:\(ink.text)}"
        }
        return cells.joined() + ".pl rect.x{fill:none;stroke:\(page.line.text)}"
            + ".pl .u{stroke:\(page.mark.text)}"
    }

    /// What a page looks like, and the ends of the scale on it.
    struct Page {
        let middle: RGB
        let negative: RGB
        let positive: RGB
        let line: RGB
        let mark: RGB

        static let light = Page(
            middle: RGB(0xf1f3f5), negative: RGB(0xb84e00), positive: RGB(0x005f96),
            line: RGB(0xe4e7eb), mark: RGB(0x1b1f24))
        static let dark = Page(
            middle: RGB(0x262b32), negative: RGB(0xf6a06a), positive: RGB(0x6ec1f0),
            line: RGB(0x2d333b), mark: RGB(0xe8eaed))
    }

    /// A colour of three bytes.
    struct RGB {
        private let parts: [Double]

        init(_ code: Int) { parts = [16, 8, 0].map { Double(code >> $0 & 255) } }

        private init(parts: [Double]) { self.parts = parts }

        var text: String {
            "#" + parts.map { String(format: "%02x", Int($0.rounded())) }.joined()
        }

        func mixed(with other: RGB, share: Double) -> RGB {
            RGB(parts: zip(parts, other.parts).map { $0 + ($1 - $0) * share })
        }

        /// WCAG 2.2's contrast ratio, from 1 to 21.
        func contrast(_ other: RGB) -> Double {
            let (a, b) = (luminance, other.luminance)
            return (max(a, b) + 0.05) / (min(a, b) + 0.05)
        }

        private var luminance: Double {
            let linear = parts.map { part -> Double in
                let share = part / 255
                return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        }
    }
}
