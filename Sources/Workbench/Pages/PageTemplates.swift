import Mustache

/// The templates, compiled into the program.
struct PageTemplates: Sendable {
    private let library: MustacheLibrary

    /// - Throws: What the parser says of a malformed template.
    init() throws {
        var library = MustacheLibrary()
        for (name, bytes) in Self.sources {
            try library.register(String(decoding: bytes, as: UTF8.self), named: name)
        }
        self.library = library
    }

    /// A page's HTML; every value is escaped. Nil where there is no such template.
    func render(_ name: String, _ values: [String: String] = [:]) -> String? {
        library.render(values, withTemplate: name)
    }

    /// By name; `Resources/templates` has no others.
    static let sources: [String: [UInt8]] = [
        "account": PackageResources.account_mustache,
        "accounts": PackageResources.accounts_mustache,
        "agreement": PackageResources.agreement_mustache,
        "arena": PackageResources.arena_mustache,
        "ask": PackageResources.ask_mustache,
        "audit": PackageResources.audit_mustache,
        "case": PackageResources.case_mustache,
        "cases": PackageResources.cases_mustache,
        "door": PackageResources.door_mustache,
        "error": PackageResources.error_mustache,
        "layout": PackageResources.layout_mustache,
        "login": PackageResources.login_mustache,
        "overview": PackageResources.overview_mustache,
        "queue": PackageResources.queue_mustache,
        "rank": PackageResources.rank_mustache,
        "setup": PackageResources.setup_mustache,
        "updates": PackageResources.updates_mustache,
        "versions": PackageResources.versions_mustache,
    ]
}
