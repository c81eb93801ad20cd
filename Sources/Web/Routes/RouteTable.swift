import Hummingbird

/// Registers routes and guards them.
package struct RouteTable<Access: RouteAccess>: Sendable {
    package let routes: [Route<Access>]

    package init(routes: [Route<Access>]) {
        self.routes = routes
    }

    /// Adds every route to a router, HEAD for those that read, and to every path a reply of 405
    /// for other methods.
    package func register(in router: Router<Access.Context>) {
        for route in routes {
            router.on(route.routerPath, method: route.method) { request, context in
                try await Self.answer(request, context, route)
            }
            guard route.hasHead else { continue }
            router.on(route.routerPath, method: .head) { request, context in
                try await Self.answer(request, context, route).createHeadResponse()
            }
        }
        for group in Dictionary(grouping: routes, by: \.path).values {
            refuseOtherMethods(group, in: router)
        }
    }

    private static func answer(
        _ request: Request, _ context: Access.Context, _ route: Route<Access>
    ) async throws -> Response {
        try route.access.check(request, context)
        let query = try RequestQuery(request.uri.query ?? "", fields: route.query)
        return try await route.handler(RouteCall(request: request, context: context, query: query))
    }

    private func refuseOtherMethods(
        _ group: [Route<Access>], in router: Router<Access.Context>
    ) {
        guard let path = group.first?.routerPath else { return }
        let heads = group.contains(where: \.hasHead) ? [HTTPRequest.Method.head] : []
        let allowed = Set(group.map(\.method) + heads)
        let allow = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        for method in Self.methods where !allowed.contains(method) {
            router.on(path, method: method) { _, _ -> Response in
                var response = APIError(
                    .methodNotAllowed, "method", "This address knows \(allow) only."
                ).reply()
                response.headers[.allow] = allow
                return response
            }
        }
    }

    private static var methods: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .patch, .delete, .options, .trace]
    }
}

extension Route {
    /// A stream of events has no length to tell beforehand.
    fileprivate var hasHead: Bool {
        if case .events = reply { return false }
        return method == .get
    }
}
