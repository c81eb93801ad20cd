import Feedback
import Hummingbird
import Logging
import Web

/// The workbench's web side: every route over the store and the services. Starts no server, so
/// that tests work without sockets.
package struct WorkbenchApplication: Sendable {
    let table: RouteTable<Access>
    let services: WorkbenchServices
    let settings: WorkbenchSettings
    private let sessions: Sessions
    private let pages: PagesController

    /// - Throws: `PasswordFault` where scrypt finds no memory, or what is wrong with a template.
    package init(services: WorkbenchServices, settings: WorkbenchSettings) throws {
        self.services = services
        self.settings = settings
        sessions = Sessions(
            accounts: services.store.accounts,
            hasher: try PasswordHasher(logRounds: settings.passwordLogRounds),
            throttle: LoginThrottle(), idleLimit: settings.idleLimit,
            sessionLimit: settings.sessionLimit, now: services.store.database.now)
        pages = PagesController(templates: try PageTemplates())
        let described = Self.routes(services, settings.binding, sessions)
        table = RouteTable(routes: described + [Self.description(described)])
    }

    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Parameter onStart: Called with the port once connections are accepted.
    /// - Throws: As `WebServer.run`.
    package func serve(
        logger: Logger, onStart: @escaping @Sendable (Int) async -> Void
    ) async throws {
        let server = WebServer(binding: settings.binding, logger: logger) { router() }
        try await server.run(onStart: onStart)
    }

    /// What answers requests.
    func router() -> Router<WorkbenchContext> {
        let router = Router(context: WorkbenchContext.self)
        let binding = settings.binding
        router.addMiddleware {
            SecurityHeadersMiddleware(isSecure: binding.isSecure)
            ErrorMiddleware { refusal, request in pages.missing(refusal, request) }
            HostMiddleware(
                rule: HostRule(hosts: binding.hosts),
                isBehindProxy: binding.transport == .behindProxy)
            AuthenticationMiddleware(sessions: sessions)
        }
        table.register(in: router)
        StaticFilesController().register(in: router)
        pages.register(in: router)
        return router
    }

    private static func routes(
        _ services: WorkbenchServices, _ binding: BindingPolicy, _ sessions: Sessions
    ) -> [APIRoute] {
        let store = services.store
        let address = ClientAddress(isBehindProxy: binding.transport == .behindProxy)
        let cookie = SessionCookie(isSecure: binding.isSecure)
        let (sampling, updates) = (services.sampling, services.updates)
        let all: [[APIRoute]] = [
            SessionController(
                accounts: store.accounts, sessions: sessions, cookie: cookie, address: address
            ).routes,
            PasswordController(sessions: sessions, address: address).routes,
            AccountsController(accounts: store.accounts, hasher: sessions.hasher).routes,
            CasesController(cases: store.cases, samplings: store.samplings).routes,
            ImagesController(
                folder: store.images, renderer: services.images, audit: store.audit
            ).routes,
            OverlaysController(service: services.overlays).routes,
            SamplingsController(
                samplings: store.samplings, service: sampling, sessions: sessions
            ).routes,
            RankingController(store: store, updates: updates).routes,
            MathematicsController(service: services.mathematics).routes,
            DraftsController(drafts: store.drafts).routes,
            AskController(store: store, sampling: sampling, updates: updates).routes,
            ArenaController(duels: store.duels, service: sampling).routes,
            VersionsController(versions: store.versions, datasets: store.datasets).routes,
            UpdatesController(jobs: store.jobs, service: updates, sessions: sessions).routes,
            AgreementController(store: store).routes,
            ExchangeController(store: store).routes,
            OverviewController(store: store, updates: updates).routes,
            AuditController(audit: store.audit).routes,
            HealthController(cases: store.cases).routes,
        ]
        return all.flatMap { $0 }
    }

    /// The route that describes the others.
    private static func description(_ routes: [APIRoute]) -> APIRoute {
        let document = OpenAPIDocument(title: "Preceptor workbench", routes: routes).json
        return .get("/openapi.json", .anyone, "This description") { _ in document }
    }
}
