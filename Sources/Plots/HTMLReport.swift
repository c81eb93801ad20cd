/// A page that stands alone: one HTML file, its styles and pictures inside.
///
/// It refers to nothing outside. All text is escaped; no markup can be passed in.
public struct HTMLReport: Sendable {
    /// A heading and what stands below it.
    public struct Section: Sendable {
        public var title: String
        public var blocks: [ReportBlock]

        public init(_ title: String, _ blocks: [ReportBlock]) {
            self.title = title
            self.blocks = blocks
        }
    }

    public var title: String
    /// One sentence under the title: what was done and what came of it.
    public var lead: String
    public var sections: [Section]
    /// Where the page came from: program, command, date.
    public var footer: String

    public init(title: String, lead: String, sections: [Section] = [], footer: String) {
        self.title = title
        self.lead = lead
        self.sections = sections
        self.footer = footer
    }

    /// The whole page, in UTF-8 and in the XML syntax of HTML.
    public func html() -> String {
        """
        <!DOCTYPE html>
        <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>\(escaped(title))</title>
        <style>\(ReportStyle.sheet)</style>
        </head>
        <body>
        <main>
        <header><h1>\(escaped(title))</h1>
        <p class="lead">\(escaped(lead))</p></header>
        \(sections.map(markup).joined(separator: "\n"))
        </main>
        <footer>\(escaped(footer))</footer>
        </body>
        </html>

        """
    }

    private func markup(of section: Section) -> String {
        """
        <section>
        <h2>\(escaped(section.title))</h2>
        \(section.blocks.map(\.markup).joined(separator: "\n"))
        </section>
        """
    }
}
