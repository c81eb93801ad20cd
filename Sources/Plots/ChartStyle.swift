/// The looks of every chart, in plain rules without variables so that viewers other than browsers
/// draw them too.
enum ChartStyle {
    /// How many series have a colour of their own; further ones start over.
    static let colours = light.count

    /// The class of the series at an index: colours are those of Okabe and Ito (2008), which
    /// people who see fewer colours can still tell apart.
    static func series(_ index: Int) -> String { "s\(index % colours)" }

    /// The class of a filled mark of the series at an index.
    static func dot(_ index: Int) -> String { "d\(index % colours)" }

    static let sheet: String = {
        let base = """
            .pl{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,\
            sans-serif;font-size:12.5px;font-variant-numeric:tabular-nums}\
            .pl .o{stroke-width:4px;stroke-linejoin:round;paint-order:stroke}\
            .pl .h{font-size:15px;font-weight:600}.pl .e{text-anchor:end}\
            .pl .m{text-anchor:middle}.pl .b{font-weight:600}\
            .pl .g{stroke-width:1}.pl .r{stroke-width:1.25;stroke-dasharray:4 4}\
            .pl .l{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}\
            .pl .f{stroke-width:1.25;stroke-opacity:.38}.pl .w{stroke-width:2.5}
            """
        let day = rules(
            ink: "#1b1f24",
            muted: "#5b6470",
            grid: "#e4e7eb",
            surface: "#ffffff",
            series: light
        )
        let night = rules(
            ink: "#e8eaed",
            muted: "#a0a8b3",
            grid: "#2d333b",
            surface: "#16191e",
            series: dark
        )
        return base + day + "@media(prefers-color-scheme:dark){\(night)}"
    }()

    private static let light = [
        "#0072b2", "#d55e00", "#00805d", "#a8558a", "#6b7280", "#9a6700",
    ]
    private static let dark = [
        "#56b4e9", "#f28a4a", "#35c79e", "#e39bc6", "#9aa4b2", "#e6b84a",
    ]

    private static func rules(
        ink: String,
        muted: String,
        grid: String,
        surface: String,
        series: [String]
    ) -> String {
        let colours = series.enumerated().map { index, colour in
            ".pl .s\(index){stroke:\(colour)}.pl .d\(index){fill:\(colour);stroke:\(surface)}"
        }
        return
            ".pl text{fill:\(ink)}.pl .q{fill:\(muted)}.pl .bg{fill:\(surface)}"
            + ".pl .o{stroke:\(surface)}.pl .g{stroke:\(grid)}.pl .r{stroke:\(muted)}"
            + colours.joined()
    }
}
