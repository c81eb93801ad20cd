import ArgumentParser
import Generation
import Serving

/// `preceptor engine`
struct Engine: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve a model to another program: JSON Lines on standard input and output.",
        discussion: """
            The workbench runs it as a process of its own, so that a model that fails does not end \
            the server. Requests are sample, score, judge, explain and cancel; it ends with its \
            input.
            """)

    @OptionGroup var model: ModelOptions

    func validate() throws {
        if model.adapter != nil {
            throw ValidationError("--adapter: requests name their adapters themselves")
        }
    }

    func run() throws {
        EngineLoop(ModelService(try model.load())).run(model: model.model)
    }
}
