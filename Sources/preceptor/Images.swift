import ArgumentParser

/// `preceptor images`
struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "What image files are, and copies of them without who they show.",
        subcommands: [Deidentify.self, Mapping.self, Render.self, Info.self])
}
