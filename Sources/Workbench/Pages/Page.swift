/// The pages of the workbench. They hold no data: that comes from the API.
struct Page: Sendable {
    let path: String
    /// The name of its template.
    let template: String
    /// Whether it is for people who are not logged in.
    var isDoor = false

    static let all: [Page] = [
        Page(path: "/", template: "overview"),
        Page(path: "/cases", template: "cases"),
        Page(path: "/cases/:id", template: "case"),
        Page(path: "/rank", template: "queue"),
        Page(path: "/rank/:id", template: "rank"),
        Page(path: "/ask", template: "ask"),
        Page(path: "/arena", template: "arena"),
        Page(path: "/updates", template: "updates"),
        Page(path: "/versions", template: "versions"),
        Page(path: "/agreement", template: "agreement"),
        Page(path: "/account", template: "account"),
        Page(path: "/accounts", template: "accounts"),
        Page(path: "/audit", template: "audit"),
        Page(path: "/login", template: "login", isDoor: true),
        Page(path: "/setup", template: "setup", isDoor: true),
    ]
}
