import Foundation
import Hummingbird
import Web

/// Serves the pages. One that needs a log-in leads there and back.
struct PagesController: Sendable {
    let templates: PageTemplates

    func register(in router: Router<WorkbenchContext>) {
        for page in Page.all {
            router.on(RouterPath(page.path), method: .get) { request, context in
                answer(page, request, context)
            }
            router.on(RouterPath(page.path), method: .head) { request, context in
                answer(page, request, context).createHeadResponse()
            }
        }
    }

    private func answer(
        _ page: Page, _ request: Request, _ context: WorkbenchContext
    ) -> Response {
        let isLoggedIn = context.login != nil
        if page.isDoor, isLoggedIn { return .redirect(to: "/", type: .normal) }
        if !page.isDoor, !isLoggedIn {
            return .redirect(to: "/login?next=\(Self.encoded(request.uri.string))", type: .normal)
        }
        return html(page.template) ?? Response(status: .notFound)
    }

    /// A template's reply; nil where there is none.
    func html(
        _ template: String, _ values: [String: String] = [:],
        status: HTTPResponse.Status = .ok
    ) -> Response? {
        templates.render(template, values).map { text in
            Response(
                status: status, headers: [.contentType: "text/html; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
    }

    /// A page for a person who came to an address that does not exist.
    func missing(_ refusal: APIError, _ request: Request) -> Response? {
        guard refusal.status == .notFound, request.method == .get,
            !request.uri.path.hasPrefix("/api/"), !request.uri.path.hasPrefix("/static/"),
            request.headers[.accept]?.contains("text/html") == true
        else { return nil }
        return html("error", ["title": "Not found", "message": refusal.message], status: .notFound)
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
