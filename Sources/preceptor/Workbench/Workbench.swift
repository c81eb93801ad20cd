import ArgumentParser
import Feedback
import Foundation
import Images
import Logging
import Web
import Workbench

/// `preceptor workbench`
struct WorkbenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workbench",
        abstract: "Teach a model in the browser: sample, rank, edit, train, promote.",
        discussion: """
            Opens a web application on this machine. The first start prints a link by which the \
            administrator's account is made. Everything is kept in --data: one database and the \
            trained versions. Documentation/Workbench.md explains it all.
            """)

    @Option(help: "The folder of the database and the trained versions.")
    var data = "runs/workbench"

    @Option(help: "smollm2-135m, a GGUF file, or a Hugging Face folder.")
    var model = ModelLocator.defaultName

    @Option(help: "The port to listen on.")
    var port = 8080

    @OptionGroup(title: "Learning") var learning: LearningOptions
    @OptionGroup(title: "Sharing") var sharing: SharingOptions

    func validate() throws {
        if learning.retrainThreshold < 1 {
            throw ValidationError("--retrain-threshold must be 1 or more")
        }
        if !(0..<1).contains(learning.agreementLevel) {
            throw ValidationError("--agreement-level must be at least 0 and below 1")
        }
    }

    func run() async throws {
        _ = try ModelLocator.locate(model)
        let folder = URL(filePath: data)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lock = try FileLock(folder.appending(path: "lock"))
        guard lock.take(seconds: 2) else { throw DataFolderInUse(folder: folder.path) }
        defer { withExtendedLifetime(lock) {} }
        let store = FeedbackStore(
            try FeedbackDatabase.open(folder.appending(path: "workbench.sqlite")),
            images: ImageFolder(folder.appending(path: "images")))
        let hasAccounts = try await store.accounts.all().contains {
            $0.role == .administrator && !$0.disabled
        }
        let binding = try BindingPolicy(sharing.options(port: port), hasAccounts: hasAccounts)
        try await serve(store, binding, folder)
    }

    private func serve(_ store: FeedbackStore, _ binding: BindingPolicy, _ folder: URL) async throws
    {
        _ = try await store.versions.ensureBase(model: model)
        let program = Bundle.main.executablePath ?? CommandLine.arguments[0]
        let engine = EngineClient(
            EngineSettings(program: program, arguments: ["engine", "--model", model]))
        let sampling = SamplingService(store: store, engine: engine)
        var settings = UpdateSettings(program: program, model: model, folder: folder)
        settings.retrainThreshold = learning.retrainThreshold
        settings.automatic = learning.autoRetrain
        settings.agreementLevel = learning.agreementLevel
        let updates = UpdateService(store: store, engine: engine, settings: settings)
        try await sampling.start()
        try await updates.start()
        await engine.start()
        let application = try WorkbenchApplication(
            services: WorkbenchServices(
                store: store, sampling: sampling, updates: updates,
                mathematics: MathematicsService(store: store, engine: engine),
                images: CaseImageRenderer(
                    key: ProjectKey(keptIn: folder.appending(path: "deidentification.key").path)),
                overlays: OverlayService(store: store, engine: engine)),
            settings: WorkbenchSettings(binding: binding))
        do {
            try await application.serve(logger: Logger(label: "preceptor.workbench")) { port in
                await Self.announce(store, binding, port: port)
            }
        } catch {
            await Self.end(engine, sampling, updates)
            throw error
        }
        await Self.end(engine, sampling, updates)
    }

    /// Tells where it is, and at the first start how to make an account.
    private static func announce(
        _ store: FeedbackStore, _ binding: BindingPolicy, port: Int
    ) async {
        let origin = binding.origin(port: port)
        Output.print("the workbench is at \(origin)")
        do {
            if let link = try await SetupLink.issue(store.accounts, origin: origin) {
                Output.print("make the administrator's account (this link works once): \(link)")
            }
        } catch {
            Output.note("no set-up link: \(error)")
        }
    }

    private static func end(
        _ engine: EngineClient, _ sampling: SamplingService, _ updates: UpdateService
    ) async {
        await sampling.shutdown()
        await updates.shutdown()
        await engine.shutdown()
    }
}

/// Another workbench is at work in the folder.
struct DataFolderInUse: Error, CustomStringConvertible {
    let folder: String
    var description: String { "\(folder): another workbench is at work there" }
}

/// When judgements become a version.
struct LearningOptions: ParsableArguments {
    @Option(help: "Judgements after which a training starts by itself.")
    var retrainThreshold = 20

    @Flag(
        inversion: .prefixedNo, exclusivity: .exclusive,
        help: "Whether trainings start by themselves.")
    var autoRetrain = true

    @Option(help: "The share of raters that must agree on a pair for it to be learnt, exclusive.")
    var agreementLevel = 0.5
}

/// Who else may reach the workbench.
struct SharingOptions: ParsableArguments {
    @Option(help: "Listen on this address too, for instance 0.0.0.0. Needs accounts and TLS.")
    var share: String?

    @Option(help: "A name under which people reach it; may be given several times.")
    var hostName: [String] = []

    @Option(help: "The certificate chain, PEM.")
    var tlsCertificate: String?

    @Option(help: "The certificate's private key, PEM.")
    var tlsKey: String?

    @Flag(help: "A reverse proxy on this network ends TLS.")
    var behindProxy = false

    func options(port: Int) -> BindingPolicy.Options {
        var options = BindingPolicy.Options()
        options.share = share
        options.port = port
        options.certificate = tlsCertificate
        options.key = tlsKey
        options.behindProxy = behindProxy
        options.names = hostName
        return options
    }
}
