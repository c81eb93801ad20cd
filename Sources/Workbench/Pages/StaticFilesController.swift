import Hummingbird
import Web

/// Serves scripts, styles and pictures, to everybody: they hold nothing of anybody.
struct StaticFilesController: Sendable {
    private let files: [String: StaticFile]

    init(_ sources: [String: [UInt8]] = StaticFiles.sources) {
        files = Dictionary(
            uniqueKeysWithValues: sources.map { name, bytes in
                (name, StaticFile(name: name, bytes: bytes))
            })
    }

    func register(in router: Router<WorkbenchContext>) {
        router.get("/static/:name") { request, context in
            try file(context).response(to: request)
        }
        router.head("/static/:name") { request, context in
            try file(context).response(to: request).createHeadResponse()
        }
    }

    private func file(_ context: WorkbenchContext) throws(APIError) -> StaticFile {
        guard let file = files[context.parameters.get("name") ?? ""] else {
            throw .notFound("such file")
        }
        return file
    }
}
